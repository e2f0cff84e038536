using FlowDsl.Generators.Model;
using Microsoft.CodeAnalysis;

namespace FlowDsl.Generators.Reporting;

/// <summary>Data sets as mixtures.</summary>
internal static class DataRules
{
    public static readonly DiagnosticDescriptor DataInvalid = new(
        id: DiagnosticIds.DataInvalid,
        title: "The declaration does not fit a data set",
        messageFormat: "{1} of '{0}' is {2}; {3}",
        category: "Mixture",
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: DiagnosticPage.Link(DiagnosticIds.DataInvalid));

    public static readonly DiagnosticDescriptor DataNotMeasured = new(
        id: DiagnosticIds.DataNotMeasured,
        title: "The data set was not measured",
        messageFormat: "'{0}' has no code yet: the file {2} {3}; write it with the host's command: dotnet run -- data {1}",
        category: "Mixture",
        defaultSeverity: DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: DiagnosticPage.Link(DiagnosticIds.DataNotMeasured));
}
