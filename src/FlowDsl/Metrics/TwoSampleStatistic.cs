namespace FlowDsl.Metrics;

/// <summary>
/// The unbiased estimate of E k(x, x') + E k(y, y') - 2 E k(x, y) from two independent samples, with its variance: the squared maximum mean discrepancy.
/// </summary>
/// <remarks>
/// <para>
/// The estimate is a U-statistic (Gretton et al., A kernel two-sample test, JMLR 13, 2012, lemma 6). Hoeffding's decomposition splits its variance in two
/// orders,
/// </para>
/// <code>
/// 4 Var h_x/n + 4 Var h_y/m,   h_x(x) = E k(x, x') - E k(x, y),   h_y(y) = E k(y, y') - E k(y, x)
/// 2 ζ_xx/(n(n - 1)) + 2 ζ_yy/(m(m - 1)) + 4 ζ_xy/(nm),   ζ the mean square of the doubly centred kernel.
/// </code>
/// <para>
/// If the laws are equal, the first vanishes and the second is all there is. Both are estimated: the second from the sums of k and k² of every point, the
/// first from the variance of the points' means, less the noise that the second explains.
/// </para>
/// </remarks>
internal static class TwoSampleStatistic
{
    /// <summary>The estimate from two samples of at least two points each.</summary>
    public static MetricEstimate Of<TKernel>(TKernel kernel, double[] x, double[] y, int d, ParallelRows rows)
        where TKernel : struct, IPairKernel
    {
        int n = x.Length / d, m = y.Length / d;
        // The work in pairs: n², nm, mn and m².
        double share = (double)n / (n + m);
        PairSums xx = PairSums.Of(kernel, x, x, d, rows.Part(0, share * share));
        PairSums xy = PairSums.Of(kernel, x, y, d, rows.Part(share * share, share));
        PairSums yx = PairSums.Of(kernel, y, x, d, rows.Part(share, share + share * (1 - share)));
        PairSums yy = PairSums.Of(kernel, y, y, d, rows.Part(share + share * (1 - share), 1));
        RemoveSelf(xx, kernel.AtZero);
        RemoveSelf(yy, kernel.AtZero);
        Means(xx, n - 1);
        Means(yy, m - 1);
        Means(xy, m);
        Means(yx, n);
        double meanXX = Mean(xx.Sums), meanYY = Mean(yy.Sums), meanXY = Mean(xy.Sums), value = meanXX + meanYY - 2 * meanXY;
        double centredXX = Math.Max(0, Mean(xx.Squares) - 2 * MeanSquare(xx.Sums) + meanXX * meanXX);
        double centredYY = Math.Max(0, Mean(yy.Squares) - 2 * MeanSquare(yy.Sums) + meanYY * meanYY);
        double centredXY = Math.Max(0, Mean(xy.Squares) - MeanSquare(xy.Sums) - MeanSquare(yx.Sums) + meanXY * meanXY);
        // The variance of a difference of two means that are taken over finitely many partners holds their noise too.
        double first = 4 * (VarianceOfMean(xx.Sums, xy.Sums) - (centredXX / (n - 1) + centredXY / m) / n)
            + 4 * (VarianceOfMean(yy.Sums, yx.Sums) - (centredYY / (m - 1) + centredXY / n) / m);
        double second = 2 * centredXX / n / (n - 1) + 2 * centredYY / m / (m - 1) + 4 * centredXY / n / m;
        return MetricEstimate.Normal(value, Math.Max(0, first) + second);
    }

    /// <summary>
    /// The same for a kernel that is already centred at a known law, k(x, x') - μ(x) - μ(x') + c: E of it is the discrepancy from that law, and there is
    /// only one sample.
    /// </summary>
    /// <param name="kernel">k.</param>
    /// <param name="x">n×d values; n at least 2.</param>
    /// <param name="embedding">μ(x_i) = E k(x_i, y), y of the known law.</param>
    /// <param name="constant">c = E k(y, y').</param>
    /// <param name="d">The number of coordinates.</param>
    /// <param name="rows">Threads, progress and cancellation.</param>
    public static MetricEstimate Of<TKernel>(TKernel kernel, double[] x, double[] embedding, double constant, int d, ParallelRows rows)
        where TKernel : struct, IPairKernel
    {
        int n = x.Length / d;
        PairSums xx = PairSums.Of(kernel, x, x, d, rows);
        RemoveSelf(xx, kernel.AtZero);
        Means(xx, n - 1);
        double mean = Mean(xx.Sums), centred = Math.Max(0, Mean(xx.Squares) - 2 * MeanSquare(xx.Sums) + mean * mean);
        double first = 4 * (VarianceOfMean(xx.Sums, embedding) - centred / (n - 1) / n), second = 2 * centred / n / (n - 1);
        return MetricEstimate.Normal(mean - 2 * Mean(embedding) + constant, Math.Max(0, first) + second);
    }

    private static void RemoveSelf(PairSums sums, double atZero)
    {
        for (int i = 0; i < sums.Sums.Length; i++)
        {
            sums.Sums[i] -= atZero;
            sums.Squares[i] -= atZero * atZero;
        }
    }

    private static void Means(PairSums sums, int count)
    {
        for (int i = 0; i < sums.Sums.Length; i++)
        {
            sums.Sums[i] /= count;
            sums.Squares[i] /= count;
        }
    }

    private static double Mean(double[] values)
    {
        double sum = 0;
        foreach (double value in values) sum += value;
        return sum / values.Length;
    }

    private static double MeanSquare(double[] values)
    {
        double sum = 0;
        foreach (double value in values) sum += value * value;
        return sum / values.Length;
    }

    private static double VarianceOfMean(double[] left, double[] right)
    {
        double[] differences = new double[left.Length];
        for (int i = 0; i < left.Length; i++) differences[i] = left[i] - right[i];
        return Moments.Of(differences).VarianceOfMean;
    }
}
