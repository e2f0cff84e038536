using FlowDsl.Errors.Budget;
using FlowDsl.Flows;
using FlowDsl.Networks;
using FlowDsl.Runtime.Arithmetic;

namespace FlowDsl;

/// <summary>
/// Divides the error of a sampler that runs on a network: what the solver errs on the network's own flow, and what the network's flow errs against the
/// mixture's, at the end and segment by segment.
/// </summary>
/// <remarks>
/// <para>
/// With the sampler's maps f_j, its states x̂_j+1 = f_j(x̂_j), the network's own flow Φⁿ and the mixture's exact flow Φ, both from the same starts x̂_0 = x_0,
/// </para>
/// <code>
/// x̂_N - Φ(x_0) = [x̂_N - Φⁿ(x_0)] + [Φⁿ(x_0) - Φ(x_0)]                     at the end: solver + network
/// f_j(x̂_j) - Φ_j(x̂_j) = [f_j(x̂_j) - Φⁿ_j(x̂_j)] + [Φⁿ_j(x̂_j) - Φ_j(x̂_j)]       on a segment: solver + network
/// </code>
/// <para>
/// The segments' parts are carried to the end by the mixture's exact flow, as <see cref="ErrorBudget"/> does; these contributions sum to x̂_N - Φ(x_0) too. The
/// two divisions differ in what they charge: at the end the network's flow has carried the solver's errors, on the segments the mixture's has.
/// </para>
/// <para>
/// Φⁿ is a fine run in single precision, of DPM-Solver++(3S). <see cref="Doubt"/> is its distance from one of half as many steps. As far as the mixture is not
/// the law of the data, the network's part includes that.
/// </para>
/// </remarks>
public sealed class FieldErrorBudget
{
    private const int MaxOwnSteps = 1024;

    private readonly ErrorBudget _parts;
    private readonly double[] _solverErrors, _networkErrors;

    private FieldErrorBudget(ErrorBudget parts, IReadOnlyList<double> times, double[] ownEnds, double[] doubts, double doubt, int functionEvaluations)
    {
        (_parts, Doubt, FunctionEvaluations) = (parts, doubt, functionEvaluations);
        ReadOnlySpan<double> ends = parts.ExactEnds, errors = parts.Errors;
        (_networkErrors, _solverErrors) = (new double[ends.Length], new double[ends.Length]);
        for (int c = 0; c < ends.Length; c++)
        {
            _networkErrors[c] = ownEnds[c] - ends[c];
            _solverErrors[c] = errors[c] - _networkErrors[c];
        }
        double meanSquare = Vectors.Dot(ends, ends), meanError2 = Vectors.Dot(errors, errors);
        SolverRelativeMeanSquaredError = Vectors.Dot(_solverErrors, _solverErrors) / meanSquare;
        NetworkRelativeMeanSquaredError = Vectors.Dot(_networkErrors, _networkErrors) / meanSquare;
        SolverShare = Vectors.Dot(_solverErrors, errors) / meanError2;
        NetworkShare = Vectors.Dot(_networkErrors, errors) / meanError2;
        SolverFlipShare = ErrorBudget.ShareBeyond(parts.FlipDistance, _solverErrors, Dimension);
        NetworkFlipShare = ErrorBudget.ShareBeyond(parts.FlipDistance, _networkErrors, Dimension);
        // Of each segment the network's part comes first; the solver's, from its end to its end, belongs to the whole segment.
        Segments = [.. doubts.Select((own, j) => new FieldSegmentBudget(
            parts.Segments[2 * j], parts.Segments[2 * j + 1] with { From = times[j] }, own))];
    }

    /// <summary>d, the number of coordinates of a sample.</summary>
    public int Dimension => _parts.Dimension;

    /// <summary>n, the number of samples it was measured on.</summary>
    public int SampleCount => _parts.SampleCount;

    /// <summary>The N segments in the order of sampling.</summary>
    public IReadOnlyList<FieldSegmentBudget> Segments { get; }

