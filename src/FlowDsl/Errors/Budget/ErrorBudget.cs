using System.Numerics;
using FlowDsl.Errors.Budget;
using FlowDsl.Flows;
using FlowDsl.Runtime.Arithmetic;
using FlowDsl.Runtime.Points;

namespace FlowDsl;

/// <summary>
/// Shows where a composition of approximate flow maps makes its error: each segment's own error, what the exact flow turns it into by the end, and
/// how well that is predicted to first order.
/// </summary>
/// <remarks>
/// <para>
/// With maps f_j, the composition's states x̂_j+1 = f_j(x̂_j), the exact flow Φ and exact states x_j, the error at the end is, exactly,
/// </para>
/// <code>
/// x̂_N - x_N = Σ_j [Φ_j+1→N(f_j(x̂_j)) - Φ_j→N(x̂_j)]                      (the fan of exact flows from the nodes x̂_j)
///           ≈ Σ_j DΦ_j+1→N(x̂_j+1) · (f_j(x̂_j) - Φ_j→j+1(x̂_j))           (to first order)
/// </code>
/// <para>
/// The first line is the measured budget, the second a prediction. The prediction is good if the flow is nearly linear over the length of an error.
/// Near the border between two modes it can be far too large, so its terms are cut at the largest distance between two means. A few samples dominate
/// the mean squared error: look at <see cref="FlipShare"/> and <see cref="MedianError"/> too.
/// </para>
/// </remarks>
public sealed class ErrorBudget
{
    private readonly double[] _errors, _predictedErrors, _exactEnds;

    private ErrorBudget(GaussianMixtureModel model, IReadOnlyList<double> times, FanDecomposition fan, double flipDistance)
    {
        (_errors, _predictedErrors, _exactEnds) = (fan.Errors, fan.PredictedErrors, fan.Ends);
        (Dimension, SampleCount, FlipDistance) = (model.Dimension, fan.Count, flipDistance);
        double meanSquare = Vectors.Dot(fan.Ends, fan.Ends) / SampleCount, meanError2 = Vectors.Dot(_errors, _errors) / SampleCount;
        RelativeMeanSquaredError = meanError2 / meanSquare;
        PredictedRelativeMeanSquaredError = Vectors.Dot(_predictedErrors, _predictedErrors) / SampleCount / meanSquare;
        double[] lengths = [.. Enumerable.Range(0, SampleCount).Select(i => Vectors.Norm(_errors.AsSpan(i * Dimension, Dimension)))];
        FlipShare = ShareBeyond(flipDistance, _errors, Dimension);
        MedianError = Quantiles.Of([.. lengths.Order()], 0.5);
        StandardizedError = StandardizedErrors.RootMeanSquare(model, times[times.Count - 1], fan.Ends, _errors);
        Segments = [.. Enumerable.Range(0, fan.SegmentCount).Select(j => new SegmentBudget(
            times[j], times[j + 1], Root(j, square => square.Local), Root(j, square => square.Contribution), Root(j, square => square.FirstOrder),
            Mean(j, square => square.Along) / meanError2, Root(j, square => square.Cumulative)))];

        double Root(int segment, Func<SegmentSquares, double> value) => Math.Sqrt(Mean(segment, value));

        double Mean(int segment, Func<SegmentSquares, double> value)
        {
            double sum = 0;
            for (int i = 0; i < SampleCount; i++) sum += value(fan.Squares[i * fan.SegmentCount + segment]);
            return sum / SampleCount;
        }
    }

    /// <summary>d, the number of coordinates of a sample.</summary>
    public int Dimension { get; }

    /// <summary>n, the number of samples it was measured on.</summary>
    public int SampleCount { get; }

    /// <summary>The N segments, from the first map to the last.</summary>
    public IReadOnlyList<SegmentBudget> Segments { get; }

    /// <summary>E|x̂_N - x_N|² / E|x_N|².</summary>
    public double RelativeMeanSquaredError { get; }

