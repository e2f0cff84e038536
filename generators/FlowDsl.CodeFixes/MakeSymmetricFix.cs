using System.Composition;
using FlowDsl.Mathematics.Numerics;
using FlowDsl.Generators.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Text;

namespace FlowDsl.CodeFixes;

/// <summary>FLOW0110: takes the mean of entries (i, j) and (j, i) for both, where both are finite.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(MakeSymmetricFix)), Shared]
public sealed class MakeSymmetricFix() : TextCodeFixProvider(DiagnosticIds.CovarianceNotSymmetric)
{
    private protected override Task<TextFix?> FindAsync(DeclarationNode node, Diagnostic diagnostic, CancellationToken cancellationToken)
        => Task.FromResult(Find(node, cancellationToken));

    private static TextFix? Find(DeclarationNode node, CancellationToken cancellationToken)
    {
        if (node.Attribute is not { } attribute || node.Components(cancellationToken) is not var (components, sites, attributes)) return null;
        int k = attributes.Components.FindIndex(data => data.ApplicationSyntaxReference?.GetSyntax(cancellationToken) == attribute);
        if (k < 0) return null;

        (EquatableArray<double> matrix, int d) = (components[k].Covariance, components[k].Mean.Count);
        if (matrix.Count != d * d || matrix.Any(entry => double.IsNaN(entry) || double.IsInfinity(entry))) return null;
        List<TextChange> changes = [];
        for (int row = 0; row < d; row++)
        {
            for (int column = row + 1; column < d; column++)
            {
                (int entry, int mirrored) = (row * d + column, column * d + row);
                if (matrix[entry] == matrix[mirrored]) continue;
                string mean = PortableNumber.CSharpLiteral((matrix[entry] + matrix[mirrored]) / 2);
                changes.Add(Change(entry, mean));
                changes.Add(Change(mirrored, mean));
            }
        }
        return new TextFix("Make the covariance symmetric", changes);

        TextChange Change(int element, string text)
            => new(sites.Locate(new Site(SitePart.Component, k, "Covariance", element), cancellationToken).SourceSpan, text);
    }
}
