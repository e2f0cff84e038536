using System.Diagnostics;
using FlowDsl.Sampling;

namespace FlowDsl.Benchmarks;

/// <summary>What drawing the starts takes, as a part of what integrating them takes; on one thread.</summary>
internal static class PriorShare
{
    // Turns are so short that a busy machine seldom interrupts one. As in a call, values stay in the cache in between.
    private const int MaxSamples = 8192, MinSamples = 64;
    private const double TurnSeconds = 5e-4;
    private const double WarmSeconds = 1, MaxSeconds = 2;
    private const int MinRounds = 5;

    /// <summary>The share, the median over rounds.</summary>
    /// <param name="workload">The mixture and its sampler.</param>
    /// <param name="rounds">The number of rounds, fewer where they take long.</param>
    public static double Measure(Workload workload, int rounds)
    {
        int d = workload.Sampler.Dimension, count = MinSamples;
        float[] starts = new float[MaxSamples * d], states = new float[MaxSamples * d];
        var prior = PriorDraws.Of(workload.Sampler.Model, Prior.Exact);
        Round();
        while (count < MaxSamples && Math.Min(Integrate(), Integrate()) < TurnSeconds) count *= 2;
        long began = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(began).TotalSeconds < WarmSeconds) Round();
        var shares = new List<double>();
        began = Stopwatch.GetTimestamp();
        while (shares.Count < rounds && (shares.Count < MinRounds || Stopwatch.GetElapsedTime(began).TotalSeconds < MaxSeconds)) shares.Add(Round());
        return Quantiles.Median(shares.ToArray());

        double Round()
        {
            long start = Stopwatch.GetTimestamp();
            prior.Fill(1, 0, starts.AsSpan(0, count * d));
            return Stopwatch.GetElapsedTime(start).TotalSeconds / Integrate();
        }

        double Integrate()
        {
            starts.AsSpan(0, count * d).CopyTo(states);
            long start = Stopwatch.GetTimestamp();
            workload.Integrate(states.AsSpan(0, count * d));
            return Stopwatch.GetElapsedTime(start).TotalSeconds;
        }
    }
}
