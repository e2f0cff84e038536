using System.Collections.Immutable;
using FlowDsl.Generators;
using FlowDsl.Generators.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;

namespace FlowDsl.CodeFixes;

/// <summary>
/// "Fix all" for what the generator reports. To find all diagnostics of an ID, an editor runs the analyzers that declare it; a generator declares none, so
/// the editor finds nothing. This runs the generator instead.
/// </summary>
internal sealed class GeneratorFixAllProvider : FixAllProvider
{
    private static readonly FixAllProvider s_documents = Create(static (context, document, diagnostics)
        => ((TextCodeFixProvider)context.CodeFixProvider).FixAllAsync(document, diagnostics, context.CancellationToken));

    private GeneratorFixAllProvider()
    {
    }

    public static GeneratorFixAllProvider Instance { get; } = new();

    public override Task<CodeAction?> GetFixAsync(FixAllContext context)
    {
        // What analyzers and the compiler report is found already.
        bool isComplete = context.DiagnosticIds.All(
            id => id is DiagnosticIds.NoMixture or DiagnosticIds.WrongPrecision || id.StartsWith("CS", StringComparison.Ordinal));
        if (isComplete || context.Document is not { } document) return s_documents.GetFixAsync(context);
        return s_documents.GetFixAsync(new FixAllContext(
            document, context.CodeFixProvider, context.Scope, context.CodeActionEquivalenceKey!, context.DiagnosticIds,
            new GeneratorDiagnostics(context.DiagnosticIds), context.CancellationToken));
    }

    private sealed class GeneratorDiagnostics(ImmutableHashSet<string> ids) : FixAllContext.DiagnosticProvider
    {
        public override async Task<IEnumerable<Diagnostic>> GetDocumentDiagnosticsAsync(Document document, CancellationToken cancellationToken)
        {
            SyntaxTree? tree = await document.GetSyntaxTreeAsync(cancellationToken).ConfigureAwait(false);
            IEnumerable<Diagnostic> all = await GetAllDiagnosticsAsync(document.Project, cancellationToken).ConfigureAwait(false);
            return all.Where(diagnostic => diagnostic.Location.SourceTree == tree);
        }

        // Every diagnostic has a place in a file.
        public override Task<IEnumerable<Diagnostic>> GetProjectDiagnosticsAsync(Project project, CancellationToken cancellationToken)
            => Task.FromResult<IEnumerable<Diagnostic>>([]);

        public override async Task<IEnumerable<Diagnostic>> GetAllDiagnosticsAsync(Project project, CancellationToken cancellationToken)
        {
            Compilation? compilation = await project.GetCompilationAsync(cancellationToken).ConfigureAwait(false);
            if (compilation?.GetTypeByMetadataName(AttributeNames.GaussianMixture) is null) return [];
            // As a generator sees the project, without what is generated: the members would be there already.
            IEnumerable<SyntaxTree> generated = compilation.SyntaxTrees.Where(tree => project.GetDocument(tree) is null or SourceGeneratedDocument);
            Compilation written = compilation.RemoveSyntaxTrees(generated);
            CSharpGeneratorDriver
                .Create(
                    [new FlowSamplerGenerator().AsSourceGenerator()],
                    project.AnalyzerOptions.AdditionalFiles,
                    (CSharpParseOptions?)project.ParseOptions,
                    project.AnalyzerOptions.AnalyzerConfigOptionsProvider)
                .RunGeneratorsAndUpdateCompilation(written, out _, out ImmutableArray<Diagnostic> diagnostics, cancellationToken);
            return diagnostics.Where(diagnostic => ids.Contains(diagnostic.Id) && !diagnostic.IsSuppressed);
        }
    }
}
