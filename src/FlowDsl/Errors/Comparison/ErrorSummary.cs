using FlowDsl.Errors.Budget;

namespace FlowDsl.Errors.Comparison;

/// <summary>The errors of samples against their exact ends, in a few numbers.</summary>
/// <param name="RelativeMeanSquaredError">Σ|e|² / Σ|x|².</param>
/// <param name="Low">The lower end of its 95 % interval.</param>
/// <param name="High">The upper end.</param>
/// <param name="Median">The median of |e|.</param>
/// <param name="High99">The 99 % quantile of |e|.</param>
/// <param name="FlipShare">The share of samples with |e| above the flip distance.</param>
internal readonly record struct ErrorSummary(double RelativeMeanSquaredError, double Low, double High, double Median, double High99, double FlipShare)
{
    // The 97.5 % quantile of the normal law.
    private const double Deviations = 1.959963984540054;

    /// <summary>Sums up errors. A sample that is not finite has an infinite one.</summary>
    /// <remarks>
    /// The interval is that of a ratio of means by the delta method: R = Σ|e|²/Σ|x|² has the variance Σ(|e|² - R|x|²)² / (Σ|x|²)², to first order in 1/n.
    /// Where few samples carry the error it is too short; the quantiles and the share of flips show that.
    /// </remarks>
    /// <param name="states">n×d values.</param>
    /// <param name="ends">The exact ends, n×d values.</param>
    /// <param name="d">The dimension.</param>
    /// <param name="flipDistance">Half the smallest distance of two means.</param>
    public static ErrorSummary Of(ReadOnlySpan<double> states, ReadOnlySpan<double> ends, int d, double flipDistance)
    {
        int n = states.Length / d, flips = 0;
        double[] squares = new double[n], sizes = new double[n], lengths = new double[n];
        double error = 0, size = 0;
        for (int i = 0; i < n; i++)
        {
            for (int j = i * d; j < (i + 1) * d; j++)
            {
                double difference = states[j] - ends[j];
                squares[i] += difference * difference;
                sizes[i] += ends[j] * ends[j];
            }
            if (!double.IsFinite(squares[i])) squares[i] = double.PositiveInfinity;
            lengths[i] = Math.Sqrt(squares[i]);
            if (lengths[i] > flipDistance) flips++;
            error += squares[i];
            size += sizes[i];
        }
        double ratio = error / size, variance = 0;
        for (int i = 0; i < n; i++)
        {
            double rest = (squares[i] - ratio * sizes[i]) / size;
            variance += rest * rest;
        }
        double half = double.IsFinite(ratio) ? Deviations * Math.Sqrt(variance) : 0;
        Array.Sort(lengths);
        return new ErrorSummary(ratio, Math.Max(0, ratio - half), ratio + half, Quantiles.Of(lengths, 0.5), Quantiles.Of(lengths, 0.99), (double)flips / n);
    }
}
