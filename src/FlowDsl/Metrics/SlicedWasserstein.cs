using System.Numerics;
using FlowDsl.Runtime.Arithmetic;

namespace FlowDsl.Metrics;

/// <summary>
/// The sliced Wasserstein-2 distance: the root of the mean, over directions θ, of the squared Wasserstein-2 distance of the projections θ·x and θ·y. In
/// the units of the samples.
/// </summary>
/// <remarks>
/// <para>
/// Rabin, Peyré, Delon and Bernot, Wasserstein barycenter and its application to texture mixing, 2011. Of two samples of n numbers in increasing order,
/// W2² = Σ (a_i - b_i)²/n exactly. Directions are uniform on the sphere, from the options' seed; in one dimension there is one, and the distance is W2.
/// </para>
/// <para>
/// The interval is for the square, by the delta method, then the root is taken. It covers two sources of chance: the directions, by the variance of their
/// values, and both samples, by the variance of the mean of the optimal dual potentials at the samples (del Barrio and Loubes, Central limit theorems for
/// empirical transportation cost in general dimension, Annals of Probability 47, 2019). It does not cover the bias: two samples of one law are some
/// distance apart, of order n^(-1/2). <see cref="Floor"/> is that distance. The interval is right where the distance is well above the floor.
/// </para>
/// </remarks>
public static class SlicedWasserstein
{
    // Directions at a time; each needs memory for its projections.
    private const int Group = 8;

