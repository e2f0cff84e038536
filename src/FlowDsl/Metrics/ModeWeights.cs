using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;
using System.Text;
using FlowDsl.Mathematics.Numerics;
using FlowDsl.Runtime.Arithmetic;

namespace FlowDsl.Metrics;

/// <summary>
/// Whether samples fall to the mixture's modes as often as they should: each sample belongs to the component with the largest responsibility, and the
/// counts are compared with those of draws of the true law, by a χ² test.
/// </summary>
/// <remarks>
/// Where components overlap, a component owns another share of the true law than its weight. The expected shares are therefore counted in draws of the
/// true law, and the test is that of two samples with unknown common shares (Press et al., Numerical Recipes, 3rd ed., section 14.3), which takes the
/// draws' own chance into account: χ² = Σ_k (√(m/n) n_k - √(n/m) m_k)²/(n_k + m_k) for n samples and m draws. Components that would own fewer than 5
/// samples are counted together.
/// </remarks>
public sealed class ModeWeights
{
    // The usual least expected count for the χ² approximation.
    private const double LeastExpected = 5;

    private ModeWeights(long[] counts, long[] draws)
    {
        long n = counts.Sum(), m = draws.Sum();
        SampleCount = n;
        Shares = [.. counts.Select(count => MetricEstimate.Share(count, n))];
        ExpectedShares = [.. draws.Select(count => MetricEstimate.Share(count, m))];
        List<(double Own, double Drawn)> cells = Cells(counts, draws);
        DegreesOfFreedom = cells.Count - 1;
        // One cell holds everything on both sides; the formula would leave its rounding.
        if (DegreesOfFreedom == 0) cells.Clear();
        double ratio = Math.Sqrt((double)m / n);
        foreach ((double own, double drawn) in cells)
        {
            double difference = ratio * own - drawn / ratio;
            ChiSquare += difference * difference / (own + drawn);
        }
        PValue = SpecialFunctions.ChiSquareTail(ChiSquare, DegreesOfFreedom);
    }

    private ModeWeights(int components, long samples)
    {
        SampleCount = samples;
        Shares = ExpectedShares = [.. Enumerable.Repeat(MetricEstimate.NaN, components)];
        ChiSquare = PValue = double.NaN;
    }

    /// <summary>n, the number of samples.</summary>
    public long SampleCount { get; }

    /// <summary>The share of samples that each of the K components owns, with Wilson's interval for each alone.</summary>
    public ImmutableArray<MetricEstimate> Shares { get; }

    /// <summary>The share of the true law that each owns, counted in draws; of components that do not overlap it is the weight.</summary>
    public ImmutableArray<MetricEstimate> ExpectedShares { get; }

    /// <summary>χ², about as large as <see cref="DegreesOfFreedom"/> if the shares are right.</summary>
    public double ChiSquare { get; }

    /// <summary>The number of cells less one; 0 if there is nothing to compare.</summary>
    public int DegreesOfFreedom { get; }

    /// <summary>The probability of a χ² at least as large if the shares are right.</summary>
    public double PValue { get; }

