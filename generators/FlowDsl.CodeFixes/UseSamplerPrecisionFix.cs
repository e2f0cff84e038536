using System.Composition;
using FlowDsl.Generators.Analyzers;
using FlowDsl.Generators.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Text;

namespace FlowDsl.CodeFixes;

/// <summary>FLOW0011: names the number type that the sampler is of.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(UseSamplerPrecisionFix)), Shared]
public sealed class UseSamplerPrecisionFix() : TextCodeFixProvider(DiagnosticIds.WrongPrecision)
{
    private protected override Task<TextFix?> FindAsync(DeclarationNode node, Diagnostic diagnostic, CancellationToken cancellationToken)
        => Task.FromResult(diagnostic.Properties.TryGetValue(SamplerPrecisionAnalyzer.OwnNumber, out string? own) && own is not null
            ? new TextFix($"Use {own}", new TextChange(node.Syntax.Span, own))
            : null);
}
