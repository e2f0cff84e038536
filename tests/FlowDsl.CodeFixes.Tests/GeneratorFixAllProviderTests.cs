using System.Reflection;
using FlowDsl.Generators;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace FlowDsl.CodeFixes.Tests;

/// <summary>"Fix all" as editors ask for it: without the generator's diagnostics, in a project that has what it generated.</summary>
public class GeneratorFixAllProviderTests
{
    [Theory]
    [InlineData(FixAllScope.Document)]
    [InlineData(FixAllScope.Project)]
    [InlineData(FixAllScope.Solution)]
    public async Task FindsWhatTheGeneratorReports(FixAllScope scope)
    {
        const string Source = """
            [FlowDsl.GaussianMixture(2)]
            [FlowDsl.Component(0.5, -1, 0, Variance = 1e-4)]
            [FlowDsl.Component(0.5, 1, 0, Variance = 1e-4)]
            [FlowDsl.Sampler("Fast", Steps = 4, Grid = FlowDsl.Grid.StabilityBalanced)]
            #pragma warning disable FLOW0316 // wanted
            [FlowDsl.Sampler("Slow", Steps = 4, Grid = FlowDsl.Grid.StabilityBalanced)]
            public partial class Ring;
            """;
        using AdhocWorkspace workspace = new();
        Document document = workspace.AddProject("Project", LanguageNames.CSharp)
            .WithCompilationOptions(new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary))
            .WithParseOptions(new CSharpParseOptions(LanguageVersion.CSharp14))
            .WithMetadataReferences(FixTest<UseAutomaticGridFix>.References)
            .AddAnalyzerReference(new AnalyzerFileReference(typeof(FlowSamplerGenerator).Assembly.Location, new Loader()))
            .AddDocument("Main.cs", Source);
        Assert.Single(await document.Project.GetSourceGeneratedDocumentsAsync());

        UseAutomaticGridFix fix = new();
        CodeAction? action = await fix.GetFixAllProvider().GetFixAsync(new FixAllContext(
            document, fix, scope, nameof(UseAutomaticGridFix), fix.FixableDiagnosticIds, new Nothing(), CancellationToken.None));
        ApplyChangesOperation operation = Assert.Single((await action!.GetOperationsAsync(CancellationToken.None)).OfType<ApplyChangesOperation>());
        string text = (await operation.ChangedSolution.GetDocument(document.Id)!.GetTextAsync()).ToString();
        Assert.Equal(Source.Replace("\"Fast\", Steps = 4, Grid = FlowDsl.Grid.StabilityBalanced", "\"Fast\", Steps = 4", StringComparison.Ordinal), text);
    }

    private sealed class Loader : IAnalyzerAssemblyLoader
    {
        public void AddDependencyLocation(string fullPath)
        {
        }

        public Assembly LoadFromPath(string fullPath) => typeof(FlowSamplerGenerator).Assembly;
    }

    private sealed class Nothing : FixAllContext.DiagnosticProvider
    {
        private static readonly Task<IEnumerable<Diagnostic>> s_none = Task.FromResult<IEnumerable<Diagnostic>>([]);

        public override Task<IEnumerable<Diagnostic>> GetAllDiagnosticsAsync(Project project, CancellationToken cancellationToken) => s_none;

        public override Task<IEnumerable<Diagnostic>> GetDocumentDiagnosticsAsync(Document document, CancellationToken cancellationToken) => s_none;

        public override Task<IEnumerable<Diagnostic>> GetProjectDiagnosticsAsync(Project project, CancellationToken cancellationToken) => s_none;
    }
}
