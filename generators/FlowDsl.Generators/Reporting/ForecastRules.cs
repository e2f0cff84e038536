using FlowDsl.Generators.Model;
using Microsoft.CodeAnalysis;

namespace FlowDsl.Generators.Reporting;

/// <summary>What a sampler's forecast says against it.</summary>
internal static class ForecastRules
{
    public static readonly DiagnosticDescriptor GreatError = new(
        id: DiagnosticIds.GreatError,
        title: "The sampler is bad",
        messageFormat: "Sampler '{1}' of '{0}' has a forecast relative MSE of {2}, so that its samples are off by {3} of their size; {4}",
        category: "Schedule",
        defaultSeverity: DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: DiagnosticPage.Link(DiagnosticIds.GreatError));

    public static readonly DiagnosticDescriptor BetterGrid = new(
        id: DiagnosticIds.BetterGrid,
        title: "The automatic schedule is ten times better",
        messageFormat: "Sampler '{1}' of '{0}' has a forecast relative MSE of {2} on {3}; Grid.Auto and Chart.Auto have {4} for the same evaluations",
        category: "Schedule",
        defaultSeverity: DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: DiagnosticPage.Link(DiagnosticIds.BetterGrid));

    public static readonly DiagnosticDescriptor NarrowError = new(
        id: DiagnosticIds.NarrowError,
        title: "The sampler is bad where a component is narrow",
        messageFormat: "Sampler '{1}' of '{0}' has a forecast relative MSE of {2}, "
            + "but is off by {3} of a component's width in its worst direction; scale the coordinates to like variances or take more steps",
        category: "Schedule",
        defaultSeverity: DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: DiagnosticPage.Link(DiagnosticIds.NarrowError));

    public static readonly DiagnosticDescriptor RoundingError = new(
        id: DiagnosticIds.RoundingError,
        title: "The sampler loses digits in single precision",
        messageFormat: "Sampler '{1}' of '{0}' is in single precision, whose rounding may move its samples by {2} of a component's width; "
            + "use Precision.Double, Chart.Auto or other step times",
        category: "Schedule",
        defaultSeverity: DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: DiagnosticPage.Link(DiagnosticIds.RoundingError));
}
