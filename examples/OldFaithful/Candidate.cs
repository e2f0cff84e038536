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

    /// <summary>
    /// Samples a second of each candidate, integration only. They take turns, so that what else the machine does meets all alike, and
    /// the best round counts, since other programs can only slow a round down.
    /// </summary>
    public static double[] MeasureThroughput(Candidate[] candidates, float[] starts, int threads, CancellationToken cancellation)
    {
        const int Rounds = 25;
        double[] best = [.. Enumerable.Repeat(double.PositiveInfinity, candidates.Length)];
        float[] states = new float[TimedSamples * candidates[0].Descriptor.Dimension];
        for (int round = 0; round < Rounds; round++)
        {
            for (int c = 0; c < candidates.Length; c++)
            {
                cancellation.ThrowIfCancellationRequested();
                for (int i = 0; i < states.Length; i++) states[i] = starts[i % starts.Length];
                best[c] = Math.Min(best[c], candidates[c].Time(states, threads));
            }
            Progress.Report($"timing rounds, {threads} {(threads == 1 ? "core" : "cores")}", round + 1, Rounds);
        }
        return [.. best.Select(seconds => TimedSamples / seconds)];
    }

    private double Time(float[] states, int threads)
    {
        int batch = BatchSize * Descriptor.Dimension;
        long began = Stopwatch.GetTimestamp();
        if (threads == 1) _integrate(states);
        else Parallel.For(0, TimedSamples / BatchSize, new ParallelOptions { MaxDegreeOfParallelism = threads }, index => _integrate(states.AsSpan(index * batch, batch)));
        return Stopwatch.GetElapsedTime(began).TotalSeconds;
    }
}
