using FlowDsl.Errors.Budget;
using FlowDsl.Metrics;

namespace FlowDsl.Errors.Comparison;

/// <summary>The errors of samples against their exact ends, in a few numbers.</summary>
/// <param name="RelativeMeanSquaredError">Σ|e|² / Σ|x|².</param>
/// <param name="Low">The lower end of its 95 % interval.</param>
/// <param name="High">The upper end.</param>
/// <param name="Median">The median of |e|.</param>
/// <param name="High99">The 99 % quantile of |e|.</param>
/// <param name="FlipShare">The share of samples with |e| above the flip distance.</param>
/// <param name="SameBranch">Σ|e|² / Σ|x|² over the other samples.</param>
internal readonly record struct ErrorSummary(
    double RelativeMeanSquaredError, double Low, double High, double Median, double High99, double FlipShare, MetricEstimate SameBranch)
{
    /// <summary>Sums up errors. A sample that is not finite has an infinite one.</summary>
    /// <param name="states">n×d values.</param>
    /// <param name="ends">The exact ends, n×d values.</param>
    /// <param name="d">The dimension.</param>
    /// <param name="flipDistance">Half the smallest distance of two means.</param>
    public static ErrorSummary Of(ReadOnlySpan<double> states, ReadOnlySpan<double> ends, int d, double flipDistance)
    {
        var errors = new PairedErrors(states, ends, d, flipDistance);
        MetricEstimate ratio = errors.RelativeMeanSquare(sameBranch: false);
        double[] lengths = errors.SortedLengths();
        return new(
            ratio.Value, ratio.Low, ratio.High, Quantiles.Of(lengths, 0.5), Quantiles.Of(lengths, 0.99), (double)errors.FlipCount / errors.Count,
            errors.RelativeMeanSquare(sameBranch: true));
    }
}
