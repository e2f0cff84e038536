namespace FlowDsl.Generators;

/// <summary>A model with the content of the files that it names, and of no others: these may change without a new run.</summary>
/// <param name="Spec">The model.</param>
/// <param name="FileText">The text of the mixture's file; null where none is named or it is not found.</param>
/// <param name="Weights">
/// The files of weights that students name and that were found, each with the student's name in place of its path; empty where an issue says what is wrong.
/// </param>
/// <param name="Issues">Why files are not found.</param>
internal sealed record ModelInput(ModelSpec Spec, string? FileText, EquatableArray<WeightsFile> Weights, EquatableArray<Issue> Issues)
{
    private const int ListedFiles = 10;

    public static ModelInput Find(ModelSpec spec, EquatableArray<MixtureFile> files, EquatableArray<WeightsFile> weights)
    {
        List<Issue> issues = [];
        string? text = null;
        if (spec.File is not null)
        {
            string name = Normalize(spec.File);
            MixtureFile[] matches = name.Length == 0 ? [] : files.Where(file => FilePaths.IsNamed(file.Path, name)).ToArray();
            text = matches.Length == 1 ? matches[0].Text : null;
            if (Problem([.. matches.Select(file => file.Path)], text is not null, files.Select(file => FilePaths.NameOf(file.Path)), MixtureFile.Suffix) is { } reason)
                issues.Add(new Issue(DiagnosticIds.FileNotFound, new Site(SitePart.Mixture, 0, "File"), spec.Type.DisplayName, spec.File, reason));
        }
        List<WeightsFile> found = [];
        foreach (StudentSpec student in spec.Students)
        {
            if (student.Weights is null) continue;
            string name = Normalize(student.Weights);
            WeightsFile[] matches = name.Length == 0 ? [] : weights.Where(file => FilePaths.IsNamed(file.Path, name)).ToArray();
            // Where none is there yet, the student is not trained: that is said elsewhere, and how it is done.
            if (matches.Length == 0) continue;
            bool isRead = matches.Length == 1 && matches[0].Content.Count > 0;
            found.Add(new WeightsFile(student.Name, isRead ? matches[0].Content : default));
            if (Problem([.. matches.Select(file => file.Path)], isRead, weights.Select(file => FilePaths.NameOf(file.Path)), WeightsFile.Suffix) is { } reason)
                issues.Add(new Issue(DiagnosticIds.WeightsInvalid, new Site(SitePart.Student, student.Index, "Weights"), spec.Type.DisplayName, student.Name, student.Weights, reason));
        }
        return new ModelInput(spec, text, new EquatableArray<WeightsFile>(found.ToArray()), new EquatableArray<Issue>(issues.ToArray()));
    }

    private static string Normalize(string file)
    {
        string name = FilePaths.Normalize(file);
        return name.StartsWith("./", StringComparison.Ordinal) ? name.Substring(2) : name;
    }

    private static string? Problem(string[] matches, bool isRead, IEnumerable<string> visible, string suffix) => matches.Length switch
    {
        1 when isRead => null,
        1 => "cannot be opened; is it still at " + matches[0],
        0 => "is not among the AdditionalFiles; " + Describe("visible", visible, suffix),
        _ => "is the name of several AdditionalFiles; write more of the path; " + Describe("matching", matches, suffix),
    };

    private static string Describe(string which, IEnumerable<string> names, string suffix)
    {
        string[] sorted = names.Distinct().OrderBy(name => name, StringComparer.Ordinal).ToArray();
        if (sorted.Length == 0) return $"no file whose name ends in {suffix} is {which}";
        string rest = sorted.Length > ListedFiles ? $" and {sorted.Length - ListedFiles} more" : "";
        return $"{which}: {string.Join(", ", sorted.Take(ListedFiles))}{rest}";
    }
}