    /// <summary>The same for the first-order prediction.</summary>
    public double PredictedRelativeMeanSquaredError { get; }

    /// <summary>The share of samples whose error exceeds <see cref="FlipDistance"/>: they ended in another mode.</summary>
    public double FlipShare { get; }

    /// <summary>Half the smallest distance between two means; infinite if there is only one mean.</summary>
    public double FlipDistance { get; }

    /// <summary>The median of |x̂_N - x_N|, which a few samples near a border hardly change.</summary>
    public double MedianError { get; }

    /// <summary>
    /// The root mean square of the largest coordinate of x̂_N - x_N along the principal axes of the component that owns x_N, in units of that
    /// component's width there. Taken over the samples that end in the right component; infinite if there are none. Narrow directions and components
    /// far from 0 count like any other.
    /// </summary>
    public double StandardizedError { get; }

    /// <summary>x̂_N - x_N of each sample, n×d values, row-major.</summary>
    public ReadOnlySpan<double> Errors => _errors;

    /// <summary>The first-order prediction of <see cref="Errors"/>, n×d values, row-major.</summary>
    public ReadOnlySpan<double> PredictedErrors => _predictedErrors;

    /// <summary>x_N of each sample, n×d values, row-major.</summary>
    internal ReadOnlySpan<double> ExactEnds => _exactEnds;

