namespace FlowDsl.Metrics;

/// <summary>The errors of samples against their exact ends, sample by sample.</summary>
internal sealed class PairedErrors
{
    private readonly double[] _squares, _sizes, _lengths;
    private readonly double _flipDistance;

    /// <summary>Takes differences. A sample that is not finite has an infinite error.</summary>
    /// <param name="states">n×d values.</param>
    /// <param name="ends">The exact ends, n×d values.</param>
    /// <param name="d">The dimension.</param>
    /// <param name="flipDistance">The error beyond which a sample counts as in another mode.</param>
    public PairedErrors(ReadOnlySpan<double> states, ReadOnlySpan<double> ends, int d, double flipDistance)
    {
        int n = states.Length / d;
        (_squares, _sizes, _lengths, _flipDistance) = (new double[n], new double[n], new double[n], flipDistance);
        for (int i = 0; i < n; i++)
        {
            for (int j = i * d; j < (i + 1) * d; j++)
            {
                double difference = states[j] - ends[j];
                _squares[i] += difference * difference;
                _sizes[i] += ends[j] * ends[j];
            }
            if (!double.IsFinite(_squares[i])) _squares[i] = double.PositiveInfinity;
            _lengths[i] = Math.Sqrt(_squares[i]);
            if (_lengths[i] > flipDistance) FlipCount++;
        }
    }

    /// <summary>n.</summary>
    public int Count => _squares.Length;

    /// <summary>The number of samples whose error is beyond the flip distance.</summary>
    public int FlipCount { get; }

    /// <summary>The errors |e| in increasing order.</summary>
    public double[] SortedLengths()
    {
        double[] sorted = [.. _lengths];
        Array.Sort(sorted);
        return sorted;
    }

    /// <summary>Σ|e|²/Σ|x|².</summary>
    /// <remarks>
    /// The interval is that of a ratio of means by the delta method: R = Σ|e|²/Σ|x|² has the variance Σ(|e|² - R|x|²)² / (Σ|x|²)², to first order in 1/n.
    /// Where few samples carry the error it is too short; the quantiles and the share of flips show that.
    /// </remarks>
    /// <param name="sameBranch">Whether to leave out the flips, in both sums.</param>
    public MetricEstimate RelativeMeanSquare(bool sameBranch)
    {
        double error = 0, size = 0;
        for (int i = 0; i < _squares.Length; i++)
        {
            if (sameBranch && _lengths[i] > _flipDistance) continue;
            error += _squares[i];
            size += _sizes[i];
        }
        double ratio = error / size, variance = 0;
        for (int i = 0; i < _squares.Length; i++)
        {
            if (sameBranch && _lengths[i] > _flipDistance) continue;
            double rest = (_squares[i] - ratio * _sizes[i]) / size;
            variance += rest * rest;
        }
        double half = double.IsFinite(ratio) ? MetricEstimate.Deviations * Math.Sqrt(variance) : 0;
        return new(ratio, Math.Max(0, ratio - half), ratio + half);
    }
}
