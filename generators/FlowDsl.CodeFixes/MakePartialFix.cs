using System.Composition;
using FlowDsl.Generators.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace FlowDsl.CodeFixes;

/// <summary>FLOW0001 and FLOW0002: makes a type and all types around it partial.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(MakePartialFix)), Shared]
public sealed class MakePartialFix() : TextCodeFixProvider(DiagnosticIds.NotPartial, DiagnosticIds.ContainingTypeNotPartial)
{
    private protected override Task<TextFix?> FindAsync(DeclarationNode node, Diagnostic diagnostic, CancellationToken cancellationToken)
    {
        IEnumerable<TextChange> changes = node.Syntax.AncestorsAndSelf().OfType<TypeDeclarationSyntax>()
            .Where(type => !type.Modifiers.Any(SyntaxKind.PartialKeyword))
            .Select(type => new TextChange(new TextSpan(type.Keyword.SpanStart, 0), "partial "));
        return Task.FromResult<TextFix?>(new TextFix("Make the type partial", changes));
    }
}
