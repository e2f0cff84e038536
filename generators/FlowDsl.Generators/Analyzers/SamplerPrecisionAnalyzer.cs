using System.Collections.Immutable;
using FlowDsl.Generators.Reporting;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace FlowDsl.Generators.Analyzers;

/// <summary>
/// Reports type arguments that name a sampler and another number type than its own, <c>Sample&lt;TwoModes.Fast, double&gt;</c> for one in single precision: the
/// compiler calls that a missing boxing conversion (CS0315).
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SamplerPrecisionAnalyzer : DiagnosticAnalyzer
{
    /// <summary>The property of a diagnostic that holds the sampler's own number type, for its fix.</summary>
    internal const string OwnNumber = nameof(OwnNumber);

    private const string Contract = "FlowDsl.IFlowSampler`2", Sampling = "FlowDsl.FlowSampling", Call = "Sample";

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [TypeShapeRules.WrongPrecision];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterCompilationStartAction(static start =>
        {
            if (start.Compilation.GetTypeByMetadataName(Contract) is { } contract)
                start.RegisterSyntaxNodeAction(node => Check(node, contract), SyntaxKind.GenericName);
        });
    }

    private static void Check(SyntaxNodeAnalysisContext context, INamedTypeSymbol contract)
    {
        var name = (GenericNameSyntax)context.Node;
        if (name.TypeArgumentList.Arguments.Count < 2) return;
        SymbolInfo info = context.SemanticModel.GetSymbolInfo(name, context.CancellationToken);
        // Constraints that do not hold leave a candidate.
        ISymbol? symbol = info.Symbol ?? info.CandidateSymbols.FirstOrDefault();
        (ImmutableArray<ITypeParameterSymbol> parameters, ImmutableArray<ITypeSymbol> arguments) = symbol switch
        {
            IMethodSymbol method => (method.TypeParameters, method.TypeArguments),
            INamedTypeSymbol type => (type.TypeParameters, type.TypeArguments),
            _ => ([], []),
        };
        for (int i = 0; i < parameters.Length; i++)
        {
            foreach (INamedTypeSymbol constraint in parameters[i].ConstraintTypes.OfType<INamedTypeSymbol>())
            {
                if (!IsContract(constraint) || constraint.TypeArguments[1] is not ITypeParameterSymbol number || number.Ordinal >= arguments.Length) continue;
                if (arguments[i].AllInterfaces.FirstOrDefault(IsContract)?.TypeArguments[1] is not { } own) continue;
                ITypeSymbol given = arguments[number.Ordinal];
                if (given.TypeKind == TypeKind.Error || SymbolEqualityComparer.Default.Equals(own, given)) continue;
                string sampler = arguments[i].ToDisplayString(SymbolDisplayFormat.CSharpErrorMessageFormat);
                bool hasCall = symbol is { Name: Call, ContainingType: var container }
                    && container.ToDisplayString() == Sampling
                    && !arguments[i].GetMembers(Call).IsEmpty;
                context.ReportDiagnostic(Diagnostic.Create(
                    TypeShapeRules.WrongPrecision, name.TypeArgumentList.Arguments[number.Ordinal].GetLocation(),
                    ImmutableDictionary<string, string?>.Empty.Add(OwnNumber, own.ToDisplayString()),
                    sampler, own.ToDisplayString(), given.ToDisplayString(SymbolDisplayFormat.CSharpErrorMessageFormat),
                    hasCall ? $", or {sampler}.{Call}, which needs no type arguments" : ""));
            }
        }

        bool IsContract(INamedTypeSymbol type) => SymbolEqualityComparer.Default.Equals(type.OriginalDefinition, contract);
    }
}
