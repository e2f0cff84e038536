using FlowDsl.Mathematics.Numerics;

namespace FlowDsl.Mathematics;

/// <summary>The sizes of numbers that a model may have: one rule for constructors, attributes and files.</summary>
/// <remarks>
/// Means have lengths of at most 1e50; variances along any axis, which are squares, go from 1e-100 to 1e100, or are 0; times, rates and noise levels go from
/// 1e-50 to 1e50. Products of six lengths or rates then stay within double precision, 1e±308, which is as many as the analysis multiplies: fourth powers of a
/// ratio of two lengths would not. Nothing is lost by it: a model whose numbers are beyond is another one's in other units. Coordinates of means may be as small
/// as they like, since a coordinate that is small beside a deviation is as good as 0.
/// </remarks>
public static class SupportedRange
{
    /// <summary>The least time, rate or noise level.</summary>
    public const double Min = 1e-50;

    /// <summary>The largest length of a mean, time, rate or noise level.</summary>
    public const double Max = 1e50;

    /// <summary>The smallest variance that is not 0.</summary>
    public const double MinVariance = Min * Min;

    /// <summary>The largest variance along any axis.</summary>
    public const double MaxVariance = Max * Max;

    // Along other axes a length is the same, up to rounding.
    private const double Rounding = 1e-9;

    private const string Units = "use other units";

    /// <summary>What is wrong with the size of a mean, as what follows its name in a sentence; null where nothing is.</summary>
    /// <param name="mean">Its finite coordinates.</param>
    public static string? OfMean(ReadOnlySpan<double> mean)
    {
        double greatest = 0, sum = 0;
        for (int j = 0; j < mean.Length; j++)
        {
            greatest = Math.Max(greatest, Math.Abs(mean[j]));
            if (greatest > (1 + Rounding) * Max) return $"has the coordinate {PortableNumber.Format(mean[j], 6)}; its length must be at most 1e50: {Units}";
        }
        foreach (double value in mean) sum += value * value;
        return Math.Sqrt(sum) <= (1 + Rounding) * Max ? null : $"has the length {PortableNumber.Format(Math.Sqrt(sum), 6)}; it must be at most 1e50: {Units}";
    }

    /// <summary>The same for a variance.</summary>
    /// <param name="variance">The variance, finite and at least 0.</param>
    public static string? OfVariance(double variance) => variance == 0 || (variance >= (1 - Rounding) * MinVariance && variance <= (1 + Rounding) * MaxVariance)
        ? null
        : $"is {PortableNumber.Format(variance, 6)}; it must be 0 or from 1e-100 to 1e100: {Units}";

    /// <summary>What is asked of an entry of a covariance matrix; null where it is so.</summary>
    /// <param name="entry">The entry, finite.</param>
    /// <param name="isDiagonal">Whether it is a variance. What else is wrong with a negative one is said elsewhere.</param>
    public static string? OfEntry(double entry, bool isDiagonal)
    {
        if (isDiagonal) return OfVariance(Math.Abs(entry)) is null ? null : $"it must be 0 or from 1e-100 to 1e100: {Units}";
        return Math.Abs(entry) <= (1 + Rounding) * MaxVariance ? null : $"it must be at most 1e100 in size: {Units}";
    }

    /// <summary>The same for a time, a rate or a noise level.</summary>
    /// <param name="value">The value, positive and finite.</param>
    public static string? OfScale(double value) => value >= (1 - Rounding) * Min && value <= (1 + Rounding) * Max
        ? null
        : $"is {PortableNumber.Format(value, 6)}; it must be from 1e-50 to 1e50: {Units}";
}
