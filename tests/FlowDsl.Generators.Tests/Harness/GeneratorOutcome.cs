using System.Collections.Immutable;
using FlowDsl.Generators.Analyzers;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace FlowDsl.Generators.Tests;

/// <summary>What one run of the generator gave.</summary>
/// <param name="Input">The compilation before.</param>
/// <param name="Output">The compilation with the generated files.</param>
/// <param name="Diagnostics">What the driver reports, after <c>#pragma</c>s.</param>
/// <param name="Result">The generator's own result.</param>
internal sealed record GeneratorOutcome(Compilation Input, Compilation Output, ImmutableArray<Diagnostic> Diagnostics, GeneratorRunResult Result)
{
    /// <summary>The names of the generated files, sorted.</summary>
    public string[] HintNames => [.. Result.GeneratedSources.Select(source => source.HintName).Order(StringComparer.Ordinal)];

    /// <summary>The errors of the compilation with the generated files.</summary>
    public Diagnostic[] Errors => [.. Output.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)];

    /// <summary>The IDs of what the generator reported, sorted.</summary>
    public string[] Ids => [.. Diagnostics.Where(diagnostic => !diagnostic.IsSuppressed).Select(diagnostic => diagnostic.Id).Order(StringComparer.Ordinal)];

    /// <summary>The same without what was reported under an ID.</summary>
    public GeneratorOutcome Without(string id) => this with { Diagnostics = [.. Diagnostics.Where(diagnostic => diagnostic.Id != id)] };

    /// <summary>The same with what the analyzers report.</summary>
    public GeneratorOutcome WithAnalyzers() => this with
    {
        Diagnostics =
        [
            .. Diagnostics,
            .. Output.WithAnalyzers([new OrphanAttributeAnalyzer(), new SamplerPrecisionAnalyzer()]).GetAnalyzerDiagnosticsAsync().GetAwaiter().GetResult(),
        ],
    };

    /// <summary>Why each value of a step is what it is, in this run.</summary>
    public IncrementalStepRunReason[] Reasons(string step)
        => Result.TrackedSteps.TryGetValue(step, out ImmutableArray<IncrementalGeneratorRunStep> runs)
            ? [.. runs.SelectMany(run => run.Outputs).Select(output => output.Reason)]
            : [];

    /// <summary>The values of a step.</summary>
    public object[] Values(string step)
        => Result.TrackedSteps.TryGetValue(step, out ImmutableArray<IncrementalGeneratorRunStep> runs)
            ? [.. runs.SelectMany(run => run.Outputs).Select(output => output.Value)]
            : [];

    /// <summary>Asserts that the generated code compiles and nothing was reported that the source does not suppress.</summary>
    public GeneratorOutcome AssertClean()
    {
        Assert.Null(Result.Exception);
        Assert.Empty(Ids);
        Assert.Empty(Errors);
        return this;
    }
}
