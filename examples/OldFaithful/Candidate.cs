using System.Diagnostics;

namespace FlowDsl.Examples;

/// <summary>A generated sampler among others: its descriptor and its integration, whatever its type.</summary>
internal sealed class Candidate
{
    private const int TimedSamples = 1 << 17;
    private const int BatchSize = 8192;
    private readonly Integration _integrate;

    private Candidate(SamplerDescriptor descriptor, Integration integrate) => (Descriptor, _integrate) = (descriptor, integrate);

    private delegate void Integration(Span<float> states);

    public SamplerDescriptor Descriptor { get; }

    public static Candidate Of<TSampler>()
        where TSampler : IFlowSampler<TSampler, float> => new(TSampler.Descriptor, TSampler.Integrate);

    /// <summary>Where the sampler takes each start.</summary>
    public float[] Integrate(float[] starts)
    {
        float[] ends = [.. starts];
        _integrate(ends);
        return ends;
    }

    /// <summary>Samples a second, integration only: the best round of 0.3 s, since other programs can only slow a round down.</summary>
    public double MeasureThroughput(float[] starts, int threads, CancellationToken cancellation)
    {
        int d = Descriptor.Dimension;
        float[] states = new float[TimedSamples * d];
        double best = double.PositiveInfinity;
        long start = Stopwatch.GetTimestamp();
        for (int round = 0; round < 5 || Stopwatch.GetElapsedTime(start).TotalSeconds < 0.3; round++)
        {
            cancellation.ThrowIfCancellationRequested();
            for (int i = 0; i < states.Length; i++) states[i] = starts[i % starts.Length];
            long began = Stopwatch.GetTimestamp();
            if (threads == 1)
                _integrate(states);
            else
                Parallel.For(0, TimedSamples / BatchSize, new ParallelOptions { MaxDegreeOfParallelism = threads }, batch => _integrate(states.AsSpan(batch * BatchSize * d, BatchSize * d)));
            best = Math.Min(best, Stopwatch.GetElapsedTime(began).TotalSeconds);
        }
        return TimedSamples / best;
    }
}
