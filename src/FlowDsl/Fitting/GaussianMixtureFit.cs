using FlowDsl.Fitting;
using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Numerics;

namespace FlowDsl;

/// <summary>Fits Gaussian mixtures to points by maximum likelihood.</summary>
public static class GaussianMixtureFit
{
    /// <summary>
    /// Fits a mixture of K components by expectation-maximisation from several starts and keeps the one with the highest likelihood. The bits of the
    /// result depend only on the arguments, not on the host.
    /// </summary>
    /// <remarks>
    /// A start is k-means++ followed by Lloyd's iterations. Unless covariances are spherical, one is run with the columns at unit variance and one in
    /// their own units, and the better one after a few steps is used. One step costs O(n K d²) (full), O(n d (d + K)) (tied) or O(n K d); n·K doubles
    /// are kept.
    /// </remarks>
    /// <param name="rows">n points, row-major n×d, every value finite.</param>
    /// <param name="dimension">d, at least 1.</param>
    /// <param name="componentCount">K, at least 1 and at most the number of distinct points.</param>
    /// <param name="options">How to fit; the defaults of <see cref="FitOptions"/> if null.</param>
    /// <param name="progress">Receives the state before every step.</param>
    /// <param name="cancellationToken">Checked before every step.</param>
    /// <returns>The fitted mixture in the coordinates of the points, and how well it fits.</returns>
    /// <exception cref="ArgumentException">
    /// A count or an option is out of range, the length of the rows is not a multiple of d, a value is not finite, there are too few
    /// distinct points, the points are flat or coincide so that only a higher floor gives the likelihood a maximum, or
    /// <see cref="FitOptions.Initial"/> has another dimension or number of components.
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
        return Fit(rows, null, dimension, componentCount, options, progress, cancellationToken);
    }

    /// <summary>Fits a mixture to weighted points: a point of weight 3 counts as three equal points of weight 1.</summary>
    /// <param name="rows">n points, row-major n×d, every value finite.</param>
    /// <param name="pointWeights">The n weights, finite and not negative; points of weight 0 are left out.</param>
    /// <param name="dimension">d, at least 1.</param>
    /// <param name="componentCount">K, at least 1 and at most the number of distinct points of positive weight.</param>
    /// <param name="options">How to fit; the defaults of <see cref="FitOptions"/> if null.</param>
    /// <param name="progress">Receives the state before every step.</param>
    /// <param name="cancellationToken">Checked before every step.</param>
    /// <returns>The fitted mixture in the coordinates of the points, and how well it fits.</returns>
    /// <exception cref="ArgumentException">
    /// As for points without weights; or the number of weights is not n, or a weight is negative or not finite.
    /// </exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static FitResult Fit(
        ReadOnlySpan<double> rows,
        ReadOnlySpan<double> pointWeights,
        int dimension,
        int componentCount,
        FitOptions? options = null,
        IProgress<FitProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        options ??= new FitOptions();
        options.Validate();
        rows = Weighted(rows, pointWeights, dimension, out double[] weights);
        CheckPoints(rows, dimension, componentCount);
        return Fit(rows, weights, dimension, componentCount, options, progress, cancellationToken);
    }

    private static FitResult Fit(
        ReadOnlySpan<double> rows, double[]? weights, int dimension, int componentCount, FitOptions options, IProgress<FitProgress>? progress,
        CancellationToken cancellationToken)
    {
        CheckInitial(options.Initial, dimension, componentCount);
        var frame = FitFrame.Of(rows, weights, dimension, options);
        CheckSpread(options, frame);
        var machine = new ExpectationMaximization(
            frame.Points, dimension, componentCount, options.CovarianceType, frame.Floor, weights, options.MaxThreads);
        int restarts = options.Initial is null ? options.Restarts : 1;
        FitResult? best = null;
        for (int restart = 0; restart < restarts; restart++)
        {
            Action<int, double>? report = progress is null
                ? null
                : (iteration, logLikelihood) =>
                {
                    double total = frame.LogLikelihood(logLikelihood);
                    progress.Report(new FitProgress(restart, restarts, iteration, total, Math.Max(total, best?.LogLikelihood ?? total)));
                };
            bool started = options.Initial is { } initial
                ? frame.Start(machine, initial)
                : FitStart.Take(machine, frame, weights, options, restart, cancellationToken);
            if (!started || !machine.Run(options.MaxIterations, options.Tolerance, report, cancellationToken)) continue;
            if (best is null || frame.LogLikelihood(machine.History[^1]) > best.LogLikelihood) best = frame.ToResult(machine);
        }
        string where = options.Initial is null ? $"In each of the {restarts} restarts" : $"From {nameof(FitOptions.Initial)} on";
        return best ?? throw new ArgumentException(
            $"{where} a covariance became singular within rounding, where the likelihood has no maximum. {options.FloorInWords}; " +
            $"raise it, or ask for fewer than {componentCount} components.", nameof(options));
    }

    // The points of positive weight, and their weights.
    private static double[] Weighted(ReadOnlySpan<double> rows, ReadOnlySpan<double> pointWeights, int dimension, out double[] weights)
    {
        if (dimension < 1) throw new ArgumentOutOfRangeException(nameof(dimension), $"The dimension is {dimension}; it must be at least 1.");
        if (rows.Length % dimension != 0 || pointWeights.Length != rows.Length / dimension)
            throw new ArgumentException(
                $"There are {pointWeights.Length} weights for {rows.Length} values of dimension {dimension}; there must be one for each point.",
                nameof(pointWeights));
        var (kept, keptWeights) = (new List<double>(rows.Length), new List<double>(pointWeights.Length));
        for (int i = 0; i < pointWeights.Length; i++)
        {
            if (!(pointWeights[i] >= 0 && double.IsFinite(pointWeights[i])))
                throw new ArgumentException(
                    $"Weight {i} is {PortableNumber.Format(pointWeights[i])}; weights of points must be finite and not negative.", nameof(pointWeights));
            if (pointWeights[i] == 0) continue;
            kept.AddRange(rows.Slice(i * dimension, dimension));
            keptWeights.Add(pointWeights[i]);
        }
        weights = [.. keptWeights];
        if (!double.IsFinite(weights.Sum()))
            throw new ArgumentException("The sum of the weights is beyond the range of double; divide them by a common factor.", nameof(pointWeights));
        return [.. kept];
    }

    private static void CheckInitial(Mixture? initial, int dimension, int componentCount)
    {
        if (initial is null) return;
        if (initial.Dimension != dimension || initial.Count != componentCount)
            throw new ArgumentException(
                $"{nameof(FitOptions)}.{nameof(FitOptions.Initial)} has {NumberText.Count(initial.Count, "component")} in "
                + $"{NumberText.Count(initial.Dimension, "dimension")}; it must have {componentCount} in {dimension}.", "options");
    }

    private static void CheckPoints(ReadOnlySpan<double> rows, int dimension, int componentCount)
    {
        if (dimension < 1) throw new ArgumentOutOfRangeException(nameof(dimension), $"The dimension is {dimension}; it must be at least 1.");
        if (componentCount < 1)
            throw new ArgumentOutOfRangeException(nameof(componentCount), $"The number of components is {componentCount}; it must be at least 1.");
        if (rows.Length % dimension != 0)
            throw new ArgumentException($"There are {rows.Length} values, which is not a multiple of the dimension {dimension}.", nameof(rows));
        for (int i = 0; i < rows.Length; i++)
            if (!double.IsFinite(rows[i]))
                throw new ArgumentException(
                    $"The value of row {i / dimension}, column {i % dimension} is {PortableNumber.Format(rows[i])}; every value must be finite.", nameof(rows));
        for (int i = 0; i < rows.Length; i++)
            if (Math.Abs(rows[i]) > SupportedRange.Max)
                throw new ArgumentException(
                    $"The value of row {i / dimension}, column {i % dimension} is {PortableNumber.Format(rows[i])}; "
                    + "it must be at most 1e50 in size: use other units.", nameof(rows));
        int n = rows.Length / dimension;
        if (n < componentCount)
            throw new ArgumentException(
                $"There {(n == 1 ? "is 1 point" : $"are {n} points")}; {componentCount} components need at least {componentCount}.", nameof(rows));
        if ((long)n * componentCount > Array.MaxLength)
            throw new ArgumentException(
                $"{n} points times {componentCount} components are more than {Array.MaxLength}, "
                + "the most responsibilities an array holds; fit a part of the points.", nameof(rows));
        int distinct = CountDistinct(rows, dimension, componentCount);
        if (distinct < componentCount)
            throw new ArgumentException(
                $"The {n} points have only {distinct} distinct {(distinct == 1 ? "value" : "values")}; "
                + $"{componentCount} components need at least {componentCount}.", nameof(rows));
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

    private static void CheckSpread(FitOptions options, FitFrame frame)
    {
        if (options.CovarianceFloor > 0) return;
        double[] deviations = frame.Deviations;
        double greatest = deviations.Max();
        for (int i = 0; i < frame.Points.Length; i++)
        {
            int j = i % deviations.Length;
            // Not constant, although its variance may be 0 after rounding.
            bool lost = frame.Points[i] != 0 && (options.CovarianceType == CovarianceType.Isotropic ? greatest : deviations[j]) < SupportedRange.Min;
            if (lost)
                throw new ArgumentException(
                    $"The values of column {j} differ by less than 1e-50, so that their variance is beyond double precision: use other units.",
                        nameof(options));
        }
        double floor = options.CovarianceFloor ?? options.RelativeCovarianceFloor;
        string name = options.CovarianceFloor is null ? nameof(FitOptions.RelativeCovarianceFloor) : nameof(FitOptions.CovarianceFloor);
        int constant = Array.IndexOf(deviations, 0);
        if (constant < 0) return;
        if (greatest == 0)
            throw new ArgumentException(
                options.CovarianceFloor is null
                    ? "All points are identical, so that they have no scale; "
                        + $"set {nameof(FitOptions.CovarianceFloor)}, the smallest variance allowed, in squared units of the data."
                    : $"All points are identical, so the likelihood has no maximum while {name} is 0; it must be positive for such data.",
                nameof(options));
        if (floor == 0 && options.CovarianceType != CovarianceType.Isotropic)
            throw new ArgumentException(
                $"Column {constant} is constant, so the likelihood has no maximum while {name} is 0; make it positive or leave the column out.",
                nameof(options));
    }
}
