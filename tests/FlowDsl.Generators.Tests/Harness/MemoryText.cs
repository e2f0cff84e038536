using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace FlowDsl.Generators.Tests;

/// <summary>An AdditionalFile in memory; one without text is a file that cannot be opened.</summary>
internal sealed class MemoryText(string path, string? text) : AdditionalText
{
    public override string Path { get; } = path;

    /// <summary>How often it was opened.</summary>
    public int Reads { get; private set; }

    public override SourceText? GetText(CancellationToken cancellationToken = default)
    {
        Reads++;
        return text is null ? null : SourceText.From(text);
    }
}