    /// <summary>Counts samples and draws.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="model">The model.</param>
    /// <param name="samples">n×d values, row-major; n at least 1, independent.</param>
    /// <param name="draws">
    /// m, positive; by default ten times as many as samples, but no more than a million unless there are more samples. They are not kept.
    /// </param>
    /// <param name="options">Time, seed of the draws and threads.</param>
    /// <param name="progress">Receives the share that is done, in increasing order.</param>
    /// <param name="cancellationToken">Stops between blocks of samples.</param>
    /// <returns>Shares and test; all NaN where a sample is not finite.</returns>
    /// <exception cref="ArgumentException">There is no sample or no whole number of rows, or a covariance is singular and the time is 0.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The number of draws is not positive, or an option is out of its range.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static ModeWeights Measure<T>(
        GaussianMixtureModel model, ReadOnlySpan<T> samples, int? draws = null, MetricOptions? options = null, IProgress<double>? progress = null,
        CancellationToken cancellationToken = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        options = MetricOptions.Of(options);
        if (draws is { } given && given < 1)
            throw new ArgumentOutOfRangeException(nameof(draws), given, $"There are {given} draws; there must be at least 1.");
        var law = TargetLaw.Of(model, options);
        int n = SampleRows.Count(samples.Length, law.Dimension, 1, nameof(samples)), m = draws ?? (int)Math.Max(n, Math.Min(10L * n, 1_000_000));
        if (!Vectors.AreFinite(samples)) return new ModeWeights(law.Mixture.Count, n);
        var rows = new ParallelRows(options, progress, cancellationToken);
        double share = (double)n / ((long)n + m);
        long[] counts = new long[law.Mixture.Count];
        foreach (int owner in law.Owners(SampleRows.Widen(samples), rows.Part(0, share))) counts[owner]++;
        return new ModeWeights(counts, law.DrawOwnerCounts(m, options.SeedOf(MetricDraw.TrueLaw), rows.Part(share, 1)));
    }

    /// <summary>The share of samples that another component owns than the exact end of the same start: they went to another mode.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="model">The model.</param>
    /// <param name="samples">n×d values, row-major; n at least 1, independent.</param>
    /// <param name="exactEnds">
    /// n×d values: where <see cref="GaussianMixtureModel.FlowMaps(double, double, Span{double}, double, int, IProgress{long}, CancellationToken)"/> takes
    /// each sample's start.
    /// </param>
    /// <param name="options">Time and threads.</param>
    /// <param name="progress">Receives the share that is done, in increasing order.</param>
    /// <param name="cancellationToken">Stops between blocks of samples.</param>
    /// <returns>The share with Wilson's interval; NaN where a value is not finite.</returns>
    /// <exception cref="ArgumentException">
    /// There is no sample or no whole number of rows, the ends are not as many, or a covariance is singular and the time is 0.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static MetricEstimate Strays<T>(
        GaussianMixtureModel model, ReadOnlySpan<T> samples, ReadOnlySpan<double> exactEnds, MetricOptions? options = null,
        IProgress<double>? progress = null, CancellationToken cancellationToken = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        options = MetricOptions.Of(options);
        var law = TargetLaw.Of(model, options);
        int n = SampleRows.Count(samples.Length, law.Dimension, 1, nameof(samples));
        SampleRows.CheckEqual(exactEnds.Length, samples.Length, nameof(exactEnds));
        if (!Vectors.AreFinite(samples) || !Vectors.AreFinite(exactEnds)) return MetricEstimate.NaN;
        var rows = new ParallelRows(options, progress, cancellationToken);
        int[] owners = law.Owners(SampleRows.Widen(samples), rows.Part(0, 0.5)), rightOwners = law.Owners(exactEnds.ToArray(), rows.Part(0.5, 1));
        return MetricEstimate.Share(owners.Zip(rightOwners).Count(pair => pair.First != pair.Second), n);
    }

    /// <summary>The test and a line for each component; the same in every culture.</summary>
    public override string ToString()
    {
        string degrees = NumberText.Count(DegreesOfFreedom, "degree");
        var text = new StringBuilder($"χ² {NumberText.Brief(ChiSquare)} with {degrees} of freedom, p = {NumberText.Brief(PValue)}");
        for (int k = 0; k < Shares.Length; k++)
            text.Append(CultureInfo.InvariantCulture, $"\n  component {k}: {Shares[k]}, expected {NumberText.Brief(ExpectedShares[k].Value)}");
        return text.ToString();
    }

    // Components with few samples and draws are one cell; if that is still too few, the next larger one joins them.
    private static List<(double Own, double Drawn)> Cells(long[] counts, long[] draws)
    {
        double share = (double)counts.Sum() / (counts.Sum() + draws.Sum());
        List<(double Own, double Drawn)> cells = [];
        (double Own, double Drawn) rest = (0, 0);
        foreach (int k in Enumerable.Range(0, counts.Length).OrderBy(k => counts[k] + draws[k]))
        {
            bool isFew = share * (counts[k] + draws[k]) < LeastExpected;
            bool isRestFew = rest.Own + rest.Drawn > 0 && share * (rest.Own + rest.Drawn) < LeastExpected;
            if (isFew || isRestFew) rest = (rest.Own + counts[k], rest.Drawn + draws[k]);
            else cells.Add((counts[k], draws[k]));
        }
        if (rest.Own + rest.Drawn > 0) cells.Add(rest);
        return cells;
    }
}
