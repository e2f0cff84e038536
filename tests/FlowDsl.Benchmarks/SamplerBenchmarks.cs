using BenchmarkDotNet.Attributes;

namespace FlowDsl.Benchmarks;

/// <summary>The generated sampler beside the generic ones, per sample.</summary>
/// <remarks>Each invocation copies the starts first, a few hundredths of the fastest sampler's time.</remarks>
[MemoryDiagnoser]
public class SamplerBenchmarks
{
    private const int Samples = 2048, ScalarSamples = Samples / Contest.ScalarShare;
    private Contest _contest = null!;

    /// <summary>Which of <see cref="Contest.All"/>.</summary>
    [Params(0, 1, 2, 3)]
    public int Mixture { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _contest = Contest.All[Mixture](Samples);
        _contest.Check();
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Samples)]
    public void Generated()
    {
        _contest.RestoreGenerated();
        _contest.RunGenerated();
    }

    [Benchmark(OperationsPerInvoke = Samples)]
    public void TensorPrimitives()
    {
        _contest.RestoreTensors();
        _contest.RunTensors();
    }

    [Benchmark(OperationsPerInvoke = ScalarSamples)]
    public void Scalar()
    {
        _contest.RestoreScalar();
        _contest.RunScalar();
    }
}
