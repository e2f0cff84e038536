using FlowDsl.Mathematics.Files;
using FlowDsl.Mathematics.Grids;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace FlowDsl.Generators.Reading;

/// <summary>What a file is for, by the end of its name.</summary>
internal enum FileKind
{
    /// <summary>A mixture, <c>.mixture.json</c>.</summary>
    Mixture,

    /// <summary>Weights of a student, <c>.safetensors</c>.</summary>
    Weights,

    /// <summary>The profile of a network, <c>.profile.json</c>.</summary>
    Profile,

    /// <summary>What is known of a data set, <c>.plan.json</c>.</summary>
    Plan,

    /// <summary>A tuned solver, <c>.solver.json</c>.</summary>
    Solver,
}

/// <summary>An AdditionalFile that a model can name: all that its name is looked up in, and nothing of what it says.</summary>
/// <param name="Kind">What it is for.</param>
/// <param name="Path">Where it is, with slashes.</param>
/// <param name="Relative">Its path from the project's folder; null where it is outside, or the host does not say where that is.</param>
/// <param name="Link">The path that the project gives it; null without one.</param>
internal sealed record ProjectFile(FileKind Kind, string Path, string? Relative, string? Link)
{
    private const string ProjectFolder = "build_property.ProjectDir", LinkMetadata = "build_metadata.AdditionalFiles.Link";

    /// <summary>The file's name, without folders.</summary>
    public string Name => (Link ?? Path).Substring((Link ?? Path).LastIndexOf('/') + 1);

    /// <summary>How the names of a kind of files end.</summary>
    public static string SuffixOf(FileKind kind) => kind switch
    {
        FileKind.Mixture => ".mixture.json",
        FileKind.Weights => ".safetensors",
        FileKind.Profile => ProfileData.Suffix,
        FileKind.Plan => DataPlan.Suffix,
        FileKind.Solver => TunedMethod.Suffix,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    /// <summary>Slashes, whatever the operating system writes.</summary>
    public static string Normalize(string path) => path.Replace('\\', '/');

    /// <summary>A file of the project; null where its name says that it is for something else.</summary>
    public static ProjectFile? Of(AdditionalText text, AnalyzerConfigOptionsProvider options)
    {
        string path = Normalize(text.Path);
        options.GlobalOptions.TryGetValue(ProjectFolder, out string? folder);
        options.GetOptions(text).TryGetValue(LinkMetadata, out string? link);
        link = string.IsNullOrEmpty(link) ? null : Normalize(link!);
        return (KindOf(path) ?? KindOf(link ?? "")) is { } kind ? new ProjectFile(kind, path, RelativeTo(folder, path), link) : null;
    }

    /// <summary>Whether this is all of what the file is called.</summary>
    public bool IsCalled(string name) => name == Relative || name == Link || name == Path;

    /// <summary>Whether this is the end of what the file is called: its name, or more of its path.</summary>
    public bool EndsWith(string name) => EndsWith(Path, name) || (Link is not null && EndsWith(Link, name));

    private static bool EndsWith(string path, string name) => path == name || path.EndsWith("/" + name, StringComparison.Ordinal);

    private static FileKind? KindOf(string path)
    {
        foreach (FileKind kind in new[] { FileKind.Mixture, FileKind.Weights, FileKind.Profile, FileKind.Plan, FileKind.Solver })
            if (path.EndsWith(SuffixOf(kind), StringComparison.OrdinalIgnoreCase)) return kind;
        return null;
    }

    private static string? RelativeTo(string? folder, string path)
    {
        if (string.IsNullOrEmpty(folder)) return null;
        string prefix = Normalize(folder!).TrimEnd('/') + "/";
        return path.StartsWith(prefix, StringComparison.Ordinal) ? path.Substring(prefix.Length) : null;
    }
}
