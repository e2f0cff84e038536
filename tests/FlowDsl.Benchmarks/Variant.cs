using System.Diagnostics;
using FlowDsl.Runtime.Blocks;

namespace FlowDsl.Benchmarks;

/// <summary>A peer's variants: it competes with the fastest.</summary>
/// <param name="Name">What is special about it.</param>
/// <param name="Grain">The least number of samples for which it is at its best.</param>
/// <param name="Integrate">What it does.</param>
internal sealed record Variant(string Name, int Grain, Integration<float> Integrate)
{
    private const double SecondsEach = 0.15;

    /// <summary>The fastest of several, in turns.</summary>
    public static Variant Fastest(IReadOnlyList<Variant> variants, float[] starts)
    {
        float[] states = new float[starts.Length];
        double[] best = [.. variants.Select(_ => double.PositiveInfinity)];
        long began = Stopwatch.GetTimestamp();
        for (int round = 0; round < 2 || Stopwatch.GetElapsedTime(began).TotalSeconds < SecondsEach * variants.Count; round++)
        {
            for (int i = 0; i < best.Length; i++)
            {
                starts.CopyTo(states, 0);
                long start = Stopwatch.GetTimestamp();
                variants[i].Integrate(states);
                best[i] = Math.Min(best[i], Stopwatch.GetElapsedTime(start).TotalSeconds);
            }
        }
        return variants[best.IndexOf(best.Min())];
    }
}
