using System.Composition;
using FlowDsl.Generators.Model;
using FlowDsl.Generators.Reading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace FlowDsl.CodeFixes;

/// <summary>
/// FLOW0315 and FLOW0316: leaves the schedule to the generator where a grid or times are underlined. The better forecast in the message is of
/// <c>Grid.Auto</c> with <c>Chart.Auto</c>, so a chart goes too.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(UseAutomaticGridFix)), Shared]
public sealed class UseAutomaticGridFix() : TextCodeFixProvider(DiagnosticIds.GreatError, DiagnosticIds.BetterGrid)
{
    private const string Grid = "Grid", Times = "Times", Steps = "Steps", Chart = "Chart";
    private static readonly string[] s_parameters =
        [nameof(GridOptions.Rho), nameof(GridOptions.Alpha), nameof(GridOptions.Beta), nameof(GridOptions.Shift), nameof(GridOptions.Gamma)];

    private protected override Task<TextFix?> FindAsync(DeclarationNode node, Diagnostic diagnostic, CancellationToken cancellationToken)
        => Task.FromResult(Find(node, cancellationToken));

    private static TextFix? Find(DeclarationNode node, CancellationToken cancellationToken)
    {
        if (node.Syntax.FirstAncestorOrSelf<AttributeArgumentSyntax>() is not { Parent: AttributeArgumentListSyntax list } blamed) return null;
        if (NameOf(blamed) is not (Grid or Times)) return null;

        List<TextChange> changes = [];
        for (int i = 1; i < list.Arguments.Count; i++)
        {
            AttributeArgumentSyntax argument = list.Arguments[i];
            if (NameOf(argument) is not (Grid or Times or Chart) && !s_parameters.Contains(NameOf(argument))) continue;
            // Times say how many steps there are.
            if (argument == blamed && NameOf(blamed) == Times && !list.Arguments.Any(other => NameOf(other) == Steps))
                changes.Add(new TextChange(argument.Span, $"{Steps} = {Count(node, blamed, cancellationToken) - 1}"));
            else
                changes.Add(new TextChange(TextSpan.FromBounds(list.Arguments[i - 1].Span.End, argument.Span.End), ""));
        }
        return new TextFix("Use Grid.Auto" + (list.Arguments.Any(other => NameOf(other) == Chart) ? " and Chart.Auto" : ""), changes);
    }

    private static int Count(DeclarationNode node, AttributeArgumentSyntax times, CancellationToken cancellationToken)
    {
        AttributeData? sampler = node.Symbol(cancellationToken)?.GetAttributes()
            .FirstOrDefault(data => data.ApplicationSyntaxReference?.GetSyntax(cancellationToken) == times.Parent?.Parent);
        return sampler is null ? 0 : new AttributeValues(sampler, cancellationToken).Doubles(Times).Count;
    }

    private static string? NameOf(AttributeArgumentSyntax argument) => argument.NameEquals?.Name.Identifier.ValueText;
}