    /// <summary>Measures the budget of a sampler on samples of its model's own law at the horizon.</summary>
    /// <typeparam name="TSampler">The sampler.</typeparam>
    /// <typeparam name="T">float or double, as the sampler's precision.</typeparam>
    /// <param name="count">n, positive; each sample needs two exact flow maps per segment.</param>
    /// <param name="seed">The seed of the starts, as for <see cref="FlowSampling.DrawPrior"/>.</param>
    /// <param name="options">Prior, first index and threads.</param>
    /// <param name="tolerance">The tolerance of the exact flow maps, as for
    /// <see cref="GaussianMixtureModel.FlowMaps(double, double, Span{double}, double, int, IProgress{long}, CancellationToken)"/>.</param>
    /// <param name="progress">Receives the number of finished samples after each batch, in increasing order.</param>
    /// <param name="cancellationToken">Stops between segments of the sampler and steps of the exact flows.</param>
    /// <exception cref="ArgumentOutOfRangeException">The count is not positive or more than an array holds, or an option or the tolerance is out of its
    /// range.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static ErrorBudget Measure<TSampler, T>(
        long count, ulong seed, SamplingOptions? options = null, double tolerance = 1e-10, IProgress<long>? progress = null,
        CancellationToken cancellationToken = default)
        where TSampler : IFlowSampler<TSampler, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        BatchFlow.CheckTolerance(tolerance);
        SamplerDescriptor sampler = TSampler.Descriptor;
        T[] states = FlowSampling.DrawPrior<T>(sampler.Model, count, seed, options, cancellationToken: cancellationToken);
        // Segment by segment with the history: this gives the states of one call over all segments, up to rounding if parts do not compose exactly.
        T[] history = new T[states.Length * sampler.HistoryLength];
        double[][] path = new double[sampler.Times.Count][];
        path[0] = Widen(states);
        for (int j = 0; j < sampler.SegmentCount; j++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            TSampler.Integrate(states, history, j, 1);
            path[j + 1] = Widen(states);
        }
        return Decompose(sampler.Model, sampler.Times, path, options?.MaxThreads ?? -1, tolerance, progress, cancellationToken);

        static double[] Widen(T[] values) => Array.ConvertAll(values, double.CreateTruncating);
    }

    /// <summary>Measures the budget of any maps, for example learned ones, from given starts.</summary>
    /// <param name="model">The model whose flow they approximate.</param>
    /// <param name="times">N + 1 decreasing times between the horizon and the early stop.</param>
    /// <param name="maps">N maps, the j-th from times[j] to times[j + 1]; each is called once, with all samples, by the calling thread.</param>
    /// <param name="starts">x at the first time, n×d values, row-major, at least one row.</param>
    /// <param name="tolerance">The tolerance of the exact flow maps, as for
    /// <see cref="GaussianMixtureModel.FlowMaps(double, double, Span{double}, double, int, IProgress{long}, CancellationToken)"/>.</param>
    /// <param name="progress">Receives the number of finished samples after each batch, in increasing order.</param>
    /// <param name="cancellationToken">Stops between maps and steps of the exact flows.</param>
    /// <exception cref="ArgumentException">
    /// The times do not decrease or leave the process's range, there is not one time more than maps, or the starts are not rows of d values.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">The tolerance is out of its range.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static ErrorBudget Measure(
        GaussianMixtureModel model, IReadOnlyList<double> times, IReadOnlyList<SegmentMap> maps, ReadOnlySpan<double> starts,
        double tolerance = 1e-10, IProgress<long>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(times);
        ArgumentNullException.ThrowIfNull(maps);
        BatchFlow.CheckTolerance(tolerance);
        PointFunctions.CheckRows(starts.Length, model.Dimension);
        if (starts.IsEmpty) throw new ArgumentException("There must be at least one sample.", nameof(starts));
        if (maps.Count == 0 || times.Count != maps.Count + 1)
            throw new ArgumentException(
                $"There are {times.Count} times for {maps.Count} maps; there must be one more than maps, and at least one map.", nameof(times));
        for (int j = 0; j < times.Count; j++)
            if (!(times[j] >= model.Process.EarlyStop && times[j] <= (j == 0 ? model.Process.Horizon : times[j - 1]) && (j == 0 || times[j] < times[j - 1])))
                throw new ArgumentException(
                    $"Time {j} is {times[j]}; times must decrease from {model.Process.Horizon} at most to {model.Process.EarlyStop} at least.", nameof(times));

        double[][] path = new double[times.Count][];
        path[0] = starts.ToArray();
        for (int j = 0; j < maps.Count; j++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            path[j + 1] = [.. path[j]];
            maps[j](path[j + 1]);
        }
        return Decompose(model, times, path, -1, tolerance, progress, cancellationToken);
    }

    /// <summary>Writes the budget as a table of its segments and a line about the end.</summary>
    /// <param name="writer">The writer.</param>
    public void WriteTable(TextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        BudgetTable.Write(this, writer);
    }

    /// <summary>The table that <see cref="WriteTable"/> writes.</summary>
    public override string ToString() => BudgetTable.Text(WriteTable);

    /// <summary>The share of rows that are longer than a distance.</summary>
    internal static double ShareBeyond(double distance, ReadOnlySpan<double> rows, int dimension)
    {
        int beyond = 0;
        for (int row = 0; row < rows.Length; row += dimension)
        {
            // NaN must not count as a small error.
            if (!(Vectors.Norm(rows.Slice(row, dimension)) <= distance)) beyond++;
        }
        return (double)beyond / (rows.Length / dimension);
    }

    /// <summary>Divides the error of a path among its segments.</summary>
    /// <param name="model">The model.</param>
    /// <param name="times">N + 1 times that do not increase; a segment of no length is a change of its states.</param>
    /// <param name="path">The states at each time, n×d values.</param>
    /// <param name="threads">The maximum number of threads; -1 for one per processor.</param>
    /// <param name="tolerance">The tolerance of the exact flows.</param>
    /// <param name="progress">Receives the number of finished samples.</param>
    /// <param name="cancellationToken">Stops between steps of the flows.</param>
    internal static ErrorBudget Decompose(
        GaussianMixtureModel model, IReadOnlyList<double> times, double[][] path, int threads, double tolerance, IProgress<long>? progress,
        CancellationToken cancellationToken)
    {
        MeanDistances distances = MeanDistances.Of(model.Mixture);
        var fan = new FanDecomposition(model, times, path, distances.Max, tolerance);
        fan.Run(threads, progress, cancellationToken);
        return new ErrorBudget(model, times, fan, 0.5 * distances.Min);
    }
}
