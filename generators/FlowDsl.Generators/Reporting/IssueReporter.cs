using FlowDsl.Generators.Model;
using FlowDsl.Generators.Reading;
using Microsoft.CodeAnalysis;

namespace FlowDsl.Generators.Reporting;

/// <summary>Makes diagnostics of issues, with locations in the current source.</summary>
internal static class IssueReporter
{
    public static void Report(SourceProductionContext context, Declaration declaration, EquatableArray<ModelIssues> models)
    {
        Report(context, declaration.Sites, declaration.Issues);
        foreach (ModelIssues model in models)
            if (model.HintName == declaration.HintName) Report(context, declaration.Sites, model.Issues);
    }

    private static void Report(SourceProductionContext context, SiteMap sites, EquatableArray<Issue> issues)
    {
        foreach (Issue issue in issues)
        {
            Location location = sites.Locate(issue.Site, context.CancellationToken);
            context.ReportDiagnostic(Diagnostic.Create(DiagnosticDescriptors.Find(issue.Id), location, [.. issue.Arguments]));
        }
    }
}
