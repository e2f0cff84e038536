using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace FlowDsl.Generators.Reading;

/// <summary>What a mixture file says: the host's own text, compared by its hash and copied only to be compiled.</summary>
internal sealed class MixtureText(SourceText text) : IEquatable<MixtureText>
{
    private readonly ContentHash _hash = ContentHash.Of(text);

    public bool Equals(MixtureText? other) => other is not null && _hash == other._hash;

    public override bool Equals(object? obj) => Equals(obj as MixtureText);

    public override int GetHashCode() => _hash.GetHashCode();

    /// <summary>The text.</summary>
    public override string ToString() => text.ToString();
}

/// <summary>A mixture file that a model names.</summary>
/// <param name="Path">Its path, with slashes.</param>
/// <param name="Text">What it says; null where it cannot be opened.</param>
internal sealed record MixtureFile(string Path, MixtureText? Text)
{
    public static MixtureFile Read(AdditionalText file, CancellationToken cancellationToken)
        => new(ProjectFile.Normalize(file.Path), file.GetText(cancellationToken) is { } text ? new MixtureText(text) : null);
}
