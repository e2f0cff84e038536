using System.Collections.Immutable;
using Basic.Reference.Assemblies;
using BenchmarkDotNet.Attributes;
using FlowDsl.Generators;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace FlowDsl.Benchmarks;

/// <summary>What the generator costs a build (cold) and an editor (one character typed, in the model or elsewhere).</summary>
[MemoryDiagnoser]
public class GeneratorBenchmarks
{
    private const string Model =
        """
        using FlowDsl;

        [GaussianMixture(2)]
        [Component(0.3559, -1.2740, -1.2099, Covariance = new[] { 0.0533, 0.0281, 0.0281, 0.1830 })]
        [Component(0.6441, 0.7039, 0.6685, Covariance = new[] { 0.1310, 0.0608, 0.0608, 0.1957 })]
        [Sampler("Heun", Steps = 8, Solver = Solver.Heun)]
        [Sampler("Rk4", Steps = 8, Solver = Solver.RungeKutta4)]
        public partial class OldFaithful;
        """;

    private static readonly CSharpParseOptions s_parse = new(LanguageVersion.CSharp14);

    private IIncrementalGenerator _generator = null!;
    private CSharpCompilation _before = null!, _elsewhere = null!, _inModel = null!;
    private GeneratorDriver _warm = null!;

    [GlobalSetup]
    public void Setup()
    {
        _generator = new FlowSamplerGenerator();
        SyntaxTree model = Parse(Model), other = Parse("class Other { int _x = 1; }");
        _before = CSharpCompilation.Create(
            "Project", [model, other],
            [.. Net100.References.All, MetadataReference.CreateFromFile(typeof(GaussianMixtureAttribute).Assembly.Location), MetadataReference.CreateFromFile(typeof(Solver).Assembly.Location)],
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        _elsewhere = _before.ReplaceSyntaxTree(other, Parse("class Other { int _x = 2; }"));
        _inModel = _before.ReplaceSyntaxTree(model, Parse(Model.Replace("0.7039", "0.7038", StringComparison.Ordinal)));
        _warm = Driver().RunGenerators(_before);

        GeneratorRunResult result = _warm.GetRunResult().Results.Single();
        if (result.Exception is not null || result.GeneratedSources.IsEmpty || result.Diagnostics.Any(d => d.Severity == DiagnosticSeverity.Error))
            throw new InvalidOperationException("The generator did not generate: " + string.Join("; ", result.Diagnostics));
    }

    [Benchmark(Baseline = true)]
    public ImmutableArray<GeneratorRunResult> Cold() => Driver().RunGenerators(_before).GetRunResult().Results;

    [Benchmark]
    public ImmutableArray<GeneratorRunResult> EditElsewhere() => _warm.RunGenerators(_elsewhere).GetRunResult().Results;

    [Benchmark]
    public ImmutableArray<GeneratorRunResult> EditInModel() => _warm.RunGenerators(_inModel).GetRunResult().Results;

    private static SyntaxTree Parse(string text) => CSharpSyntaxTree.ParseText(text, s_parse);

    private GeneratorDriver Driver() => CSharpGeneratorDriver.Create([_generator.AsSourceGenerator()], parseOptions: s_parse);
}
