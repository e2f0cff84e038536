using System.Collections.Immutable;
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

    private GeneratedProject _project = null!;
    private CSharpCompilation _elsewhere = null!, _inModel = null!;
    private GeneratorDriver _warm = null!;

    [GlobalSetup]
    public void Setup()
    {
        _project = new GeneratedProject(Model);
        _project.Generate();
        (_elsewhere, _inModel) = (_project.Edit(1, "1", "2"), _project.Edit(0, "0.7039", "0.7038"));
        _warm = Driver().RunGenerators(_project.Before);
    }

    [Benchmark(Baseline = true)]
    public ImmutableArray<GeneratorRunResult> Cold() => Driver().RunGenerators(_project.Before).GetRunResult().Results;

    [Benchmark]
    public ImmutableArray<GeneratorRunResult> EditElsewhere() => _warm.RunGenerators(_elsewhere).GetRunResult().Results;

    [Benchmark]
    public ImmutableArray<GeneratorRunResult> EditInModel() => _warm.RunGenerators(_inModel).GetRunResult().Results;

    private GeneratorDriver Driver() => _project.Driver(new FlowSamplerGenerator());
}
