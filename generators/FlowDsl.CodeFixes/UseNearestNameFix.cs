using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace FlowDsl.CodeFixes;

/// <summary>CS0117, CS0234 and CS0246 in a declaration: writes the attribute, property or value with the most similar name, if there is one.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(UseNearestNameFix)), Shared]
public sealed class UseNearestNameFix() : TextCodeFixProvider(NoSuchMember, NoSuchTypeInNamespace, NoSuchType)
{
    private const string NoSuchMember = "CS0117", NoSuchTypeInNamespace = "CS0234", NoSuchType = "CS0246", Ending = nameof(Attribute);

    private protected override Task<TextFix?> FindAsync(DeclarationNode node, Diagnostic diagnostic, CancellationToken cancellationToken)
        => Task.FromResult(Find(node, cancellationToken));

    private static TextFix? Find(DeclarationNode node, CancellationToken cancellationToken)
    {
        if (node.Syntax.FirstAncestorOrSelf<SimpleNameSyntax>() is not { } name || node.Attribute is not { } attribute) return null;
        return Misspelling.Meanings(name.Identifier.ValueText, Names(node, name, attribute, cancellationToken), word => word).FirstOrDefault() is { } nearest
            ? new TextFix($"Use {nearest}", new TextChange(name.Identifier.Span, nearest))
            : null;
    }

    /// <summary>The names that may stand in a place.</summary>
    private static IEnumerable<string> Names(DeclarationNode node, SimpleNameSyntax name, AttributeSyntax attribute, CancellationToken cancellationToken)
    {
        SemanticModel model = node.Model;
        if (name.Parent is MemberAccessExpressionSyntax access && access.Name == name)
        {
            return model.GetSymbolInfo(access.Expression, cancellationToken).Symbol is INamedTypeSymbol { TypeKind: TypeKind.Enum } type && IsOurs(type)
                ? type.GetMembers().OfType<IFieldSymbol>().Where(field => field.IsConst).Select(field => field.Name)
                : [];
        }
        if (name.Parent is NameEqualsSyntax)
        {
            return model.GetTypeInfo(attribute, cancellationToken).Type is { } type && IsOurs(type)
                ? type.GetMembers().OfType<IPropertySymbol>().Where(property => property.SetMethod is not null).Select(property => property.Name)
                : [];
        }
        // The last part of the attribute's own name.
        if (name.Span.End != attribute.Name.Span.End) return [];
        INamespaceOrTypeSymbol? container = null;
        switch (attribute.Name)
        {
            case IdentifierNameSyntax:
                break;
            case QualifiedNameSyntax qualified when model.GetSymbolInfo(qualified.Left, cancellationToken).Symbol is INamespaceOrTypeSymbol left:
                container = left;
                break;
            default:
                return [];
        }
        return model.LookupNamespacesAndTypes(attribute.SpanStart, container)
            .Where(symbol => symbol is INamedTypeSymbol && symbol.Name.EndsWith(Ending, StringComparison.Ordinal) && IsOurs(symbol))
            .Select(symbol => symbol.Name.Substring(0, symbol.Name.Length - Ending.Length));
    }

    private static bool IsOurs(ISymbol symbol) => symbol.ContainingNamespace?.ToDisplayString() == "FlowDsl";
}
