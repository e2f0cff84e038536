using System.Diagnostics;

namespace FlowDsl.Benchmarks;

/// <summary>How much faster the same call is with more threads.</summary>
internal static class ThreadScaling
{
    // A call long enough that starting threads does not count.
    private const double CallSeconds = 0.02;
    private const int MinSamples = 8192;

    /// <summary>The numbers of threads: powers of two, and all processors.</summary>
    public static IEnumerable<int> Threads
    {
        get
        {
            for (int threads = 1; threads < Environment.ProcessorCount; threads *= 2) yield return threads;
            yield return Environment.ProcessorCount;
        }
    }

    /// <summary>Draws samples by each number of threads in turns.</summary>
    /// <param name="sampler">The sampler.</param>
    /// <param name="rounds">The number of turns.</param>
    /// <returns>Threads, seconds a sample, and how many times faster than one thread: medians of rounds.</returns>
    public static IEnumerable<(int Threads, double Seconds, double Ratio)> Measure(CompiledSampler sampler, int rounds)
    {
        int count = MinSamples;
        while (Math.Min(Time(1), Time(1)) * count < CallSeconds) count *= 2;
        int[] threads = [.. Threads];
        double[][] times = [.. threads.Select(_ => new double[rounds])];
        for (int round = 0; round < rounds; round++)
            for (int i = 0; i < threads.Length; i++) times[i][round] = Time(threads[i]);
        for (int i = 0; i < threads.Length; i++)
            yield return (threads[i], Quantiles.Median(times[i]), Quantiles.Median(times[0].Zip(times[i], (one, own) => one / own).ToArray()));

        double Time(int most)
        {
            long began = Stopwatch.GetTimestamp();
            sampler.Sample(count, most);
            return Stopwatch.GetElapsedTime(began).TotalSeconds / count;
        }
    }
}
