using System.Composition;
using FlowDsl.Generators.Model;
using FlowDsl.Generators.Reading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace FlowDsl.CodeFixes;

/// <summary>FLOW0007: adds <c>[GaussianMixture]</c> in the dimension of the first component's mean.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(AddMixtureFix)), Shared]
public sealed class AddMixtureFix() : TextCodeFixProvider(DiagnosticIds.NoMixture)
{
    // Without a component the dimension is unknown: most examples have points of a plane.
    private const int UsualDimension = 2;

    private protected override async Task<TextFix?> FindAsync(DeclarationNode node, Diagnostic diagnostic, CancellationToken cancellationToken)
    {
        if (node.Attribute is not { Parent: AttributeListSyntax list } attribute || node.Symbol(cancellationToken) is not { } type) return null;

        AttributeData? component = type.GetAttributes().FirstOrDefault(data => data.AttributeClass?.ToDisplayString() == AttributeNames.Component);
        int length = component is null ? 0 : new AttributeValues(component, cancellationToken).Doubles("mean").Count;
        // Qualified like the attribute beside it.
        string qualifier = attribute.Name switch
        {
            QualifiedNameSyntax qualified => $"{qualified.Left}.",
            AliasQualifiedNameSyntax aliased => $"{aliased.Alias}::",
            _ => "",
        };
        string text = $"[{qualifier}GaussianMixture({(length > 0 ? length : UsualDimension)})]";
        SourceText source = await node.Document.GetTextAsync(cancellationToken).ConfigureAwait(false);
        return new TextFix("Add [GaussianMixture]", new TextChange(new TextSpan(list.SpanStart, 0), text + Separator(source, list.SpanStart)));
    }

    /// <summary>What comes between two attributes: a line break and the second one's indentation, or a space where it does not begin its line.</summary>
    private static string Separator(SourceText source, int position)
    {
        TextLine line = source.Lines.GetLineFromPosition(position);
        string before = source.ToString(TextSpan.FromBounds(line.Start, position));
        string lineBreak = source.ToString(TextSpan.FromBounds(line.End, line.EndIncludingLineBreak));
        return before.Trim().Length > 0 ? " " : (lineBreak.Length > 0 ? lineBreak : "\n") + before;
    }
}