    /// <summary>E|x̂_N - Φ(x_0)|² / E|Φ(x_0)|²: of the whole error.</summary>
    public double RelativeMeanSquaredError => _parts.RelativeMeanSquaredError;

    /// <summary>E|x̂_N - Φⁿ(x_0)|² / E|Φ(x_0)|²: of the solver's error on the network's own flow.</summary>
    public double SolverRelativeMeanSquaredError { get; }

    /// <summary>E|Φⁿ(x_0) - Φ(x_0)|² / E|Φ(x_0)|²: of the network's own flow, solved exactly.</summary>
    public double NetworkRelativeMeanSquaredError { get; }

    /// <summary>
    /// The mean product of the solver's error at the end with the whole error, divided by the mean square of the whole error; negative if the network's error
    /// cancels more than it. Sums to 1 with <see cref="NetworkShare"/>. NaN if there is no error.
    /// </summary>
    public double SolverShare { get; }

    /// <summary>The same of the network's error.</summary>
    public double NetworkShare { get; }

    /// <summary>The share of samples whose whole error exceeds <see cref="FlipDistance"/>: they ended in another mode.</summary>
    public double FlipShare => _parts.FlipShare;

    /// <summary>The share of samples that the solver took to another mode than the network's own flow does.</summary>
    public double SolverFlipShare { get; }

    /// <summary>The share of samples that the network's own flow takes to another mode than the mixture's.</summary>
    public double NetworkFlipShare { get; }

    /// <summary>Half the smallest distance between two means; infinite if there is only one mean.</summary>
    public double FlipDistance => _parts.FlipDistance;

    /// <summary>The median of |x̂_N - Φ(x_0)|, which a few samples near a border hardly change.</summary>
    public double MedianError => _parts.MedianError;

    /// <inheritdoc cref="ErrorBudget.StandardizedError"/>
    public double StandardizedError => _parts.StandardizedError;

    /// <summary>
    /// How well Φⁿ(x_0) is known: its root mean square distance from a run of half as many steps. Parts that are not much longer than this are not known.
    /// </summary>
    public double Doubt { get; }

    /// <summary>Evaluations of the network per sample that the budget took.</summary>
    public int FunctionEvaluations { get; }

    /// <summary>x̂_N - Φ(x_0) of each sample, n×d values, row-major.</summary>
    public ReadOnlySpan<double> Errors => _parts.Errors;

    /// <summary>x̂_N - Φⁿ(x_0) of each sample, n×d values, row-major.</summary>
    public ReadOnlySpan<double> SolverErrors => _solverErrors;

    /// <summary>Φⁿ(x_0) - Φ(x_0) of each sample, n×d values, row-major.</summary>
    public ReadOnlySpan<double> NetworkErrors => _networkErrors;

    /// <summary>Measures the budget of a generated sampler on a network.</summary>
    /// <typeparam name="TSampler">The sampler.</typeparam>
    /// <inheritdoc cref="Measure(FieldSampler, INetworkField, long, ulong, int, SamplingOptions, double, IProgress{long}, CancellationToken)"/>
    public static FieldErrorBudget Measure<TSampler>(
        INetworkField field, long count, ulong seed, int ownSteps = 32, SamplingOptions? options = null, double tolerance = 1e-10,
        IProgress<long>? progress = null, CancellationToken cancellationToken = default)
        where TSampler : IFieldSampler<TSampler>
        => Measure(TSampler.FieldSampler, field, count, seed, ownSteps, options, tolerance, progress, cancellationToken);

