using FlowDsl.Mathematics.Numerics;

namespace FlowDsl.Mathematics;

/// <summary>The range of numbers in a model: one rule for constructors, attributes and files.</summary>
/// <remarks>
/// Means have lengths of at most 1e50; variances along any axis, which are squares, go from 1e-100 to 1e100, or are 0; times, rates and noise levels go from
/// 1e-50 to 1e50. Products of six lengths or rates, the most that the analysis multiplies, then stay within double precision, 1e±308; fourth powers
/// of a ratio of two lengths would not. This excludes no model: other units bring the numbers into the range. Coordinates of means may be arbitrarily
/// small, because one that is small compared with the standard deviation is as good as 0.
/// </remarks>
public static class SupportedRange
{
    /// <summary>The minimum time, rate or noise level.</summary>
    public const double Min = 1e-50;

    /// <summary>The maximum length of a mean, time, rate or noise level.</summary>
    public const double Max = 1e50;

    /// <summary>The minimum nonzero variance.</summary>
    public const double MinVariance = Min * Min;

    /// <summary>The maximum variance along any axis.</summary>
    public const double MaxVariance = Max * Max;

    // Along other axes a length is the same, up to rounding.
    private const double Rounding = 1e-9;

    private const string Units = "use other units";

    /// <summary>The problem with a mean's size, as a predicate that follows its name; null if there is none.</summary>
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

    /// <summary>The requirement on an entry of a covariance matrix; null if it is met.</summary>
    /// <param name="entry">The entry, finite.</param>
    /// <param name="isDiagonal">Whether it is a variance. Negative variances are reported elsewhere.</param>
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
