using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace FlowDsl.Generators;

/// <summary>A mixture file among the AdditionalFiles.</summary>
/// <param name="Path">Its path, with slashes.</param>
/// <param name="Text">What it says; null where it cannot be opened.</param>
internal sealed record MixtureFile(string Path, string? Text)
{
    /// <summary>How the names of mixture files end.</summary>
    public const string Suffix = ".mixture.json";

    public string Name => Path.Substring(Path.LastIndexOf('/') + 1);

    public static bool IsMixture(AdditionalText file) => file.Path.EndsWith(Suffix, StringComparison.OrdinalIgnoreCase);

    public static MixtureFile Read(AdditionalText file, CancellationToken cancellationToken)
        => new(Normalize(file.Path), file.GetText(cancellationToken)?.ToString());

    /// <summary>By path, each path once.</summary>
    public static EquatableArray<MixtureFile> Sort(ImmutableArray<MixtureFile> files)
        => new(files.GroupBy(file => file.Path).Select(same => same.First()).OrderBy(file => file.Path, StringComparer.Ordinal).ToArray());

    public static string Normalize(string path) => path.Replace('\\', '/');

    /// <summary>Whether a model that writes this name means this file: its name, or the end of its path.</summary>
    public bool IsNamed(string name) => Path == name || Path.EndsWith("/" + name, StringComparison.Ordinal);
}
