using FlowDsl.Analysis;

namespace FlowDsl;

/// <summary>Fits Gaussian mixtures to points by maximum likelihood.</summary>
public static class GaussianMixtureFit
{
    /// <summary>
    /// Fits a mixture of K components by expectation-maximisation, from several starts of which the one of the greatest
    /// likelihood wins. The bits of the result depend on the arguments alone, not on the host.
    /// </summary>
    /// <remarks>
    /// A start is k-means++ and Lloyd's iterations; except for spherical covariances, which depend on the units of the coordinates themselves, the
    /// columns are brought to unit variance for it. One step costs O(n K d²) (full and tied) or O(n K d); n·K doubles are kept.
    /// </remarks>
    /// <param name="rows">n points, row-major n×d, every value finite.</param>
    /// <param name="dimension">d, at least 1.</param>
    /// <param name="componentCount">K, at least 1 and at most the number of distinct points.</param>
    /// <param name="options">How to fit; the defaults of <see cref="FitOptions"/> if null.</param>
    /// <param name="progress">Told of every step.</param>
    /// <param name="cancellationToken">Looked at before every step.</param>
    /// <returns>The fitted mixture in the coordinates of the points, and how well it fits.</returns>
    /// <exception cref="ArgumentException">
    /// A count or an option is out of range, the length of the rows is no multiple of d, a value is not finite, there are too few
    /// distinct points, or the points are flat or coincide so that only a greater <see cref="FitOptions.CovarianceFloor"/> gives
    /// the likelihood a maximum.
    /// </exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static FitResult Fit(
        ReadOnlySpan<double> rows,
        int dimension,
        int componentCount,
        FitOptions? options = null,
        IProgress<FitProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        options ??= new FitOptions();
        options.Validate();
        CheckPoints(rows, dimension, componentCount);
        int n = rows.Length / dimension;
        double[] points = Centre(rows, dimension, out double[] centre, out double[] deviations);
        CheckSpread(options, points, deviations);
        double[] scaled = Scale(points, options.CovarianceType, deviations);

