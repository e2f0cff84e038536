using FlowDsl.Generators.Model;
using Microsoft.CodeAnalysis;

namespace FlowDsl.Generators.Reporting;

/// <summary>Solvers and charts.</summary>
internal static class SolverRules
{
    public static readonly DiagnosticDescriptor UndefinedEnumValue = new(
        id: DiagnosticIds.UndefinedEnumValue,
        title: "An argument is no value of its enumeration",
        messageFormat: "{2} of sampler '{1}' of '{0}' is {3}, which is not defined; use one of {4}",
        category: "Solver",
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: DiagnosticPage.Link(DiagnosticIds.UndefinedEnumValue));

    public static readonly DiagnosticDescriptor ChartNotForSolver = new(
        id: DiagnosticIds.ChartNotForSolver,
        title: "The chart does not apply to the solver",
        messageFormat: "Sampler '{1}' of '{0}' cannot use Chart.{2} with Solver.{3}, which integrates in {4}",
        category: "Solver",
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: DiagnosticPage.Link(DiagnosticIds.ChartNotForSolver));

    public static readonly DiagnosticDescriptor ChartSingularAtHorizon = new(
        id: DiagnosticIds.ChartSingularAtHorizon,
        title: "The chart is singular at the horizon",
        messageFormat: "Sampler '{1}' of '{0}' uses Chart.Edm, whose coordinate x/a is infinite at the horizon {2} where a is 0; "
            + "give the process a smaller horizon or use Chart.Canonical or Chart.State",
        category: "Solver",
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: DiagnosticPage.Link(DiagnosticIds.ChartSingularAtHorizon));

    public static readonly DiagnosticDescriptor BeyondSinglePrecision = new(
        id: DiagnosticIds.BeyondSinglePrecision,
        title: "Single precision does not reach so far",
        messageFormat: "Sampler '{1}' of '{0}' is in single precision, but {2}; use Precision.Double, or units in which the numbers are nearer to 1",
        category: "Solver",
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: DiagnosticPage.Link(DiagnosticIds.BeyondSinglePrecision));
}
