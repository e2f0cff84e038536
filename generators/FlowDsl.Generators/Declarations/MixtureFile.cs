using Microsoft.CodeAnalysis;

namespace FlowDsl.Generators;

/// <summary>A mixture file among the AdditionalFiles.</summary>
/// <param name="Path">Its path, with slashes.</param>
/// <param name="Text">What it says; null where it cannot be opened.</param>
internal sealed record MixtureFile(string Path, string? Text)
{
    /// <summary>How the names of mixture files end.</summary>
    public const string Suffix = ".mixture.json";

    public static bool IsMixture(AdditionalText file) => file.Path.EndsWith(Suffix, StringComparison.OrdinalIgnoreCase);

    public static MixtureFile Read(AdditionalText file, CancellationToken cancellationToken)
        => new(FilePaths.Normalize(file.Path), file.GetText(cancellationToken)?.ToString());
}
