using FlowDsl.Generators.Model;
using Microsoft.CodeAnalysis;

namespace FlowDsl.Generators.Reporting;

/// <summary>Flow maps: exact ones, tabulated.</summary>
internal static class FlowMapRules
{
    public static readonly DiagnosticDescriptor FlowMapInvalid = new(
        id: DiagnosticIds.FlowMapInvalid,
        title: "A flow map's argument is not valid",
        messageFormat: "{2} of flow map '{1}' of '{0}' is {3}; {4}",
        category: "FlowMap",
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: DiagnosticPage.Link(DiagnosticIds.FlowMapInvalid));

    public static readonly DiagnosticDescriptor FlowNotSplit = new(
        id: DiagnosticIds.FlowNotSplit,
        title: "The flow does not split into flows on a line",
        messageFormat: "Flow map '{1}' of '{0}' cannot be tabulated: {2}; declare a [Sampler] or a [Student] instead",
        category: "FlowMap",
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: DiagnosticPage.Link(DiagnosticIds.FlowNotSplit));

    public static readonly DiagnosticDescriptor AccuracyUnreachable = new(
        id: DiagnosticIds.AccuracyUnreachable,
        title: "The flow map's accuracy cannot be proved",
        messageFormat: "The Accuracy of flow map '{1}' of '{0}' is {2}, and an error of {3} is the least that could be proved; {4}",
        category: "FlowMap",
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: DiagnosticPage.Link(DiagnosticIds.AccuracyUnreachable));
}
