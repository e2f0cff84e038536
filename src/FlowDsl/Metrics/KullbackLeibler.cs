using System.Numerics;
using FlowDsl.Runtime.Arithmetic;

namespace FlowDsl.Metrics;

/// <summary>An estimate of the Kullback-Leibler divergence KL(q‖p_t) of the samples' law q from the true mixture, in nats.</summary>
/// <remarks>
/// <para>
/// With ρ(i) the distance of sample i to its k-th nearest neighbour, the samples' own density near x_i is about k/(n V ρ(i)^d), V the volume of the unit
/// ball, and the mixture's is known:
/// </para>
/// <code>
/// K(x) = Σ_i (-log p_t(x_i) - d log ρ(i)) / n + constant(n, k, d)
/// </code>
/// <para>
/// This is the nearest-neighbour estimator of Wang, Kulkarni and Verdú (IEEE Transactions on Information Theory 55, 2009) with the second density known
/// instead of estimated from a second sample; the entropy is that of Kozachenko and Leonenko (1987). It has a bias, which shrinks slowly in many
/// dimensions, like (k/n)^(2/d). The value is therefore K(samples) - K(draws), with as many draws of the true law: the constant cancels, and so does the
/// bias if the two laws are equal.
/// </para>
/// <para>
/// What remains where they differ: in more than about ten dimensions the estimate follows changes of size and place, but takes little notice of thin
/// structure; samples on a surface of lower dimension have an infinite divergence and get a finite value that grows with n. Samples of which k + 1 are
/// equal have no density, and get infinity.
/// </para>
/// <para>
/// The interval comes from 20 blocks: K of each block of samples less K of a block of draws. The variance of K is of order 1/n, so the variance of the
/// mean of the blocks stands for that of the whole, with Student's law of 19 degrees of freedom. It covers the chance of samples and draws, not the bias.
/// </para>
/// </remarks>
public static class KullbackLeibler
{
    private const int Blocks = 20;

    // The 97.5 % quantile of Student's law with 19 degrees of freedom.
    private const double Deviations = 2.093024054408263;

    /// <summary>KL(q‖p_t) of samples of q, in O(n² d).</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="model">The model.</param>
    /// <param name="samples">n×d values, row-major, independent; n at least 20 (k + 2).</param>
    /// <param name="neighbours">k, positive. More smooth the estimate: less scatter, more bias.</param>
    /// <param name="options">Time, seed of the draws and threads.</param>
    /// <param name="progress">Receives the share that is done, in increasing order.</param>
    /// <param name="cancellationToken">Stops between blocks of samples.</param>
    /// <returns>
    /// Nats; about 0 and perhaps negative for equal laws, infinite if k + 1 samples are equal, NaN where a value is not finite.
    /// </returns>
    /// <exception cref="ArgumentException">
    /// The samples are too few or no whole rows, or a covariance is singular and the time is 0.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">The number of neighbours is not positive, or an option is out of its range.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static MetricEstimate Measure<T>(
        GaussianMixtureModel model, ReadOnlySpan<T> samples, int neighbours = 5, MetricOptions? options = null, IProgress<double>? progress = null,
        CancellationToken cancellationToken = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        options = MetricOptions.Of(options);
        var law = TargetLaw.Of(model, options);
        if (neighbours is < 1 or > 1_000_000)
            throw new ArgumentOutOfRangeException(nameof(neighbours), neighbours, $"There are {neighbours} neighbours; there must be 1 to 1000000.");
        int n = SampleRows.Count(samples.Length, law.Dimension, Blocks * (neighbours + 2), nameof(samples));
        if (!Vectors.AreFinite(samples)) return MetricEstimate.NaN;
        var rows = new ParallelRows(options, progress, cancellationToken);
        double[] draws = law.Draw(n, options.SeedOf(MetricDraw.TrueLaw), new ParallelRows(options, null, cancellationToken));
        double[] own = Terms(law, SampleRows.Widen(samples), neighbours, rows.Part(0, 0.5)), ideal = Terms(law, draws, neighbours, rows.Part(0.5, 1));
        double value = own[0] - ideal[0];
        // The draws have a density, so only the samples can make it infinite. Without k + 1 equal samples in all there are none in a block.
        if (double.IsInfinity(value)) return MetricEstimate.Exact(value);
        double[] differences = new double[Blocks];
        for (int block = 0; block < Blocks; block++) differences[block] = own[block + 1] - ideal[block + 1];
        double half = Deviations * Math.Sqrt(Moments.Of(differences).VarianceOfMean);
        return new(value, value - half, value + half);
    }

    // K without its constant, of the whole sample and then of each block alone.
    private static double[] Terms(TargetLaw law, double[] samples, int k, ParallelRows rows)
    {
        int d = law.Dimension, n = samples.Length / d;
        double[] terms = new double[Blocks + 1], logs = law.LogDensities(samples, rows.Part(0, 0.02));
        terms[0] = Term(0, n, rows.Part(0.02, 0.95));
        for (int block = 0; block < Blocks; block++)
        {
            int first = (int)((long)block * n / Blocks), end = (int)(((long)block + 1) * n / Blocks);
            terms[block + 1] = Term(first, end, rows.Part(0.95 + 0.05 * block / Blocks, 0.95 + 0.05 * (block + 1) / Blocks));
        }
        return terms;

        double Term(int first, int end, ParallelRows part)
        {
            double[] squares = NearestNeighbours.SquaredDistances(samples.AsSpan(first * d, (end - first) * d), d, k, part);
            double sum = 0;
            for (int i = first; i < end; i++) sum -= logs[i] + 0.5 * d * Math.Log(squares[i - first]);
            return sum / (end - first);
        }
    }
}
