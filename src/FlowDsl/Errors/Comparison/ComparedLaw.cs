using System.Numerics;
using FlowDsl.Metrics;

namespace FlowDsl;

/// <summary>The law of a sampler itself against the true one, from the density of each of its samples; see <see cref="ImportanceWeights"/>.</summary>
/// <param name="Divergence">KL(q‖p) in nats, q the sampler's law.</param>
/// <param name="EffectiveSampleSize">As many samples of the true law would have means as exact as the weighted ones.</param>
/// <param name="FoldCount">The samples at which the sampler's map does not keep the orientation; if there are any, KL is a lower bound.</param>
/// <param name="SampleCount">n, the samples that all this is from.</param>
public sealed record ComparedLaw(MetricEstimate Divergence, double EffectiveSampleSize, long FoldCount, long SampleCount)
{
    // Scatter is learnt from a few samples first, and then from at least a share of those that are needed: rare ones may bring most of it.
    private const int FirstRound = 10_000, LearningShare = 4;

    // What a round needs by chance too little is added; where KL is not known to be positive, its relative interval says nothing.
    private const double Reserve = 1.1, GrowthInDoubt = 100;

    // Of samples that are in memory together.
    private const int PartValues = 1 << 22, LeastPart = 1024, MostPart = 1 << 16;

    /// <summary>Follows the law on as many samples as tell KL to an accuracy.</summary>
    /// <remarks>
    /// How many these are is learnt from samples of their own (Stein, Annals of Mathematical Statistics 16, 1945), so the interval is that of a number fixed
    /// beforehand; it comes out a little shorter or longer than asked for.
    /// </remarks>
    /// <typeparam name="TSampler">The sampler.</typeparam>
    /// <typeparam name="T">float or double, the sampler's precision.</typeparam>
    /// <param name="accuracy">Half the length of the 95 % interval over KL, positive: 0.01 for a percent.</param>
    /// <param name="seed">The seed of the starts.</param>
    /// <param name="mostSamples">The most samples, at least 2. Where they are too few the interval is longer than asked for.</param>
    /// <param name="options">Prior, first index and threads.</param>
    /// <param name="cancellationToken">Stops within a batch.</param>
    /// <exception cref="ArgumentOutOfRangeException">The accuracy, the number of samples or an option is out of its range.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static ComparedLaw Measure<TSampler, T>(
        double accuracy, ulong seed, long mostSamples = 4_000_000, SamplingOptions? options = null, CancellationToken cancellationToken = default)
        where TSampler : IFlowSampler<TSampler, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (!(accuracy > 0)) throw new ArgumentOutOfRangeException(nameof(accuracy), accuracy, "The accuracy must be positive.");
        ArgumentOutOfRangeException.ThrowIfLessThan(mostSamples, 2);
        options ??= new SamplingOptions();
        long first = options.FirstIndex, count = Math.Min(FirstRound, mostSamples);
        for (long learning = count; learning < mostSamples; learning = count / LearningShare)
        {
            count = Needed(Next(learning));
            if (count / LearningShare <= learning) break;
        }
        return Next(count);

        ComparedLaw Next(long samples)
        {
            first += samples;
            return Follow<TSampler, T>(samples, seed, options with { FirstIndex = first - samples }, cancellationToken);
        }

        long Needed(ComparedLaw law)
        {
            MetricEstimate estimate = law.Divergence;
            double excess = 0.5 * (estimate.High - estimate.Low) / (accuracy * estimate.Value);
            double growth = estimate.Low > 0 ? Reserve * excess * excess : double.IsNaN(estimate.Value) ? 1 : GrowthInDoubt;
            return (long)Math.Clamp(Math.Ceiling(growth * law.SampleCount), FirstRound, mostSamples);
        }
    }

    private static ComparedLaw Follow<TSampler, T>(long count, ulong seed, SamplingOptions options, CancellationToken cancellationToken)
        where TSampler : IFlowSampler<TSampler, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        GaussianMixtureModel model = TSampler.Descriptor.Model;
        var metric = new MetricOptions { MaxThreads = options.MaxThreads };
        RatioMoments moments = default;
        long folds = 0, part = Math.Clamp(PartValues / model.Dimension, LeastPart, MostPart);
        bool isFinite = true;
        // The last part has no single sample.
        for (long done = 0, size; done < count; done += size)
        {
            size = count - done <= part + 1 ? count - done : part;
            DensitySamples<T> samples = FlowSampling.SampleWithLogDensities<TSampler, T>(
                size, seed, options with { FirstIndex = options.FirstIndex + done }, cancellationToken: cancellationToken);
            var weights = ImportanceWeights.Measure(model, samples, metric, cancellationToken: cancellationToken);
            moments.Add(weights.LogRatios);
            (folds, isFinite) = (folds + samples.FoldCount, isFinite && weights.IsFinite);
        }
        return isFinite
            ? new(moments.Divergence(isControlled: folds == 0), moments.EffectiveShare * count, folds, count)
            : new(MetricEstimate.NaN, double.NaN, folds, count);
    }
}
