using FlowDsl.Generators.Model;
using Microsoft.CodeAnalysis;

namespace FlowDsl.Generators.Reporting;

/// <summary>The noising process.</summary>
internal static class ProcessRules
{
    public static readonly DiagnosticDescriptor SeveralProcesses = new(
        id: DiagnosticIds.SeveralProcesses,
        title: "The model has several processes",
        messageFormat: "'{0}' has both [{1}] and [{2}]; keep one process",
        category: "Process",
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: DiagnosticPage.Link(DiagnosticIds.SeveralProcesses));

    public static readonly DiagnosticDescriptor ProcessParameterOutOfRange = new(
        id: DiagnosticIds.ProcessParameterOutOfRange,
        title: "A parameter of the process is out of range",
        messageFormat: "{1} of '{0}' is {2}; it must be {3}",
        category: "Process",
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: DiagnosticPage.Link(DiagnosticIds.ProcessParameterOutOfRange));

    public static readonly DiagnosticDescriptor EarlyStopOutOfRange = new(
        id: DiagnosticIds.EarlyStopOutOfRange,
        title: "Sampling stops before it starts",
        messageFormat: "{1} of '{0}' is {2}; it must be {3}",
        category: "Process",
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: DiagnosticPage.Link(DiagnosticIds.EarlyStopOutOfRange));

    public static readonly DiagnosticDescriptor SingularAtTimeZero = new(
        id: DiagnosticIds.SingularAtTimeZero,
        title: "Sampling stops at 0 where a covariance is singular",
        messageFormat: "{1} of '{0}' is 0 and the covariance of component {2} is singular, so the score has no limit; make {1} positive",
        category: "Process",
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: DiagnosticPage.Link(DiagnosticIds.SingularAtTimeZero));

    public static readonly DiagnosticDescriptor ProcessUnresolved = new(
        id: DiagnosticIds.ProcessUnresolved,
        title: "Double precision cannot hold the process",
        messageFormat: "In '{0}', {1}",
        category: "Process",
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: DiagnosticPage.Link(DiagnosticIds.ProcessUnresolved));
}
