using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace FlowDsl.Generators.Reading;

/// <summary>Finds an argument of an attribute, or an element of an array argument, in its syntax.</summary>
internal static class ArgumentLocator
{
    /// <summary>Where an argument is; the nearest thing around it where it is not written.</summary>
    /// <param name="attribute">The attribute.</param>
    /// <param name="parameters">The names of its constructor's parameters.</param>
    /// <param name="argument">A parameter's or a property's name.</param>
    /// <param name="element">The element of an array, or -1.</param>
    public static Location Locate(AttributeSyntax attribute, string[] parameters, string argument, int element)
    {
        if (attribute.ArgumentList is not { } list) return attribute.GetLocation();
        AttributeArgumentSyntax[] positional = list.Arguments.Where(a => a.NameEquals is null && a.NameColon is null).ToArray();
        AttributeArgumentSyntax? found = list.Arguments.FirstOrDefault(
            a => (a.NameEquals?.Name ?? a.NameColon?.Name)?.Identifier.ValueText == argument);

        int parameter = Array.IndexOf(parameters, argument);
        if (found is null && parameter >= 0 && parameter < positional.Length)
        {
            found = positional[parameter];
            // A params array is either one array or its elements in place of it.
            bool isExpanded = parameter == parameters.Length - 1
                && (positional.Length > parameters.Length || (element >= 0 && Elements(found.Expression) is null));
            if (isExpanded)
            {
                return element >= 0
                    ? positional[Math.Min(parameter + element, positional.Length - 1)].GetLocation()
                    : Location.Create(attribute.SyntaxTree, TextSpan.FromBounds(found.SpanStart, positional[positional.Length - 1].Span.End));
            }
        }
        if (found is null) return attribute.GetLocation();
        if (element >= 0 && Elements(found.Expression) is { } elements && element < elements.Count) return elements[element].GetLocation();
        return found.Expression.GetLocation();
    }

    private static IReadOnlyList<SyntaxNode>? Elements(ExpressionSyntax expression) => expression switch
    {
        ParenthesizedExpressionSyntax inner => Elements(inner.Expression),
        CastExpressionSyntax cast => Elements(cast.Expression),
        PostfixUnaryExpressionSyntax suppressed when suppressed.IsKind(SyntaxKind.SuppressNullableWarningExpression) => Elements(suppressed.Operand),
        ArrayCreationExpressionSyntax array => array.Initializer?.Expressions,
        ImplicitArrayCreationExpressionSyntax array => array.Initializer.Expressions,
        CollectionExpressionSyntax collection => collection.Elements,
        _ => null,
    };
}
