using FlowDsl.Generators.Model;
using Microsoft.CodeAnalysis;

namespace FlowDsl.Generators.Reporting;

/// <summary>What the generator runs in.</summary>
internal static class EnvironmentRules
{
    public static readonly DiagnosticDescriptor LanguageVersion = new(
        id: DiagnosticIds.LanguageVersion,
        title: "The C# version is too old",
        messageFormat: "The code generated for '{0}' needs C# {2} or newer; this project uses C# {1}",
        category: "Environment",
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: DiagnosticPage.Link(DiagnosticIds.LanguageVersion));

    public static readonly DiagnosticDescriptor InternalError = new(
        id: DiagnosticIds.InternalError,
        title: "The generator failed",
        messageFormat: "The generator failed on '{0}'; this is a defect of FlowDsl, please report it with the declaration: {1}",
        category: "Environment",
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: DiagnosticPage.Link(DiagnosticIds.InternalError));
}
