using System.Numerics;
using FlowDsl.Errors.Budget;
using FlowDsl.Mathematics.Numerics;
using FlowDsl.Runtime.Arithmetic;

namespace FlowDsl.Metrics;

/// <summary>The errors of samples against the exact ends of the same starts. All figures are NaN where a value is not finite.</summary>
/// <param name="RelativeMeanSquaredError">
/// Σ|x̂ - x|² / Σ|x|², x the exact end; the interval is that of a ratio of means by the delta method, too short where few samples carry the error.
/// </param>
/// <param name="SameBranch">The same over the samples that did not end in another mode; NaN if all did.</param>
/// <param name="FlipShare">The share of samples that did, |x̂ - x| beyond the flip distance, with Wilson's interval.</param>
/// <param name="MedianError">The median of |x̂ - x|.</param>
/// <param name="HighError">The 99 % quantile of |x̂ - x|.</param>
public sealed record RelativeError(
    MetricEstimate RelativeMeanSquaredError, MetricEstimate SameBranch, MetricEstimate FlipShare, double MedianError, double HighError)
{
    /// <summary>Compares samples with exact ends; a sample is in another mode if its error exceeds half the smallest distance of two means.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="model">The model, whose means decide.</param>
    /// <param name="samples">n×d values, row-major; n at least 2, independent.</param>
    /// <param name="exactEnds">
    /// n×d values: where <see cref="GaussianMixtureModel.FlowMaps(double, double, Span{double}, double, int, IProgress{long}, CancellationToken)"/> takes
    /// each sample's start.
    /// </param>
    /// <exception cref="ArgumentException">The samples are fewer than two or no whole rows, or the ends are not as many.</exception>
    public static RelativeError Measure<T>(GaussianMixtureModel model, ReadOnlySpan<T> samples, ReadOnlySpan<double> exactEnds)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(model);
        return Measure(samples, exactEnds, model.Dimension, 0.5 * MeanDistances.Of(model.Mixture).Min);
    }

    /// <summary>Compares samples with exact ends.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="samples">n×d values, row-major; n at least 2, independent.</param>
    /// <param name="exactEnds">n×d values.</param>
    /// <param name="dimension">d, positive.</param>
    /// <param name="flipDistance">The error beyond which a sample counts as in another mode, positive; infinite if there is only one.</param>
    /// <exception cref="ArgumentException">The samples are fewer than two or no whole rows, or the ends are not as many.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The dimension or the flip distance is not positive.</exception>
    public static RelativeError Measure<T>(ReadOnlySpan<T> samples, ReadOnlySpan<double> exactEnds, int dimension, double flipDistance)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int n = SampleRows.Count(samples.Length, dimension, 2, nameof(samples));
        SampleRows.CheckEqual(exactEnds.Length, samples.Length, nameof(exactEnds));
        if (!(flipDistance > 0))
            throw new ArgumentOutOfRangeException(
                nameof(flipDistance), flipDistance, $"The flip distance is {PortableNumber.Format(flipDistance)}; it must be positive.");
        if (!Vectors.AreFinite(samples) || !Vectors.AreFinite(exactEnds))
            return new(MetricEstimate.NaN, MetricEstimate.NaN, MetricEstimate.NaN, double.NaN, double.NaN);
        var errors = new PairedErrors(SampleRows.Widen(samples), exactEnds, dimension, flipDistance);
        double[] sorted = errors.SortedLengths();
        return new(
            errors.RelativeMeanSquare(sameBranch: false), errors.RelativeMeanSquare(sameBranch: true), MetricEstimate.Share(errors.FlipCount, n),
            Quantiles.Of(sorted, 0.5), Quantiles.Of(sorted, 0.99));
    }

    /// <summary>The figures in words, the same in every culture.</summary>
    public override string ToString()
        => $"relative MSE {RelativeMeanSquaredError}, same branch {SameBranch}, in another mode {FlipShare}, "
            + $"median error {NumberText.Brief(MedianError)}, 99 % {NumberText.Brief(HighError)}";
}