    /// <summary>Measures the budget of a sampler on a network, on samples of its mixture's own law at the horizon.</summary>
    /// <param name="sampler">The sampler.</param>
    /// <param name="field">The network, which the calling thread evaluates <see cref="FunctionEvaluations"/> times per sample: about nine times
    /// <paramref name="ownSteps"/> per segment.</param>
    /// <param name="count">n, positive; each sample needs three exact flow maps per segment.</param>
    /// <param name="seed">The seed of the starts, as for <see cref="FlowSampling.DrawPrior"/>.</param>
    /// <param name="ownSteps">The steps of the network's own flow for each segment of the sampler, a power of 2 from 2 to 1024.</param>
    /// <param name="options">Prior, first index and threads; these for the exact flows only.</param>
    /// <param name="tolerance">The tolerance of the exact flow maps, as for
    /// <see cref="GaussianMixtureModel.FlowMaps(double, double, Span{double}, double, int, IProgress{long}, CancellationToken)"/>.</param>
    /// <param name="progress">
    /// Receives the number of samples whose exact flows are finished after each batch, in increasing order; the network runs before.
    /// </param>
    /// <param name="cancellationToken">Stops between segments of the sampler, batches of the network's own flow, and steps of the exact flows.</param>
    /// <exception cref="ArgumentException">
    /// The network has another d than the sampler, or the network's own flow has a coefficient that is not finite in single precision.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">The count is not positive or more than an array holds, or the number of steps, an option or the tolerance
    /// is out of its range.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static FieldErrorBudget Measure(
        FieldSampler sampler, INetworkField field, long count, ulong seed, int ownSteps = 32, SamplingOptions? options = null, double tolerance = 1e-10,
        IProgress<long>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(sampler);
        ArgumentNullException.ThrowIfNull(field);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        if (ownSteps is < 2 or > MaxOwnSteps || !int.IsPow2(ownSteps))
            throw new ArgumentOutOfRangeException(nameof(ownSteps), ownSteps, $"The steps of a segment must be a power of 2 from 2 to {MaxOwnSteps}.");
        BatchFlow.CheckTolerance(tolerance);
        sampler.Integrate([], field);
        SamplerDescriptor plan = sampler.Plan;
        int segments = plan.SegmentCount;
        NetworkFlow flow = new(sampler, ownSteps), half = new(sampler, ownSteps / 2);
        float[] states = FlowSampling.DrawPrior<float>(plan.Model, count, seed, options, cancellationToken: cancellationToken);
        float[] history = new float[states.Length * plan.HistoryLength], own = [.. states], rough = [.. states];
        double[] doubts = new double[segments], times = new double[2 * segments + 1];
        double[][] path = new double[2 * segments + 1][];
        (times[0], path[0]) = (plan.Times[0], Widen(states));
        for (int j = 0; j < segments; j++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            // A node between: where the network's own flow takes the sampler's state.
            float[] next = [.. states], other = [.. states];
            flow.Map(next, field, j, cancellationToken);
            half.Map(other, field, j, cancellationToken);
            doubts[j] = Distance(next, other);
            flow.Map(own, field, j, cancellationToken);
            half.Map(rough, field, j, cancellationToken);
            sampler.Integrate(states, field, history, j, 1);
            times[2 * j + 1] = times[2 * j + 2] = plan.Times[j + 1];
            (path[2 * j + 1], path[2 * j + 2]) = (Widen(next), Widen(states));
        }
        ErrorBudget parts = ErrorBudget.Decompose(plan.Model, times, path, options?.MaxThreads ?? -1, tolerance, progress, cancellationToken);
        int flowEvaluations = flow.FunctionEvaluations + half.FunctionEvaluations;
        return new FieldErrorBudget(
            parts, plan.Times, Widen(own), doubts, Distance(own, rough), sampler.FunctionEvaluations + 2 * flowEvaluations);

        static double[] Widen(float[] values) => Array.ConvertAll(values, value => (double)value);

        double Distance(float[] x, float[] y) => Vectors.Distance(Widen(x), Widen(y)) / Math.Sqrt(count);
    }

    /// <summary>Writes the budget as a table of its segments and two lines about the end.</summary>
    /// <param name="writer">The writer.</param>
    public void WriteTable(TextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        BudgetTable.Write(this, writer);
    }

    /// <summary>The table that <see cref="WriteTable"/> writes.</summary>
    public override string ToString() => BudgetTable.Text(WriteTable);
}
