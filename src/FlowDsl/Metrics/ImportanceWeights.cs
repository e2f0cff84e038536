using System.Globalization;
using System.Numerics;

namespace FlowDsl.Metrics;

/// <summary>
/// Samples whose own density is known, weighted so that their means are those of the true law: the weight of a sample is p(x)/q(x), p the mixture's law
/// and q the law of the sampler that drew it. What the weights scatter is what the sampler errs.
/// </summary>
/// <remarks>
/// Weights repair what the sampler got wrong only where it goes at all: q must be positive wherever p is. A sampler that does not fold and whose starts
/// have a positive density everywhere sees to that. Where it folds, the densities are lower bounds, the weights too large, and the divergence too small.
/// </remarks>
public sealed class ImportanceWeights
{
    private readonly double[] _ratios, _weights, _own, _target;
    // log(Σ p/q / n)
    private readonly double _logMean;

    private ImportanceWeights(double[] own, double[] target, long foldCount)
    {
        (_own, _target, FoldCount) = (own, target, foldCount);
        _ratios = new double[own.Length];
        _weights = new double[own.Length];
        bool isFinite = true;
        double greatest = double.NegativeInfinity;
        for (int i = 0; i < own.Length; i++)
        {
            _ratios[i] = target[i] - own[i];
            isFinite &= !double.IsNaN(_ratios[i]);
            greatest = Math.Max(greatest, _ratios[i]);
        }
        IsFinite = isFinite && double.IsFinite(greatest);
        // Relative to the greatest, no exponential overflows.
        double sum = 0;
        for (int i = 0; i < own.Length; i++) sum += _weights[i] = Math.Exp(_ratios[i] - greatest);
        _logMean = greatest + Math.Log(sum / own.Length);
        foreach (ref double weight in _weights.AsSpan()) weight /= sum;
    }

    /// <summary>n.</summary>
    public int Count => _weights.Length;

    /// <summary>The samples at which the sampler's map does not keep the orientation; if there are any, <see cref="Divergence"/> is a lower bound.</summary>
    public long FoldCount { get; }

    /// <summary>Whether every sample and its density are finite. If not, all figures are NaN.</summary>
    public bool IsFinite { get; }

    /// <summary>log p(x_i) - log q(x_i), in nats.</summary>
    public ReadOnlySpan<double> LogRatios => _ratios;

    /// <summary>The weights, which sum to 1.</summary>
    public ReadOnlySpan<double> Weights => _weights;

    /// <summary>1/Σw²: as many independent samples of the true law would have means as exact as the weighted ones (Kish). From 1 to n.</summary>
    public double EffectiveSampleSize
    {
        get
        {
            double squares = 0;
            foreach (double weight in _weights) squares += weight * weight;
            return IsFinite ? 1 / squares : double.NaN;
        }
    }

    /// <summary>
    /// log(Σ p/q / n), in nats. Its truth is 0: an interval without 0 means that q or p is not what it is said to be, or that the sampler folds.
    /// </summary>
    public MetricEstimate LogNormalizer
    {
        get
        {
            // The weights' mean is 1/n; the relative variance of their mean is the variance of its logarithm.
            return IsFinite ? MetricEstimate.Normal(_logMean, Moments.Of(_weights).VarianceOfMean * Count * Count) : MetricEstimate.NaN;
        }
    }

    /// <summary>
    /// KL(q‖p), in nats: how far the sampler's law is from the true one. The mean of log q - log p over the samples, with p/q as a control: its mean is
    /// known to be 1, and for small divergences its chance is nearly that of the logarithm.
    /// </summary>
    public MetricEstimate Divergence
    {
        get
        {
            if (!IsFinite) return MetricEstimate.NaN;
            RatioMoments moments = default;
            moments.Add(_ratios);
            return moments.Divergence(isControlled: FoldCount == 0);
        }
    }

    /// <summary>
    /// -E_q log p, in nats per sample: the samples' negative log-likelihood. It has two parts, <see cref="Entropy"/> and <see cref="Divergence"/>: what any
    /// samples of the law q would have, and what p does not explain.
    /// </summary>
    public MetricEstimate NegativeLogLikelihood => MeanOfNegative(_target);

    /// <summary>-E_q log q, in nats: the entropy of the sampler's own law.</summary>
    public MetricEstimate Entropy => MeanOfNegative(_own);