        var machine = new ExpectationMaximization(points, dimension, componentCount, options.CovarianceType, options.CovarianceFloor);
        FitResult? best = null;
        for (int restart = 0; restart < options.Restarts; restart++)
        {
            Action<int, double>? report = progress is null
                ? null
                : (iteration, logLikelihood) => progress.Report(new FitProgress(
                    restart, options.Restarts, iteration, logLikelihood, Math.Max(logLikelihood, best?.LogLikelihood ?? logLikelihood)));
            var random = new SplitMix64(options.Seed, restart);
            int[] clusters = KMeans.Cluster(scaled, dimension, componentCount, ref random, cancellationToken);
            if (!machine.Start(clusters)) continue;
            if (!machine.Run(options.MaxIterations, options.Tolerance, report, cancellationToken)) continue;
            if (best is null || machine.History[^1] > best.LogLikelihood) best = ToResult(machine, n, options.CovarianceType, centre);
        }
        return best ?? throw new ArgumentException(
            $"In each of the {options.Restarts} restarts a covariance became singular within rounding, where the likelihood has no maximum. " +
            $"{nameof(FitOptions.CovarianceFloor)} is {PortableNumber.Format(options.CovarianceFloor)}, in squared units of the data; " +
            $"raise it, or ask for fewer than {componentCount} components.", nameof(options));
    }

    private static void CheckPoints(ReadOnlySpan<double> rows, int dimension, int componentCount)
    {
        if (dimension < 1) throw new ArgumentOutOfRangeException(nameof(dimension), $"The dimension is {dimension}; it must be at least 1.");
        if (componentCount < 1) throw new ArgumentOutOfRangeException(nameof(componentCount), $"The number of components is {componentCount}; it must be at least 1.");
        if (rows.Length % dimension != 0)
            throw new ArgumentException($"There are {rows.Length} values, which is no multiple of the dimension {dimension}.", nameof(rows));
        for (int i = 0; i < rows.Length; i++)
            if (!double.IsFinite(rows[i]))
                throw new ArgumentException($"The value of row {i / dimension}, column {i % dimension} is {PortableNumber.Format(rows[i])}; every value must be finite.", nameof(rows));
        for (int i = 0; i < rows.Length; i++)
            if (Math.Abs(rows[i]) > SupportedRange.Greatest)
                throw new ArgumentException($"The value of row {i / dimension}, column {i % dimension} is {PortableNumber.Format(rows[i])}; it must be at most 1e50 in size: use other units.", nameof(rows));
        int n = rows.Length / dimension;
        if (n < componentCount)
            throw new ArgumentException($"There {(n == 1 ? "is 1 point" : $"are {n} points")}; {componentCount} components need at least {componentCount}.", nameof(rows));
        if ((long)n * componentCount > Array.MaxLength)
            throw new ArgumentException($"{n} points times {componentCount} components are more than {Array.MaxLength}, the most responsibilities an array holds; fit a part of the points.", nameof(rows));
        int distinct = CountDistinct(rows, dimension, componentCount);
        if (distinct < componentCount)
            throw new ArgumentException($"The {n} points have only {distinct} distinct {(distinct == 1 ? "value" : "values")}; {componentCount} components need at least {componentCount}.", nameof(rows));
    }

    private static int CountDistinct(ReadOnlySpan<double> rows, int dimension, int enough)
    {
        int[] distinct = new int[enough];
        int count = 0;
        for (int i = 0; i < rows.Length && count < enough; i += dimension)
        {
            bool seen = false;
            for (int m = 0; m < count && !seen; m++)
                seen = rows.Slice(i, dimension).SequenceEqual(rows.Slice(distinct[m], dimension));
            if (!seen) distinct[count++] = i;
        }
        return count;
    }

    private static double[] Centre(ReadOnlySpan<double> rows, int dimension, out double[] centre, out double[] deviations)
    {
        int n = rows.Length / dimension;
        centre = new double[dimension];
        deviations = new double[dimension];
        // Shifted by the first row, so that a constant column has exactly its value as mean.
        for (int i = 0; i < rows.Length; i++) centre[i % dimension] += (rows[i] - rows[i % dimension]) / n;
        for (int j = 0; j < dimension; j++) centre[j] += rows[j];
        double[] points = new double[rows.Length];
        for (int i = 0; i < rows.Length; i++)
        {
            points[i] = rows[i] - centre[i % dimension];
            deviations[i % dimension] += points[i] * points[i] / n;
        }
        for (int j = 0; j < dimension; j++) deviations[j] = Math.Sqrt(deviations[j]);
        return points;
    }

    private static void CheckSpread(FitOptions options, double[] points, double[] deviations)
    {
        if (options.CovarianceFloor > 0) return;
        for (int i = 0; i < points.Length; i++)
        {
            int j = i % deviations.Length;
            // Not constant, though its variance may be 0 after rounding.
            if (points[i] == 0 || deviations[j] >= SupportedRange.Least || (options.CovarianceType == CovarianceType.Spherical && deviations.Max() >= SupportedRange.Least)) continue;
            throw new ArgumentException($"The values of column {j} differ by less than 1e-50, so that their variance is beyond double precision while {nameof(FitOptions.CovarianceFloor)} is 0: use other units.", nameof(options));
        }
        int constant = Array.IndexOf(deviations, 0);
        if (constant < 0) return;
        if (deviations.All(deviation => deviation == 0))
            throw new ArgumentException($"All points are identical, so the likelihood has no maximum while {nameof(FitOptions.CovarianceFloor)} is 0; it must be positive for such data.", nameof(options));
        if (options.CovarianceType != CovarianceType.Spherical)
            throw new ArgumentException($"Column {constant} is constant, so the likelihood has no maximum while {nameof(FitOptions.CovarianceFloor)} is 0; make it positive or leave the column out.", nameof(options));
    }

    private static double[] Scale(double[] points, CovarianceType type, double[] deviations)
    {
        if (type == CovarianceType.Spherical) return points;
        double[] scaled = new double[points.Length];
        for (int i = 0; i < points.Length; i++)
        {
            double deviation = deviations[i % deviations.Length];
            scaled[i] = deviation > 0 ? points[i] / deviation : 0;
        }
        return scaled;
    }

    private static FitResult ToResult(ExpectationMaximization machine, int pointCount, CovarianceType type, double[] centre)
    {
        int count = machine.Weights.Length, d = centre.Length;
        double[][] means = new double[count][];
        for (int k = 0; k < count; k++)
        {
            means[k] = new double[d];
            for (int j = 0; j < d; j++) means[k][j] = machine.Means[k][j] + centre[j];
        }
        // The order of the starts is chance; that of the means stays when a seed or an option changes.
        int[] order = [.. Enumerable.Range(0, count).OrderBy(k => means[k], Comparer<double[]>.Create((x, y) => x.AsSpan().SequenceCompareTo(y)))];

        Covariance? tied = type == CovarianceType.Tied ? Covariance.Full(d, machine.Covariances[0]) : null;
        var mixture = new Mixture(
            [.. order.Select(k => machine.Weights[k])],
            [.. order.Select(k => means[k])],
            [.. order.Select(k => tied ?? type switch
            {
                CovarianceType.Spherical => Covariance.Isotropic(d, machine.Covariances[k][0]),
                CovarianceType.Diagonal => Covariance.Diagonal(machine.Covariances[k]),
                _ => Covariance.Full(d, machine.Covariances[k]),
            })]);
        int covarianceParameters = type switch
        {
            CovarianceType.Spherical => count,
            CovarianceType.Diagonal => count * d,
            CovarianceType.Tied => d * (d + 1) / 2,
            _ => count * (d * (d + 1) / 2),
        };
        return new FitResult
        {
            Mixture = mixture,
            PointCount = pointCount,
            LogLikelihood = machine.History[^1],
            Iterations = machine.Iterations,
            Converged = machine.Converged,
            ParameterCount = count - 1 + count * d + covarianceParameters,
            LogLikelihoodHistory = [.. machine.History],
        };
    }
}
