using FlowDsl.Generators.Model;
using FlowDsl.Generators.Reading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace FlowDsl.CodeFixes;

/// <summary>Where a diagnostic is, and how the generator reads what is declared there.</summary>
/// <param name="document">The file.</param>
/// <param name="model">What it means.</param>
/// <param name="syntax">The syntax that the diagnostic underlines.</param>
internal sealed class DeclarationNode(Document document, SemanticModel model, SyntaxNode syntax)
{
    public Document Document => document;

    public SemanticModel Model => model;

    public SyntaxNode Syntax => syntax;

    /// <summary>The attribute around it.</summary>
    public AttributeSyntax? Attribute => syntax.FirstAncestorOrSelf<AttributeSyntax>();

    /// <summary>The type around it, with its own attributes.</summary>
    public TypeDeclarationSyntax? Type => syntax.FirstAncestorOrSelf<TypeDeclarationSyntax>();

    public static async Task<DeclarationNode?> FindAsync(Document document, TextSpan span, CancellationToken cancellationToken)
    {
        SyntaxNode? root = await document.GetSyntaxRootAsync(cancellationToken).ConfigureAwait(false);
        SemanticModel? model = await document.GetSemanticModelAsync(cancellationToken).ConfigureAwait(false);
        return root is not null && model is not null && root.FullSpan.Contains(span)
            ? new DeclarationNode(document, model, root.FindNode(span, getInnermostNodeForTie: true))
            : null;
    }

    /// <summary>The type's symbol.</summary>
    public INamedTypeSymbol? Symbol(CancellationToken cancellationToken)
        => Type is { } type ? (INamedTypeSymbol?)model.GetDeclaredSymbol(type, cancellationToken) : null;

    /// <summary>The components of the type's mixture and where they stand; null where one cannot be read.</summary>
    public (ComponentSpec[] Components, SiteMap Sites, ModelAttributes Attributes)? Components(CancellationToken cancellationToken)
    {
        if (Symbol(cancellationToken) is not { } symbol
            || model.Compilation.GetTypeByMetadataName(AttributeNames.GaussianMixture) is not { } marker
            || ModelAttributes.Of(symbol, marker) is not { } attributes)
        {
            return null;
        }
        ComponentSpec[] components = [.. attributes.Components
            .Select((data, k) => ComponentAttributeReader.Read(data, k, "", [], cancellationToken))
            .OfType<ComponentSpec>()];
        return components.Length == attributes.Components.Count ? (components, new SiteMap(Type!, attributes), attributes) : null;
    }
}
