using FlowDsl.Mathematics.Numerics;

namespace FlowDsl.Metrics;

/// <summary>A number estimated from samples, with its 95 % confidence interval. All three are NaN where a sample is not finite.</summary>
/// <param name="Value">The estimate.</param>
/// <param name="Low">The lower end of the interval.</param>
/// <param name="High">The upper end.</param>
public readonly record struct MetricEstimate(double Value, double Low, double High)
{
    // The 97.5 % quantile of the normal law.
    internal const double Deviations = 1.959963984540054;

    /// <summary>What samples that are not finite give.</summary>
    internal static MetricEstimate NaN => new(double.NaN, double.NaN, double.NaN);

    /// <summary>Whether a number lies in the interval, ends included.</summary>
    /// <param name="number">The number.</param>
    public bool Holds(double number) => Low <= number && number <= High;

    /// <summary>"0.0123 (0.011 to 0.0136)": three digits, the same in every culture.</summary>
    public override string ToString() => $"{NumberText.Brief(Value)} ({NumberText.Brief(Low)} to {NumberText.Brief(High)})";

    /// <summary>A number without uncertainty.</summary>
    internal static MetricEstimate Exact(double value) => new(value, value, value);

    /// <summary>The interval of an estimate that is nearly normal.</summary>
    /// <param name="value">The estimate.</param>
    /// <param name="variance">Its variance.</param>
    internal static MetricEstimate Normal(double value, double variance)
    {
        double half = Deviations * Math.Sqrt(variance);
        return new(value, value - half, value + half);
    }

    /// <summary>A share with Wilson's interval, which holds near 0 and 1 too (Wilson, Journal of the American Statistical Association 22, 1927).</summary>
    /// <param name="count">How many have the property.</param>
    /// <param name="total">Of how many.</param>
    internal static MetricEstimate Share(long count, long total)
    {
        double share = (double)count / total, square = Deviations * Deviations / total, scale = 1 / (1 + square);
        double centre = scale * (share + 0.5 * square);
        double half = scale * Math.Sqrt(share * (1 - share) * square + 0.25 * square * square);
        // Rounding must not leave a share of 0 or 1 outside its own interval.
        return new(share, count == 0 ? 0 : centre - half, count == total ? 1 : centre + half);
    }

    /// <summary>The square root of an estimate of something that is not negative.</summary>
    internal MetricEstimate Root() => new(Math.Sqrt(Math.Max(0, Value)), Math.Sqrt(Math.Max(0, Low)), Math.Sqrt(Math.Max(0, High)));
}
