using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FlowDsl.Generators.Reading;

/// <summary>
/// The names that the attributes of a type look up. Attributes see the members of the type they are written on first, so that a nested type of such a name
/// would take its place.
/// </summary>
internal sealed class AttributeWords
{
    private readonly HashSet<string> _words = new(StringComparer.Ordinal);

    public AttributeWords(INamedTypeSymbol type, CancellationToken cancellationToken)
    {
        foreach (SyntaxReference reference in type.DeclaringSyntaxReferences)
        {
            if (reference.GetSyntax(cancellationToken) is not TypeDeclarationSyntax declaration) continue;
            foreach (AttributeSyntax attribute in declaration.AttributeLists.SelectMany(list => list.Attributes)) Add(attribute);
        }
    }

    public bool Contains(string name) => _words.Contains(name);

    private void Add(AttributeSyntax attribute)
    {
        // Of two readings of its name an attribute takes the one that is a class of attributes; only the last resort can be taken from it.
        if (attribute.Name is IdentifierNameSyntax { Identifier.ValueText: var name })
            _words.Add(name.EndsWith("Attribute", StringComparison.Ordinal) ? name : name + "Attribute");
        foreach (IdentifierNameSyntax word in attribute.DescendantNodes(node => node is not LiteralExpressionSyntax).OfType<IdentifierNameSyntax>())
            if (word != attribute.Name && IsLookedUp(word)) _words.Add(word.Identifier.ValueText);
    }

    /// <summary>Whether a name is looked up where it stands: no part of a longer name but the first, and no argument's name.</summary>
    private static bool IsLookedUp(IdentifierNameSyntax word) => word.Parent switch
    {
        MemberAccessExpressionSyntax access => access.Name != word,
        QualifiedNameSyntax qualified => qualified.Right != word,
        AliasQualifiedNameSyntax or NameEqualsSyntax or NameColonSyntax => false,
        _ => true,
    };
}
