using FlowDsl.Generators.Model;
using Microsoft.CodeAnalysis;

namespace FlowDsl.Generators.Reporting;

/// <summary>References: samplers by which others are judged.</summary>
internal static class ReferenceRules
{
    public static readonly DiagnosticDescriptor ReferenceInvalid = new(
        id: DiagnosticIds.ReferenceInvalid,
        title: "The reference is no other sampler",
        messageFormat: "Reference of sampler '{1}' of '{0}' is {2}; {3}",
        category: "Solver",
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: DiagnosticPage.Link(DiagnosticIds.ReferenceInvalid));

    public static readonly DiagnosticDescriptor ReferenceInexact = new(
        id: DiagnosticIds.ReferenceInexact,
        title: "The reference is not exact enough",
        messageFormat: "Reference '{2}' of sampler '{1}' of '{0}' has a predicted relative MSE of {3} and the sampler itself {4}; "
            + "what judges it must stay below 1 % of that and below {5}: take more steps, another grid or Chart.Canonical",
        category: "Solver",
        defaultSeverity: DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: DiagnosticPage.Link(DiagnosticIds.ReferenceInexact));

    public static readonly DiagnosticDescriptor WindowUnresolved = new(
        id: DiagnosticIds.WindowUnresolved,
        title: "A step leaps over the danger window",
        messageFormat: "Sampler '{1}' of '{0}' goes from t = {2} to {3} in one step, over all of the window from t = {4} to {5} "
            + "in which the flow amplifies errors, and its predicted relative MSE is {6}; put a step time into the window",
        category: "Solver",
        defaultSeverity: DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: DiagnosticPage.Link(DiagnosticIds.WindowUnresolved));

    public static readonly DiagnosticDescriptor ReferenceNotAudited = new(
        id: DiagnosticIds.ReferenceNotAudited,
        title: "The reference is not audited",
        messageFormat: "Reference '{2}' of sampler '{1}' of '{0}' is not audited: "
            + "predicting the error of '{3}' would take too long on this mixture, with so many steps",
        category: "Solver",
        defaultSeverity: DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        helpLinkUri: DiagnosticPage.Link(DiagnosticIds.ReferenceNotAudited));
}
