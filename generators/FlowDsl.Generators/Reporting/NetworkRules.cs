using FlowDsl.Generators.Model;
using Microsoft.CodeAnalysis;

namespace FlowDsl.Generators.Reporting;

/// <summary>Networks that come at run time, and samplers that run on them.</summary>
internal static class NetworkRules
{
    public static readonly DiagnosticDescriptor NetworkInvalid = new(
        id: DiagnosticIds.NetworkInvalid,
        title: "A network's argument is not valid",
        messageFormat: "{2} of network '{1}' of '{0}' is {3}; {4}",
        category: "Network",
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: DiagnosticPage.Link(DiagnosticIds.NetworkInvalid));

    public static readonly DiagnosticDescriptor FieldInvalid = new(
        id: DiagnosticIds.FieldInvalid,
        title: "The sampler cannot run on the network",
        messageFormat: "{2} of sampler '{1}' of '{0}' is {3}; {4}",
        category: "Network",
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: DiagnosticPage.Link(DiagnosticIds.FieldInvalid));

    public static readonly DiagnosticDescriptor ProfileInvalid = new(
        id: DiagnosticIds.ProfileInvalid,
        title: "The sampler cannot take the profile's times",
        messageFormat: "{2} of sampler '{1}' of '{0}' is {3}; {4}",
        category: "Network",
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: DiagnosticPage.Link(DiagnosticIds.ProfileInvalid));
}
