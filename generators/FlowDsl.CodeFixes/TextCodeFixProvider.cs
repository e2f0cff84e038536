using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Text;

namespace FlowDsl.CodeFixes;

/// <summary>What all fixes share: a diagnostic in, changes of its file out.</summary>
/// <remarks>
/// Most of these rules are reported by the generator. Editors built on Roslyn offer fixes for a generator's diagnostics as for an analyzer's (since
/// dotnet/roslyn#67953, long before the version that the generator needs), so no analyzer has to repeat a rule. Two things still ask analyzers only:
/// "Fix all", for which there is <see cref="GeneratorFixAllProvider"/>, and <c>dotnet format analyzers</c>, which fixes FLOW0007 and FLOW0011 alone.
/// </remarks>
public abstract class TextCodeFixProvider : CodeFixProvider
{
    // Only the fixes here know how to look for changes.
    private protected TextCodeFixProvider(params string[] ids) => FixableDiagnosticIds = [.. ids];

    /// <inheritdoc/>
    public sealed override ImmutableArray<string> FixableDiagnosticIds { get; }

    /// <inheritdoc/>
    public sealed override FixAllProvider GetFixAllProvider() => GeneratorFixAllProvider.Instance;

    /// <inheritdoc/>
    public sealed override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        foreach (Diagnostic diagnostic in context.Diagnostics)
        {
            if (await FindAsync(context.Document, diagnostic, context.CancellationToken).ConfigureAwait(false) is not { } fix) continue;
            context.RegisterCodeFix(
                CodeAction.Create(fix.Title, cancellationToken => ApplyAsync(context.Document, fix.Changes, cancellationToken), equivalenceKey: GetType().Name),
                diagnostic);
        }
    }

    /// <summary>Fixes all diagnostics of a file at once.</summary>
    internal async Task<Document?> FixAllAsync(Document document, ImmutableArray<Diagnostic> diagnostics, CancellationToken cancellationToken)
    {
        List<TextChange> changes = [];
        foreach (Diagnostic diagnostic in diagnostics)
        {
            if (await FindAsync(document, diagnostic, cancellationToken).ConfigureAwait(false) is not { } fix) continue;
            // Two fixes may want the same: a type around two others is made partial once.
            changes.AddRange(fix.Changes.Where(change => !changes.Contains(change)));
        }
        return await ApplyAsync(document, changes, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The fix of a diagnostic; null where there is none.</summary>
    private protected abstract Task<TextFix?> FindAsync(DeclarationNode node, Diagnostic diagnostic, CancellationToken cancellationToken);

    private async Task<TextFix?> FindAsync(Document document, Diagnostic diagnostic, CancellationToken cancellationToken)
        => await DeclarationNode.FindAsync(document, diagnostic.Location.SourceSpan, cancellationToken).ConfigureAwait(false) is { } node
            ? await FindAsync(node, diagnostic, cancellationToken).ConfigureAwait(false)
            : null;

    private static async Task<Document> ApplyAsync(Document document, IEnumerable<TextChange> changes, CancellationToken cancellationToken)
    {
        SourceText text = await document.GetTextAsync(cancellationToken).ConfigureAwait(false);
        return document.WithText(text.WithChanges(changes.OrderBy(change => change.Span)));
    }
}
