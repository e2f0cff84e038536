using Microsoft.CodeAnalysis;

namespace FlowDsl.Generators;

/// <summary>Samplers: names and step times.</summary>
internal static class ScheduleRules
{
    public static readonly DiagnosticDescriptor SamplerNameInvalid = new(
        id: DiagnosticIds.SamplerNameInvalid,
        title: "A sampler's name is no identifier",
        messageFormat: "The name of sampler {1} of '{0}' is {2}; it must be a C# identifier and no keyword",
        category: "Schedule",
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: DiagnosticIds.HelpLink(DiagnosticIds.SamplerNameInvalid));

    public static readonly DiagnosticDescriptor SamplerNameTaken = new(
        id: DiagnosticIds.SamplerNameTaken,
        title: "A sampler's name is taken",
        messageFormat: "The name of sampler '{1}' of '{0}' is also the name of {2}; every sampler needs a name of its own",
        category: "Schedule",
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: DiagnosticIds.HelpLink(DiagnosticIds.SamplerNameTaken));

    public static readonly DiagnosticDescriptor StepsOutOfRange = new(
        id: DiagnosticIds.StepsOutOfRange,
        title: "The number of steps is out of range",
        messageFormat: "Steps of sampler '{1}' of '{0}' is {2}; it must be from 1 to {3}",
        category: "Schedule",
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: DiagnosticIds.HelpLink(DiagnosticIds.StepsOutOfRange));

    public static readonly DiagnosticDescriptor TimesInvalid = new(
        id: DiagnosticIds.TimesInvalid,
        title: "The step times are not valid",
        messageFormat: "{2} of sampler '{1}' of '{0}' is {3}; {4}",
        category: "Schedule",
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: DiagnosticIds.HelpLink(DiagnosticIds.TimesInvalid));

    public static readonly DiagnosticDescriptor TimesAndSchedule = new(
        id: DiagnosticIds.TimesAndSchedule,
        title: "The step times are given twice",
        messageFormat: "Sampler '{1}' of '{0}' gives Times and {2} = {3}; {4}",
        category: "Schedule",
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: DiagnosticIds.HelpLink(DiagnosticIds.TimesAndSchedule));

    public static readonly DiagnosticDescriptor RhoOutOfRange = new(
        id: DiagnosticIds.RhoOutOfRange,
        title: "Rho is not positive and finite",
        messageFormat: "Rho of sampler '{1}' of '{0}' is {2}; it must be positive and finite",
        category: "Schedule",
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: DiagnosticIds.HelpLink(DiagnosticIds.RhoOutOfRange));
}
