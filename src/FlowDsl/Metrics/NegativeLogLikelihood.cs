using System.Numerics;
using FlowDsl.Runtime.Arithmetic;

namespace FlowDsl.Metrics;

/// <summary>
/// The negative log-likelihood of samples under the true mixture, in nats per sample, and its excess over the true law's entropy: what samples of the
/// true law itself would have.
/// </summary>
/// <remarks>
/// NLL(q) = -E_q log p_t and H = -E_p log p_t. The excess is ∫(p_t - q) log p_t: 0 where q = p_t, but also for other laws, and negative for samples that
/// huddle where the density is high. It is no divergence; <see cref="KullbackLeibler"/> is one.
/// </remarks>
public static class NegativeLogLikelihood
{
    /// <summary>-Σ log p_t(x_i) / n, with the interval of the central limit theorem.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="model">The model.</param>
    /// <param name="samples">n×d values, row-major; n at least 2, independent.</param>
    /// <param name="options">Time and threads.</param>
    /// <param name="progress">Receives the share that is done, in increasing order.</param>
    /// <param name="cancellationToken">Stops between blocks of samples.</param>
    /// <returns>Nats per sample; NaN where a sample is not finite.</returns>
    /// <exception cref="ArgumentException">
    /// The samples are fewer than two or no whole rows, or a covariance is singular and the time is 0.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static MetricEstimate Measure<T>(
        GaussianMixtureModel model, ReadOnlySpan<T> samples, MetricOptions? options = null, IProgress<double>? progress = null,
        CancellationToken cancellationToken = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        options = MetricOptions.Of(options);
        var law = TargetLaw.Of(model, options);
        SampleRows.Count(samples.Length, law.Dimension, 2, nameof(samples));
        if (!Vectors.AreFinite(samples)) return MetricEstimate.NaN;
        return Moments.Of(Values(law, SampleRows.Widen(samples), new ParallelRows(options, progress, cancellationToken))).Estimate;
    }

    /// <summary>H = -E log p_t(x), the differential entropy of the true law.</summary>
    /// <remarks>
    /// Of one component it is exact, Σ_j ½ log(2πe (a²σ_j² + s²)), σ_j² the variances along its axes (Cover and Thomas, Elements of Information Theory,
    /// theorem 8.4.1), with an interval of no length. Of several it is a mean over draws.
    /// </remarks>
    /// <param name="model">The model.</param>
    /// <param name="draws">The number of draws, at least 2.</param>
    /// <param name="options">Time, seed and threads.</param>
    /// <param name="progress">Receives the share that is done, in increasing order.</param>
    /// <param name="cancellationToken">Stops between blocks of draws.</param>
    /// <returns>Nats.</returns>
    /// <exception cref="ArgumentException">A covariance is singular and the time is 0.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer than two draws, or an option is out of its range.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static MetricEstimate Entropy(
        GaussianMixtureModel model, int draws = 100_000, MetricOptions? options = null, IProgress<double>? progress = null,
        CancellationToken cancellationToken = default)
    {
        CheckDraws(draws);
        options = MetricOptions.Of(options);
        return Entropy(TargetLaw.Of(model, options), draws, options, new ParallelRows(options, progress, cancellationToken)).Estimate;
    }

    /// <summary>The samples' negative log-likelihood less the entropy, which comes from draws that are independent of the samples.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="model">The model.</param>
    /// <param name="samples">n×d values, row-major; n at least 2, independent.</param>
    /// <param name="draws">The number of draws for the entropy, at least 2; of one component it is exact and needs none.</param>
    /// <param name="options">Time, seed and threads.</param>
    /// <param name="progress">Receives the share that is done, in increasing order.</param>
    /// <param name="cancellationToken">Stops between blocks of samples.</param>
    /// <returns>Nats per sample. The interval covers the samples' chance and that of the draws; NaN where a sample is not finite.</returns>
    /// <exception cref="ArgumentException">
    /// The samples are fewer than two or no whole rows, or a covariance is singular and the time is 0.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer than two draws, or an option is out of its range.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static MetricEstimate Excess<T>(
        GaussianMixtureModel model, ReadOnlySpan<T> samples, int draws = 100_000, MetricOptions? options = null, IProgress<double>? progress = null,
        CancellationToken cancellationToken = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        CheckDraws(draws);
        options = MetricOptions.Of(options);
        var law = TargetLaw.Of(model, options);
        SampleRows.Count(samples.Length, law.Dimension, 2, nameof(samples));
        if (!Vectors.AreFinite(samples)) return MetricEstimate.NaN;
        var rows = new ParallelRows(options, progress, cancellationToken);
        var own = Moments.Of(Values(law, SampleRows.Widen(samples), rows.Part(0, 0.5)));
        Moments entropy = Entropy(law, draws, options, rows.Part(0.5, 1));
        return MetricEstimate.Normal(own.Mean - entropy.Mean, own.VarianceOfMean + entropy.VarianceOfMean);
    }

    /// <summary>
    /// The excess against the exact ends of the same starts, which are samples of p_t themselves. What both have in common cancels: the interval is
    /// much shorter than against independent draws.
    /// </summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="model">The model.</param>
    /// <param name="samples">n×d values, row-major; n at least 2, independent.</param>
    /// <param name="exactEnds">n×d values: where the exact flow takes each sample's start.</param>
    /// <param name="options">Time and threads.</param>
    /// <param name="progress">Receives the share that is done, in increasing order.</param>
    /// <param name="cancellationToken">Stops between blocks of samples.</param>
    /// <returns>Nats per sample; NaN where a value is not finite.</returns>
    /// <exception cref="ArgumentException">
    /// The samples are fewer than two or no whole rows, the ends are not as many, or a covariance is singular and the time is 0.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static MetricEstimate Excess<T>(
        GaussianMixtureModel model, ReadOnlySpan<T> samples, ReadOnlySpan<double> exactEnds, MetricOptions? options = null, IProgress<double>? progress = null,
        CancellationToken cancellationToken = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        options = MetricOptions.Of(options);
        var law = TargetLaw.Of(model, options);
        SampleRows.Count(samples.Length, law.Dimension, 2, nameof(samples));
        SampleRows.CheckEqual(exactEnds.Length, samples.Length, nameof(exactEnds));
        if (!Vectors.AreFinite(samples) || !Vectors.AreFinite(exactEnds)) return MetricEstimate.NaN;
        var rows = new ParallelRows(options, progress, cancellationToken);
        double[] own = Values(law, SampleRows.Widen(samples), rows.Part(0, 0.5)), exact = Values(law, exactEnds.ToArray(), rows.Part(0.5, 1));
        for (int i = 0; i < own.Length; i++) own[i] -= exact[i];
        return Moments.Of(own).Estimate;
    }

    private static Moments Entropy(TargetLaw law, int draws, MetricOptions options, ParallelRows rows)
    {
        if (law.Mixture.Count > 1) return Moments.Of(Negative(law.DrawLogDensities(draws, options.SeedOf(MetricDraw.TrueLaw), rows)));
        double sum = 0;
        foreach (double variance in law.Mixture.Covariances[0].Variances) sum += 0.5 * Math.Log(2 * Math.PI * Math.E * law.Point.Spread(variance));
        return new(sum, 0);
    }

    private static double[] Values(TargetLaw law, double[] samples, ParallelRows rows) => Negative(law.LogDensities(samples, rows));

    private static double[] Negative(double[] values)
    {
        foreach (ref double value in values.AsSpan()) value = -value;
        return values;
    }

    private static void CheckDraws(int draws)
    {
        if (draws < 2) throw new ArgumentOutOfRangeException(nameof(draws), draws, $"There are {draws} draws; there must be at least 2.");
    }
}
