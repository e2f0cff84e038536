using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace FlowDsl.Generators.Reading;

/// <summary>What a text file says: the host's own text, compared by its hash and copied only to be compiled.</summary>
internal sealed class FileText(SourceText text) : IEquatable<FileText>
{
    private readonly ContentHash _hash = ContentHash.Of(text);

    public bool Equals(FileText? other) => other is not null && _hash == other._hash;

    public override bool Equals(object? obj) => Equals(obj as FileText);

    public override int GetHashCode() => _hash.GetHashCode();

    /// <summary>The text.</summary>
    public override string ToString() => text.ToString();
}

/// <summary>A file of a mixture, a profile or a solver that a model names.</summary>
/// <param name="Path">Its path, with slashes.</param>
/// <param name="Text">What it says; null where it cannot be opened.</param>
internal sealed record TextFile(string Path, FileText? Text)
{
    public static TextFile Read(AdditionalText file, CancellationToken cancellationToken)
        => new(ProjectFile.Normalize(file.Path), file.GetText(cancellationToken) is { } text ? new FileText(text) : null);
}
