using System.Numerics;
using FlowDsl.Runtime.Arithmetic;

namespace FlowDsl.Metrics;

/// <summary>
/// The energy distance of two laws, 2 E|x - y| - E|x - x'| - E|y - y'|, 0 for equal laws only; in the units of the samples. Estimated without bias, so
/// estimates for equal laws scatter about 0 and may be negative.
/// </summary>
/// <remarks>
/// Székely and Rizzo, Energy statistics, Journal of Statistical Planning and Inference 143 (2013). The interval is that of
/// <see cref="MaximumMeanDiscrepancy"/>, with the kernel -|x - y|: at least 95 % where the laws are nearly equal, about 95 % where they differ clearly.
/// </remarks>
public static class EnergyDistance
{
    /// <summary>The energy distance of two samples, in O((n + m)² d).</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="samples">n×d values, row-major; n at least 2, independent.</param>
    /// <param name="others">m×d values, row-major; m at least 2, independent of the samples.</param>
    /// <param name="dimension">d, positive.</param>
    /// <param name="options">Threads.</param>
    /// <param name="progress">Receives the share that is done, in increasing order.</param>
    /// <param name="cancellationToken">Stops between blocks of samples.</param>
    /// <returns>The distance, in the units of the samples; NaN where a value is not finite.</returns>
    /// <exception cref="ArgumentException">A sample has fewer than two points or no whole rows.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The dimension is not positive, or an option is out of its range.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static MetricEstimate Between<T>(
        ReadOnlySpan<T> samples, ReadOnlySpan<T> others, int dimension, MetricOptions? options = null, IProgress<double>? progress = null,
        CancellationToken cancellationToken = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        options = MetricOptions.Of(options);
        SampleRows.Count(samples.Length, dimension, 2, nameof(samples));
        SampleRows.Count(others.Length, dimension, 2, nameof(others));
        if (!Vectors.AreFinite(samples) || !Vectors.AreFinite(others)) return MetricEstimate.NaN;
        return TwoSampleStatistic.Of(
            new NegativeDistance(), SampleRows.Widen(samples), SampleRows.Widen(others), dimension, new ParallelRows(options, progress, cancellationToken));
    }

    /// <summary>The energy distance of samples from draws of the true mixture, as many as there are samples.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="model">The model.</param>
    /// <param name="samples">n×d values, row-major; n at least 2, independent.</param>
    /// <param name="options">Time, seed of the draws and threads.</param>
    /// <param name="progress">Receives the share that is done, in increasing order.</param>
    /// <param name="cancellationToken">Stops between blocks of samples.</param>
    /// <returns>The distance, in the units of the samples. The interval covers the draws' chance too; NaN where a value is not finite.</returns>
    /// <exception cref="ArgumentException">
    /// The samples are fewer than two or no whole rows, or a covariance is singular and the time is 0.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static MetricEstimate ToMixture<T>(
        GaussianMixtureModel model, ReadOnlySpan<T> samples, MetricOptions? options = null, IProgress<double>? progress = null,
        CancellationToken cancellationToken = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        options = MetricOptions.Of(options);
        var law = TargetLaw.Of(model, options);
        int n = SampleRows.Count(samples.Length, law.Dimension, 2, nameof(samples));
        if (!Vectors.AreFinite(samples)) return MetricEstimate.NaN;
        double[] draws = law.Draw(n, options.SeedOf(MetricDraw.TrueLaw), new ParallelRows(options, null, cancellationToken));
        return TwoSampleStatistic.Of(
            new NegativeDistance(), SampleRows.Widen(samples), draws, law.Dimension, new ParallelRows(options, progress, cancellationToken));
    }
}
