using FlowDsl.Mathematics.Numerics;
using FlowDsl.Runtime.Blocks;
using FlowDsl.Runtime.Laws;
using FlowDsl.Runtime.Points;
using FlowDsl.Networks;

namespace FlowDsl;

/// <summary>
/// A sampler whose field is a network: solver, chart, times and coefficients come from a mixture and its process, the slopes from the network. States
/// are float and always x. As safe to share between threads as the network itself.
/// </summary>
public sealed class FieldSampler
{
    private readonly FieldProgram _program;
    private readonly Lazy<FieldErrors> _errors;

    /// <summary>Plans a sampler.</summary>
    /// <param name="plan">
    /// The sampler, a generated one's <c>Descriptor</c> or from <see cref="SamplerDescriptor.Create"/>; its mixture stands for the data that the
    /// network was trained on.
    /// </param>
    /// <param name="convention">What the network's output is and in which time it counts; null for velocities in the process's time.</param>
    /// <param name="batchSize">The maximum number of states that the network gets at a time, at least 1.</param>
    /// <exception cref="ArgumentException">A coefficient of the sampler is not finite in single precision.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The size of a batch is not positive.</exception>
    public FieldSampler(SamplerDescriptor plan, NetworkConvention? convention = null, int batchSize = 4096)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batchSize);
        (Plan, Convention, BatchSize) = (plan, convention ?? new NetworkConvention(), batchSize);
        _program = new FieldProgram(plan.Model, plan.Program, Convention, batchSize);
        _errors = new(() => new FieldErrors(plan, _program, Convention, batchSize), LazyThreadSafetyMode.PublicationOnly);
    }

    /// <summary>The sampler that it runs.</summary>
    public SamplerDescriptor Plan { get; }

    /// <summary>What the network's output is and in which time it counts.</summary>
    public NetworkConvention Convention { get; }

    /// <summary>The maximum number of states that the network gets at a time.</summary>
    public int BatchSize { get; }

    /// <summary>Evaluations of the network per state (NFE).</summary>
    public int FunctionEvaluations => _program.FunctionEvaluations;

    /// <summary>Evaluations of the network per state of a call that takes errors.</summary>
    public int FunctionEvaluationsWithErrors => _errors.Value.FunctionEvaluations;

    /// <summary>Integrates every state from the first time to the last.</summary>
    /// <param name="states">n×d values, row-major, in place; any n, 0 included. A state that is not finite at the end becomes NaN in all coordinates.</param>
    /// <param name="field">The network.</param>
    /// <exception cref="ArgumentException">The length is not a multiple of d, or the network has another d.</exception>
    public void Integrate(Span<float> states, INetworkField field) => Integrate(states, field, 0, Plan.SegmentCount);

    /// <summary>
    /// Integrates over some segments only. One-step solvers compose bit for bit if the network gives every state the same bits in any batch; a multistep
    /// solver starts each call without memory, at first order.
    /// </summary>
    /// <param name="states">n×d values, row-major, in place; any n, 0 included.</param>
    /// <param name="field">The network.</param>
    /// <param name="firstSegment">The first segment, from 0.</param>
    /// <param name="segmentCount">The number of segments.</param>
    /// <exception cref="ArgumentException">The length is not a multiple of d, or the network has another d.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The segments are not within the sampler's.</exception>
    public void Integrate(Span<float> states, INetworkField field, int firstSegment, int segmentCount)
    {
        Check(states, field);
        BlockDriver.CheckSegments(Plan.SegmentCount, firstSegment, segmentCount);
        _program.Run(states, field, [], firstSegment, segmentCount);
    }

    /// <summary>Integrates over some segments and carries a multistep solver's history from call to call, as one call would.</summary>
    /// <param name="states">n×d values, row-major, in place; any n, 0 included.</param>
    /// <param name="field">The network.</param>
    /// <param name="history">
    /// n×<see cref="SamplerDescriptor.HistoryLength"/>×d values, the last slopes of each state, newest first. Read if
    /// <paramref name="firstSegment"/> is positive, and always written. Empty for one-step solvers.
    /// </param>
    /// <param name="firstSegment">The first segment, from 0.</param>
    /// <param name="segmentCount">The number of segments.</param>
    /// <exception cref="ArgumentException">A length does not fit, or the network has another d.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The segments are not within the sampler's.</exception>
    public void Integrate(Span<float> states, INetworkField field, Span<float> history, int firstSegment, int segmentCount)
    {
        Check(states, field);
        BlockDriver.CheckSegments(Plan.SegmentCount, firstSegment, segmentCount);
        BlockDriver.CheckHistory(history.Length, states.Length, Plan.HistoryLength);
        _program.Run(states, field, history, firstSegment, segmentCount);
    }

    /// <summary>Integrates every state, to the same bits as without errors, and estimates each one's error against the network's own exact flow.</summary>
    /// <remarks>
    /// The estimate is the solver's part of the error; what the network itself errs is not in it. <see cref="Tracking.Local"/> adds up the lengths of the
    /// steps' own errors. The other modes, which would need derivatives of the network, take the distance from a second run, as
    /// <see cref="Tracking.Companion"/>; <see cref="Tracking.None"/> estimates nothing. Branch margins are the mixture's, on the network's trajectories.
    /// </remarks>
    /// <param name="states">n×d values, row-major, in place; any n, 0 included.</param>
    /// <param name="errors">Receives n errors.</param>
    /// <param name="field">The network, which is evaluated <see cref="FunctionEvaluationsWithErrors"/> times per state.</param>
    /// <exception cref="ArgumentException">A length does not fit, or the network has another d.</exception>
    public void Integrate(Span<float> states, Span<FlowError> errors, INetworkField field)
    {
        Check(states, field);
        PointFunctions.CheckErrors(states.Length, Plan.Dimension, errors.Length);
        _errors.Value.Integrate(states, errors, field);
    }

    /// <summary>
    /// Integrates every state, to the same bits, and turns the log-density of each start into that of its end, as
    /// <see cref="IFlowSampler{TSelf, T}.Integrate(Span{T}, Span{double})"/> does.
    /// </summary>
    /// <remarks>
    /// Networks do not give derivatives, so these come from differences in single precision: four more runs for each coordinate. A log-density is good to
    /// about 1e-4 for each coordinate where the network is smooth.
    /// </remarks>
    /// <param name="states">n×d values, row-major, in place; any n, 0 included.</param>
    /// <param name="logDensities">n log-densities, in nats: of the starts on entry, of the ends on return.</param>
    /// <param name="field">The network, which is evaluated 4d + 1 times as often as without log-densities.</param>
    /// <returns>The number of samples at which the determinant of the map is not positive.</returns>
    /// <exception cref="ArgumentException">A length does not fit, or the network has another d.</exception>
    public int Integrate(Span<float> states, Span<double> logDensities, INetworkField field)
    {
        Check(states, field);
        return new LawRun<float>(Plan.Dimension, Run, new DifferenceDeterminants<float>(Plan.Model, Run)).Integrate(states, logDensities);

        void Run(Span<float> own) => Integrate(own, field);
    }

    /// <summary>Draws x_T from the mixture's prior, as <see cref="FlowSampling.DrawPrior"/> does, and integrates it with the network.</summary>
    /// <param name="count">n, the number of samples to draw.</param>
    /// <param name="seed">The seed of the random numbers.</param>
    /// <param name="field">The network.</param>
    /// <param name="options">Prior, first index and threads: one unless a number is given, because networks have threads of their own.</param>
    /// <param name="progress">Receives the number of finished samples after each batch, in increasing order.</param>
    /// <param name="cancellationToken">Stops between batches of <see cref="BatchSize"/>.</param>
    /// <returns>n×d values, row-major.</returns>
    /// <exception cref="ArgumentException">The network has another d.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The count is negative or more than an array holds, or an option is out of its range.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public float[] Sample(
        long count, ulong seed, INetworkField field, SamplingOptions? options = null, IProgress<long>? progress = null,
            CancellationToken cancellationToken = default)
    {
        Check([], field);
        options ??= new SamplingOptions();
        if (options.Repair != Repair.None)
            throw new ArgumentOutOfRangeException(
                nameof(options), options.Repair, $"{nameof(SamplingOptions.Repair)} must be None: the repair follows the mixture's field, not a network's.");
        if (options.MaxThreads == -1) options = options with { MaxThreads = 1 };
        return FlowSampling.Run<float>(Plan.Model, count, seed, options, states => Integrate(states, field), null, progress, cancellationToken, BatchSize);
    }

    private void Check(ReadOnlySpan<float> states, INetworkField field)
    {
        ArgumentNullException.ThrowIfNull(field);
        PointFunctions.CheckRows(states.Length, Plan.Dimension);
        if (field.Dimension != Plan.Dimension)
            throw new ArgumentException(
                $"The network's states have {NumberText.Count(field.Dimension, "coordinate")}, the sampler's {Plan.Dimension}.", nameof(field));
    }
}
