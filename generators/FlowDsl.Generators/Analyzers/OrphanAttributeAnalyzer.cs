using System.Collections.Immutable;
using FlowDsl.Generators.Model;
using FlowDsl.Generators.Reading;
using FlowDsl.Generators.Reporting;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace FlowDsl.Generators.Analyzers;

/// <summary>Reports types that say how to sample a mixture but have none: the generator looks at types with a mixture alone.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class OrphanAttributeAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [TypeShapeRules.NoMixture];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterCompilationStartAction(static start =>
        {
            if (start.Compilation.GetTypeByMetadataName(AttributeNames.GaussianMixture) is not { } mixture) return;
            ImmutableHashSet<ISymbol?> others = [.. AttributeNames.BesideMixture.Select(name => mixture.ContainingAssembly.GetTypeByMetadataName(name))];
            start.RegisterSymbolAction(symbol => Check(symbol, mixture, others), SymbolKind.NamedType);
        });
    }

    private static void Check(SymbolAnalysisContext context, INamedTypeSymbol mixture, ImmutableHashSet<ISymbol?> others)
    {
        AttributeData? first = null;
        foreach (AttributeData attribute in context.Symbol.GetAttributes())
        {
            if (SymbolEqualityComparer.Default.Equals(attribute.AttributeClass, mixture)) return;
            if (attribute.AttributeClass is not null && others.Contains(attribute.AttributeClass)) first ??= attribute;
        }
        // One for the type: what is missing is missing once.
        if (first?.ApplicationSyntaxReference is not { } reference) return;
        string name = first.AttributeClass!.Name, shown = name.Substring(0, name.Length - nameof(Attribute).Length);
        context.ReportDiagnostic(Diagnostic.Create(
            TypeShapeRules.NoMixture, reference.GetSyntax(context.CancellationToken).GetLocation(),
            TypeReader.DisplayName((INamedTypeSymbol)context.Symbol), shown));
    }
}