    /// <summary>The distance of two samples of equal size, in O(L n (d + log n)).</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="samples">n×d values, row-major; n at least 2, independent.</param>
    /// <param name="others">n×d values, row-major, independent of the samples.</param>
    /// <param name="dimension">d, positive.</param>
    /// <param name="directions">L, at least 2; in one dimension it is not used.</param>
    /// <param name="options">The seed of the directions, and threads.</param>
    /// <param name="progress">Receives the share that is done, in increasing order.</param>
    /// <param name="cancellationToken">Stops between directions.</param>
    /// <returns>The distance, in the units of the samples; NaN where a value is not finite.</returns>
    /// <exception cref="ArgumentException">The samples are fewer than two or no whole rows, or the others are not as many.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The dimension is not positive, there are fewer than two directions, or an option is out of its range.
    /// </exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static MetricEstimate Between<T>(
        ReadOnlySpan<T> samples, ReadOnlySpan<T> others, int dimension, int directions = 128, MetricOptions? options = null,
        IProgress<double>? progress = null, CancellationToken cancellationToken = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        options = MetricOptions.Of(options);
        CheckDirections(directions);
        SampleRows.Count(samples.Length, dimension, 2, nameof(samples));
        SampleRows.CheckEqual(others.Length, samples.Length, nameof(others));
        if (!Vectors.AreFinite(samples) || !Vectors.AreFinite(others)) return MetricEstimate.NaN;
        return Distance(
            SampleRows.Widen(samples), SampleRows.Widen(others), dimension, directions, options, new ParallelRows(options, progress, cancellationToken));
    }

    /// <summary>The distance of samples from as many draws of the true mixture.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="model">The model.</param>
    /// <param name="samples">n×d values, row-major; n at least 2, independent.</param>
    /// <param name="directions">L, at least 2; in one dimension it is not used.</param>
    /// <param name="options">Time, seed of the draws and the directions, and threads.</param>
    /// <param name="progress">Receives the share that is done, in increasing order.</param>
    /// <param name="cancellationToken">Stops between directions.</param>
    /// <returns>The distance, in the units of the samples; NaN where a value is not finite.</returns>
    /// <exception cref="ArgumentException">
    /// The samples are fewer than two or no whole rows, or a covariance is singular and the time is 0.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer than two directions, or an option is out of its range.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static MetricEstimate ToMixture<T>(
        GaussianMixtureModel model, ReadOnlySpan<T> samples, int directions = 128, MetricOptions? options = null, IProgress<double>? progress = null,
        CancellationToken cancellationToken = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        options = MetricOptions.Of(options);
        CheckDirections(directions);
        var law = TargetLaw.Of(model, options);
        int n = SampleRows.Count(samples.Length, law.Dimension, 2, nameof(samples));
        if (!Vectors.AreFinite(samples)) return MetricEstimate.NaN;
        double[] draws = law.Draw(n, options.SeedOf(MetricDraw.TrueLaw), new ParallelRows(options, null, cancellationToken));
        return Distance(SampleRows.Widen(samples), draws, law.Dimension, directions, options, new ParallelRows(options, progress, cancellationToken));
    }

    /// <summary>
    /// The distance of two independent draws of the true mixture: what samples of the true law itself would show. A sampler whose distance is not above
    /// this cannot be told from the true law by so few samples.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="count">n, as many as the samples that are judged; at least 2.</param>
    /// <param name="directions">L, at least 2; in one dimension it is not used.</param>
    /// <param name="options">Time, seed of the draws and the directions, and threads.</param>
    /// <param name="progress">Receives the share that is done, in increasing order.</param>
    /// <param name="cancellationToken">Stops between directions.</param>
    /// <returns>The distance of this pair of draws, in the units of the samples.</returns>
    /// <exception cref="ArgumentException">A covariance is singular and the time is 0.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The count is less than 2 or more than an array holds, there are fewer than two directions, or an option is out of its range.
    /// </exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static double Floor(
        GaussianMixtureModel model, int count, int directions = 128, MetricOptions? options = null, IProgress<double>? progress = null,
        CancellationToken cancellationToken = default)
    {
        options = MetricOptions.Of(options);
        CheckDirections(directions);
        if (count < 2) throw new ArgumentOutOfRangeException(nameof(count), count, $"The count is {count}; it must be at least 2.");
        var law = TargetLaw.Of(model, options);
        var quiet = new ParallelRows(options, null, cancellationToken);
        double[] x = law.Draw(count, options.SeedOf(MetricDraw.TrueLaw), quiet), y = law.Draw(count, options.SeedOf(MetricDraw.OtherTrueLaw), quiet);
        return Distance(x, y, law.Dimension, directions, options, new ParallelRows(options, progress, cancellationToken)).Value;
    }

    private static MetricEstimate Distance(double[] x, double[] y, int d, int directions, MetricOptions options, ParallelRows rows)
    {
        int n = x.Length / d, count = d == 1 ? 1 : directions, stride = SampleRows.Stride(n);
        double[] columnsX = SampleRows.Transpose(x, d), columnsY = SampleRows.Transpose(y, d), squares = new double[count];
        double[] potentialX = new double[n], potentialY = new double[n];
        ulong seed = options.SeedOf(MetricDraw.Directions);
        Slice[] slices = [.. Enumerable.Range(0, Math.Min(Group, count)).Select(_ => new Slice(n))];
        for (int first = 0; first < count; first += Group)
        {
            int start = first, end = Math.Min(count, first + Group);
            rows.Part((double)start / count, (double)end / count).For(end - start, 1, (own, _) =>
            {
                double[] direction = Direction(seed, start + own, d);
                squares[start + own] = slices[own].Project(columnsX, columnsY, stride, direction);
            });
            // In the order of the directions, so that the sums do not depend on the threads.
            for (int own = 0; own < end - start; own++) slices[own].AddPotentials(potentialX, potentialY);
        }
        double mean = 0;
        foreach (double square in squares) mean += square / count;
        double variance = (Moments.Of(potentialX).VarianceOfMean + Moments.Of(potentialY).VarianceOfMean) / count / count;
        if (count > 1) variance += Moments.Of(squares).VarianceOfMean;
        return MetricEstimate.Normal(mean, variance).Root();
    }

    private static double[] Direction(ulong seed, int index, int d)
    {
        if (d == 1) return [1];
        double[] direction = new double[d];
        NormalSource.Fill(seed, index, direction);
        double norm = Vectors.Norm(direction);
        for (int j = 0; j < d; j++) direction[j] /= norm;
        return direction;
    }

    private static void CheckDirections(int directions)
    {
        if (directions < 2)
            throw new ArgumentOutOfRangeException(nameof(directions), directions, $"There are {directions} directions; there must be at least 2.");
    }

    /// <summary>Both samples along one direction, in increasing order.</summary>
    private sealed class Slice(int n)
    {
        private readonly double[] _a = new double[n], _b = new double[n], _f = new double[n], _g = new double[n];
        private readonly int[] _orderA = new int[n], _orderB = new int[n];

        /// <summary>W2² of the projections; keeps the dual potentials.</summary>
        public double Project(double[] columnsX, double[] columnsY, int stride, double[] direction)
        {
            Sort(columnsX, stride, direction, _a, _orderA);
            Sort(columnsY, stride, direction, _b, _orderB);
            double sum = 0, potential = 0;
            for (int i = 0; i < n; i++)
            {
                double difference = _a[i] - _b[i], square = difference * difference;
                sum += square;
                // f' = 2(a - T(a)) with the map T that couples quantiles; f + g = (a - b)² on the pairs.
                if (i > 0) potential += (_a[i] - _a[i - 1]) * (difference + (_a[i - 1] - _b[i - 1]));
                (_f[i], _g[i]) = (potential, square - potential);
            }
            return sum / n;
        }

        /// <summary>Adds each sample's potential to its own place.</summary>
        public void AddPotentials(double[] x, double[] y)
        {
            for (int i = 0; i < n; i++)
            {
                x[_orderA[i]] += _f[i];
                y[_orderB[i]] += _g[i];
            }
        }

        private void Sort(double[] columns, int stride, double[] direction, double[] projections, int[] order)
        {
            Array.Clear(projections);
            for (int j = 0; j < direction.Length; j++) Vectors.AddScaled(direction[j], columns.AsSpan(j * stride, n), projections);
            for (int i = 0; i < n; i++) order[i] = i;
            Array.Sort(projections, order);
        }
    }
}
