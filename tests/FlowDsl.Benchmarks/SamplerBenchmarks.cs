using BenchmarkDotNet.Attributes;

namespace FlowDsl.Benchmarks;

/// <summary>The samplers of the contests, by BenchmarkDotNet; times are per sample.</summary>
/// <remarks>All restore the samples within what is timed, which takes some thousandths of the fastest sampler's time.</remarks>
[MemoryDiagnoser]
public class SamplerBenchmarks
{
    private const int Samples = 2048, ScalarSamples = Samples / 64;
    private Contest _contest = null!;

    /// <summary>Which of <see cref="Benchmarks.Workload.All"/>.</summary>
    [Params("W1", "W2", "W3", "W4", "W5", "W6", "W7", "paper")]
    public string Workload { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        _contest = new Contest(Benchmarks.Workload.All.Single(workload => workload.Key == Workload).Create(), Samples, native: false);
        _contest.Check();
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Samples)]
    public void Generated() => Run(_contest.Generated, Samples);

    [Benchmark(OperationsPerInvoke = Samples)]
    public void TensorPrimitives() => Run(_contest.Tensors, Samples);

    [Benchmark(OperationsPerInvoke = ScalarSamples)]
    public void Scalar() => Run(_contest.Scalar, ScalarSamples);

    [Benchmark(OperationsPerInvoke = ScalarSamples)]
    public void GenericModel() => Run(_contest.Model, ScalarSamples);

    private static void Run(Contestant contestant, int samples)
    {
        contestant.Restore(samples);
        contestant.Run(samples);
    }
}
