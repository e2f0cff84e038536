using Microsoft.CodeAnalysis.Text;

namespace FlowDsl.CodeFixes;

/// <summary>What a fix does to the file of its diagnostic. Changes of text leave everything else as it was written.</summary>
/// <param name="title">What the editor calls it.</param>
/// <param name="changes">The changes.</param>
internal sealed class TextFix(string title, params IEnumerable<TextChange> changes)
{
    public string Title { get; } = title;

    public IReadOnlyList<TextChange> Changes { get; } = [.. changes];
}
