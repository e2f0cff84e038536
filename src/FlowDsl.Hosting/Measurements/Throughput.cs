using FlowDsl.Hosting.Registry;

namespace FlowDsl.Hosting.Measurements;

/// <summary>How many samples a second each sampler integrates on this machine.</summary>
/// <param name="Count">The samples of a round.</param>
/// <param name="Cores">All cores of the machine.</param>
/// <param name="OneCore">By sampler: samples a second on one core.</param>
/// <param name="AllCores">By sampler: samples a second on all cores.</param>
internal sealed record Throughput(int Count, int Cores, ImmutableArray<double> OneCore, ImmutableArray<double> AllCores)
{
    // Of all samplers' starts and states together, far less than a small machine has.
    private const int MostValues = 1 << 22;
    private const int MostSamples = 1 << 17, LeastSamples = 1 << 10;

    /// <summary>The samples of a round that fit a model.</summary>
    /// <param name="dimension">d.</param>
    public static int SamplesFor(int dimension) => Math.Clamp(MostValues / dimension, LeastSamples, MostSamples);

    /// <summary>Times integrations. Samplers take turns, so that what else the machine does meets all alike; the best round of each counts, since other
    /// programs can only slow a round down.</summary>
    /// <param name="samplers">The samplers.</param>
    /// <param name="count">The samples of a round.</param>
    /// <param name="rounds">How often each is timed.</param>
    /// <param name="progress">Receives the number of finished rounds.</param>
    /// <param name="cancellationToken">Stops between integrations.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static Throughput Measure(
        IReadOnlyList<SamplerEntry> samplers, int count, int rounds, IProgress<long> progress, CancellationToken cancellationToken)
    {
        int cores = Environment.ProcessorCount;
        double[] one = [.. Enumerable.Repeat(double.PositiveInfinity, samplers.Count)], all = [.. one];
        Func<int, double>[] timers = [.. samplers.Select(sampler => sampler.Timer(count))];
        for (int round = 0; round < rounds; round++)
        {
            for (int i = 0; i < timers.Length; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                one[i] = Math.Min(one[i], timers[i](1));
                all[i] = cores == 1 ? one[i] : Math.Min(all[i], timers[i](cores));
            }
            progress.Report(round + 1);
        }
        return new Throughput(count, cores, [.. one.Select(seconds => count / seconds)], [.. all.Select(seconds => count / seconds)]);
    }
}
