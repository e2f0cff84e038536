using FlowDsl.Generators.Model;
using Microsoft.CodeAnalysis;

namespace FlowDsl.Generators.Reporting;

/// <summary>Score networks, and samplers that take their scores.</summary>
internal static class ScoreNetworkRules
{
    public static readonly DiagnosticDescriptor ScoreNetworkInvalid = new(
        id: DiagnosticIds.ScoreNetworkInvalid,
        title: "A score network's argument is not valid",
        messageFormat: "{2} of score network '{1}' of '{0}' is {3}; {4}",
        category: "ScoreNetwork",
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: DiagnosticPage.Link(DiagnosticIds.ScoreNetworkInvalid));

    public static readonly DiagnosticDescriptor ScoreInvalid = new(
        id: DiagnosticIds.ScoreInvalid,
        title: "The sampler cannot take the network's score",
        messageFormat: "{2} of sampler '{1}' of '{0}' is {3}; {4}",
        category: "ScoreNetwork",
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: DiagnosticPage.Link(DiagnosticIds.ScoreInvalid));
}
