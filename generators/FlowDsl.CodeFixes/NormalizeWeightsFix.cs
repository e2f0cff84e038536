using System.Composition;
using FlowDsl.Mathematics.Numerics;
using FlowDsl.Generators.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Text;

namespace FlowDsl.CodeFixes;

/// <summary>FLOW0105: divides the weights by their sum.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(NormalizeWeightsFix)), Shared]
public sealed class NormalizeWeightsFix() : TextCodeFixProvider(DiagnosticIds.WeightSum)
{
    private protected override Task<TextFix?> FindAsync(DeclarationNode node, Diagnostic diagnostic, CancellationToken cancellationToken)
        => Task.FromResult(Find(node, cancellationToken));

    private static TextFix? Find(DeclarationNode node, CancellationToken cancellationToken)
    {
        if (node.Components(cancellationToken) is not var (components, sites, _)) return null;
        double sum = components.Sum(component => component.Weight);
        Location[] places = [.. components.Select((_, k) => sites.Locate(new Site(SitePart.Component, k, "weight"), cancellationToken))];
        // The parts of a type may be in several files, and a fix changes one.
        if (places.Any(place => place.SourceTree != node.Syntax.SyntaxTree)) return null;
        return new TextFix(
            "Divide the weights by their sum",
            places.Select((place, k) => new TextChange(place.SourceSpan, PortableNumber.CSharpLiteral(components[k].Weight / sum))));
    }
}