    /// <summary>Weighs samples of a model's sampler.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="model">The model, whose law the samples should have.</param>
    /// <param name="samples">n×d values, row-major; n at least 2, independent.</param>
    /// <param name="logDensities">log q of each sample, as a sampler's call with log-densities gives them.</param>
    /// <param name="foldCount">What that call returned: if it is not 0, p/q does not have the mean 1, and is no control.</param>
    /// <param name="options">Time and threads.</param>
    /// <param name="progress">Receives the share that is done, in increasing order.</param>
    /// <param name="cancellationToken">Stops between blocks of samples.</param>
    /// <exception cref="ArgumentException">
    /// The samples are fewer than two or no whole rows, the log-densities are not as many, or a covariance is singular and the time is 0.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static ImportanceWeights Measure<T>(
        GaussianMixtureModel model, ReadOnlySpan<T> samples, ReadOnlySpan<double> logDensities, long foldCount = 0, MetricOptions? options = null,
        IProgress<double>? progress = null, CancellationToken cancellationToken = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        options = MetricOptions.Of(options);
        var law = TargetLaw.Of(model, options);
        int n = SampleRows.Count(samples.Length, law.Dimension, 2, nameof(samples));
        SampleRows.CheckEqual(logDensities.Length, n, nameof(logDensities));
        double[] target = law.LogDensities(SampleRows.Widen(samples), new ParallelRows(options, progress, cancellationToken));
        return new(logDensities.ToArray(), target, foldCount);
    }

    /// <summary>Weighs what <see cref="FlowSampling.SampleWithLogDensities"/> drew.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="model">The model, whose law the samples should have.</param>
    /// <param name="samples">At least 2 samples.</param>
    /// <param name="options">Time and threads.</param>
    /// <param name="progress">Receives the share that is done, in increasing order.</param>
    /// <param name="cancellationToken">Stops between blocks of samples.</param>
    /// <exception cref="ArgumentException">The samples are fewer than two or of another model, or a covariance is singular and the time is 0.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static ImportanceWeights Measure<T>(
        GaussianMixtureModel model, DensitySamples<T> samples, MetricOptions? options = null, IProgress<double>? progress = null,
        CancellationToken cancellationToken = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(samples);
        return Measure(model, samples.States.Span, samples.LogDensities.Span, samples.FoldCount, options, progress, cancellationToken);
    }

    /// <summary>Weighs samples for any law whose log-density is known at each.</summary>
    /// <param name="logDensities">log q of each sample; at least 2.</param>
    /// <param name="targetLogDensities">log p of each sample.</param>
    /// <param name="foldCount">What the call that gave the densities returned.</param>
    /// <exception cref="ArgumentException">There are fewer than two samples, or the numbers of densities differ.</exception>
    public static ImportanceWeights Of(ReadOnlySpan<double> logDensities, ReadOnlySpan<double> targetLogDensities, long foldCount = 0)
    {
        int n = SampleRows.Count(logDensities.Length, 1, 2, nameof(logDensities));
        SampleRows.CheckEqual(targetLogDensities.Length, n, nameof(targetLogDensities));
        return new(logDensities.ToArray(), targetLogDensities.ToArray(), foldCount);
    }

    /// <summary>E_p f, from f at the samples: Σ w f. Its bias is of order 1/n; the interval is that of a ratio of means.</summary>
    /// <param name="values">f of each sample.</param>
    /// <exception cref="ArgumentException">There are not as many values as samples.</exception>
    public MetricEstimate Mean(ReadOnlySpan<double> values)
    {
        SampleRows.CheckEqual(values.Length, Count, nameof(values));
        if (!IsFinite) return MetricEstimate.NaN;
        double mean = 0, variance = 0;
        for (int i = 0; i < values.Length; i++) mean += _weights[i] * values[i];
        for (int i = 0; i < values.Length; i++) variance += _weights[i] * _weights[i] * (values[i] - mean) * (values[i] - mean);
        return MetricEstimate.Normal(mean, variance);
    }

    /// <summary>E_p f without any bias, since p and q are normalised: Σ (p/q) f / n. It scatters more than <see cref="Mean"/> where f is far from 0.</summary>
    /// <param name="values">f of each sample.</param>
    /// <exception cref="ArgumentException">There are not as many values as samples.</exception>
    public MetricEstimate UnbiasedMean(ReadOnlySpan<double> values)
    {
        SampleRows.CheckEqual(values.Length, Count, nameof(values));
        if (!IsFinite) return MetricEstimate.NaN;
        double[] terms = values.ToArray();
        for (int i = 0; i < terms.Length; i++) terms[i] *= Math.Exp(_ratios[i]);
        return Moments.Of(terms).Estimate;
    }

    private MetricEstimate MeanOfNegative(double[] logs)
        => IsFinite ? Moments.Of(Array.ConvertAll(logs, static log => -log)).Estimate : MetricEstimate.NaN;

    /// <summary>The figures in words, the same in every culture.</summary>
    public override string ToString()
        => string.Create(
            CultureInfo.InvariantCulture,
            $"{Count} samples, worth {EffectiveSampleSize:0} true ones; KL {Divergence}; log-normaliser {LogNormalizer}");
}
