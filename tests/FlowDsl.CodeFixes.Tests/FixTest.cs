using System.Collections.Immutable;
using Basic.Reference.Assemblies;
using FlowDsl.Generators;
using FlowDsl.Generators.Analyzers;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Testing;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Testing;

namespace FlowDsl.CodeFixes.Tests;

/// <summary>A user's project before and after a fix, with the generator and the analyzers that run in it.</summary>
/// <remarks>Each test applies the fix to one diagnostic after the other, and to all at once: in the file, the project and the solution.</remarks>
internal sealed class FixTest<TFix> : CSharpCodeFixTest<EmptyDiagnosticAnalyzer, TFix, DefaultVerifier>
    where TFix : TextCodeFixProvider, new()
{
    private FixTest(string before, string after)
    {
        TestCode = before;
        FixedCode = after;
        // The package's own reference assemblies would be downloaded when the tests run.
        ReferenceAssemblies = new ReferenceAssemblies("net10.0");
        TestState.AdditionalReferences.AddRange(References);
        // What is generated is tested elsewhere, and what the compiler says where nothing is.
        TestBehaviors = TestBehaviors.SkipGeneratedSourcesCheck;
        CompilerDiagnostics = CompilerDiagnostics.None;
    }

    /// <summary>What every project references.</summary>
    public static ImmutableArray<MetadataReference> References { get; } =
    [
        .. Net100.References.All,
        MetadataReference.CreateFromFile(typeof(GaussianMixtureAttribute).Assembly.Location),
        MetadataReference.CreateFromFile(typeof(Solver).Assembly.Location),
    ];

    /// <summary>Asserts that the fix makes one text of another.</summary>
    /// <param name="before">The text, with diagnostics marked: <c>{|FLOW0001:Ring|}</c>.</param>
    /// <param name="after">What it becomes, with what is still wrong marked.</param>
    /// <param name="files">The project's other files: sources, its configuration, or else additional files.</param>
    public static Task Fixes(string before, string after, params (string Path, string Text)[] files)
        => Create(before, after, files).RunAsync();

    /// <summary>The same, where fixing one diagnostic fixes others with it.</summary>
    public static Task FixesInOneStep(string before, string after)
    {
        FixTest<TFix> test = Create(before, after, []);
        test.NumberOfIncrementalIterations = 1;
        return test.RunAsync();
    }

    /// <summary>The same for what the compiler reports.</summary>
    public static Task FixesErrors(string before, string after)
    {
        FixTest<TFix> test = Create(before, after, []);
        test.CompilerDiagnostics = CompilerDiagnostics.Errors;
        return test.RunAsync();
    }

    /// <summary>Asserts that no fix is offered for what is marked.</summary>
    public static Task OffersNothing(string source, params (string Path, string Text)[] files)
        => Create(source, source, files).RunAsync();

    protected override IEnumerable<Type> GetSourceGenerators() => [typeof(FlowSamplerGenerator)];

    protected override IEnumerable<DiagnosticAnalyzer> GetDiagnosticAnalyzers() => [new OrphanAttributeAnalyzer(), new SamplerPrecisionAnalyzer()];

    protected override ParseOptions CreateParseOptions() => new CSharpParseOptions(LanguageVersion.CSharp14);

    private static FixTest<TFix> Create(string before, string after, (string Path, string Text)[] files)
    {
        FixTest<TFix> test = new(before, after);
        foreach (SolutionState state in new[] { test.TestState, test.FixedState })
            foreach ((string path, string text) in files) FilesLike(path, state).Add((path, text));
        return test;
    }

    private static SourceFileCollection FilesLike(string path, SolutionState state) => Path.GetExtension(path) switch
    {
        ".cs" => state.Sources,
        ".globalconfig" => state.AnalyzerConfigFiles,
        _ => state.AdditionalFiles,
    };
}
