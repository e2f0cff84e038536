using System.Text;
using FlowDsl.Generators.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace FlowDsl.Generators.Tests;

/// <summary>
/// Visits the declarations that <see cref="FlowSamplerGenerator"/> visits and asks the compiler what it asks: what is left of its time is its own.
/// </summary>
internal sealed class NothingGenerator : IIncrementalGenerator
{
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        IncrementalValuesProvider<int> found = context.SyntaxProvider.ForAttributeWithMetadataName(
            AttributeNames.GaussianMixture, static (node, _) => node is TypeDeclarationSyntax,
            static (found, _) => Visit((INamedTypeSymbol)found.TargetSymbol));
        IncrementalValueProvider<int> files = context.AdditionalTextsProvider
            .Select(static (text, _) => text.Path.Length).Collect().Select(static (lengths, _) => lengths.Sum());
        context.RegisterSourceOutput(
            found.Combine(files).Collect(),
            static (production, values) => production.AddSource("Nothing.g.cs", SourceText.From($"// {values.Sum(value => value.Left)}", Encoding.UTF8)));
    }

    /// <summary>Asks the compiler what the generator asks it.</summary>
    private static int Visit(INamedTypeSymbol type)
    {
        int seen = type.ToDisplayString(SymbolDisplayFormat.CSharpErrorMessageFormat).Length + type.GetMembers("Score").Length
            + type.ContainingNamespace.GetTypeMembers(type.Name, type.Arity).Length;
        seen += type.DeclaringSyntaxReferences.Count(
            reference => reference.GetSyntax() is TypeDeclarationSyntax declaration && declaration.Modifiers.Any(SyntaxKind.PartialKeyword));
        foreach (AttributeData data in type.GetAttributes())
        {
            seen += data.ConstructorArguments.Sum(
                argument => argument.Kind == TypedConstantKind.Array ? argument.Values.Count(value => value.Value is double) : 1);
            seen += data.NamedArguments.Count(argument => argument.Value.Kind == TypedConstantKind.Enum && argument.Value.Value is int);
            SyntaxNode syntax = data.ApplicationSyntaxReference!.GetSyntax();
            seen += syntax.ContainsDiagnostics ? syntax.GetDiagnostics().Count() : syntax.GetLocation().SourceSpan.Length;
        }
        return seen;
    }
}
