namespace FlowDsl.Generators;

/// <summary>A model with the text of the file that it names, and of no other: other files may change without a new run.</summary>
/// <param name="Spec">The model.</param>
/// <param name="FileText">The text; null where none is named or it is not found.</param>
/// <param name="Issue">Why the file is not found.</param>
internal sealed record ModelInput(ModelSpec Spec, string? FileText, Issue? Issue)
{
    private const int ListedFiles = 10;

    public static ModelInput Find(ModelSpec spec, EquatableArray<MixtureFile> files)
    {
        if (spec.File is null) return new ModelInput(spec, null, null);
        string name = MixtureFile.Normalize(spec.File);
        if (name.StartsWith("./", StringComparison.Ordinal)) name = name.Substring(2);

        MixtureFile[] matches = name.Length == 0 ? [] : files.Where(file => file.IsNamed(name)).ToArray();
        return matches.Length switch
        {
            1 when matches[0].Text is { } text => new ModelInput(spec, text, null),
            1 => NotFound(spec, "cannot be opened; is it still at " + matches[0].Path),
            0 => NotFound(spec, "is not among the AdditionalFiles; " + Describe("visible", files.Select(file => file.Name))),
            _ => NotFound(spec, "is the name of several AdditionalFiles; write more of the path; " + Describe("matching", matches.Select(file => file.Path))),
        };
    }

    private static ModelInput NotFound(ModelSpec spec, string reason)
        => new(spec, null, new Issue(DiagnosticIds.FileNotFound, new Site(SitePart.Mixture, 0, "File"), spec.Type.DisplayName, spec.File!, reason));

    private static string Describe(string which, IEnumerable<string> names)
    {
        string[] sorted = names.Distinct().OrderBy(name => name, StringComparer.Ordinal).ToArray();
        if (sorted.Length == 0) return $"no file whose name ends in {MixtureFile.Suffix} is {which}";
        string rest = sorted.Length > ListedFiles ? $" and {sorted.Length - ListedFiles} more" : "";
        return $"{which}: {string.Join(", ", sorted.Take(ListedFiles))}{rest}";
    }
}
