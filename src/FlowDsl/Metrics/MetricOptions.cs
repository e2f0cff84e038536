using FlowDsl.Mathematics.Numerics;

namespace FlowDsl.Metrics;

/// <summary>Options of the metrics.</summary>
public sealed record MetricOptions
{
    /// <summary>
    /// t: the samples are compared with p_t, the mixture's law at this time. Null, the default, is the process's early stop: the law that samplers
    /// should reach. At 0 it is the data law.
    /// </summary>
    public double? Time { get; init; }

    /// <summary>
    /// The seed of what a metric draws itself: points of the true law, directions, subsamples. The draws are independent of samples that were drawn
    /// with the same seed.
    /// </summary>
    public ulong Seed { get; init; }

    /// <summary>The maximum number of threads; -1, the default, for one per processor. It changes no bit of any metric.</summary>
    public int MaxThreads { get; init; } = -1;

    /// <summary>What a metric draws for one purpose. Seeds of samplers are small numbers or chosen by people; a mixed one meets none of them.</summary>
    internal ulong SeedOf(MetricDraw draw) => SplitMix.Mix(unchecked(Seed + (ulong)draw * SplitMix.Increment));

    /// <summary>The options with their defaults, checked.</summary>
    internal static MetricOptions Of(MetricOptions? options)
    {
        options ??= new MetricOptions();
        if (options.MaxThreads is 0 or < -1)
            throw new ArgumentOutOfRangeException(
                nameof(options), options.MaxThreads, $"{nameof(MaxThreads)} is {options.MaxThreads}; it must be positive, or -1 for one per processor.");
        return options;
    }
}
