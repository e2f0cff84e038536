using System.Globalization;
using FlowDsl.Mathematics;
using FlowDsl.Metrics;

namespace FlowDsl;

/// <summary>One sampler of a <see cref="FlowComparison"/>: its errors against the exact flow from the same starts.</summary>
/// <param name="Name">The sampler's name.</param>
/// <param name="FunctionEvaluations">Velocity evaluations per sample (NFE).</param>
/// <param name="RelativeMeanSquaredError">E|x̂ - x|² / E|x|², x the exact end. Infinite where a sample is not finite.</param>
/// <param name="Low">The lower end of its 95 % confidence interval, at least 0.</param>
/// <param name="High">The upper end.</param>
/// <param name="MedianError">The median of |x̂ - x|.</param>
/// <param name="HighError">The 99 % quantile of |x̂ - x|.</param>
/// <param name="FlipShare">The share of samples that ended in another mode: their error exceeds half the smallest distance of two means.</param>
/// <param name="SameBranch">
/// The relative mean squared error of the other samples, with its 95 % confidence interval: what a finer schedule can mend. NaN if all flipped.
/// </param>
/// <param name="Forecast">What the compiler expected of the sampler; null where it has no forecast.</param>
public sealed record ComparedSampler(
    string Name, int FunctionEvaluations, double RelativeMeanSquaredError, double Low, double High, double MedianError, double HighError, double FlipShare,
    MetricEstimate SameBranch, SamplerForecast? Forecast)
{
    /// <summary>How far the law of the sampler itself is from the true one; null unless it was asked for.</summary>
    public ComparedLaw? Law { get; init; }

    /// <summary>The figures in words, the same in every culture.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Name}: {FunctionEvaluations} evaluations, relative MSE {RelativeMeanSquaredError:0.00E+0} ({Low:0.00E+0} to {High:0.00E+0}), ")
        + string.Create(CultureInfo.InvariantCulture, $"median error {MedianError:0.00E+0}, 99 % {HighError:0.00E+0}, {FlipShare:P2} in another mode");
}
