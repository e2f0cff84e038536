using System.Numerics;

namespace FlowDsl;

/// <summary>
/// A composition of flow maps of the probability-flow ODE from a process's horizon to its early stop, in place, for many samples at a time. Samples
/// are rows: sample i is the d values at <c>states[i*d..]</c>. States are always x.
/// </summary>
/// <typeparam name="TSelf">The sampler.</typeparam>
/// <typeparam name="T">float or double.</typeparam>
public interface IFlowSampler<TSelf, T>
    where TSelf : IFlowSampler<TSelf, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Describes the sampler: its solver, chart, times, cost and a-priori stability.</summary>
    static abstract SamplerDescriptor Descriptor { get; }

    /// <summary>Integrates every sample from x_T at the horizon to x_0 at the early stop.</summary>
    /// <param name="states">n×d values, row-major; any n, 0 included.</param>
    /// <exception cref="ArgumentException">The length is not a multiple of d.</exception>
    static abstract void Integrate(Span<T> states);

    /// <summary>
    /// Integrates over some segments only: the flow map from <c>Times[firstSegment]</c> to
    /// <c>Times[firstSegment + segmentCount]</c>. One-step solvers compose bit for bit (but see
    /// <see cref="SamplerDescriptor.ComposesExactly"/>). A multistep solver starts each call without memory, at first order; to continue bit for bit,
    /// pass its history to the overload that takes one.
    /// </summary>
    /// <param name="states">n×d values, row-major; any n, 0 included.</param>
    /// <param name="firstSegment">The first segment, from 0.</param>
    /// <param name="segmentCount">The number of segments.</param>
    /// <exception cref="ArgumentException">The length is not a multiple of d.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The segments are not within the sampler's.</exception>
    static abstract void Integrate(Span<T> states, int firstSegment, int segmentCount);

    /// <summary>
    /// Integrates over some segments and carries a multistep solver's history from call to call. Any partition of the segments then gives the same
    /// bits as one call.
    /// </summary>
    /// <param name="states">n×d values, row-major; any n, 0 included.</param>
    /// <param name="history">
    /// n×<see cref="SamplerDescriptor.HistoryLength"/>×d values, the last slopes of each sample, newest first. Read if
    /// <paramref name="firstSegment"/> is positive, and always written. Empty for one-step solvers.
    /// </param>
    /// <param name="firstSegment">The first segment, from 0.</param>
    /// <param name="segmentCount">The number of segments.</param>
    /// <exception cref="ArgumentException">A length does not fit.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The segments are not within the sampler's.</exception>
    static abstract void Integrate(Span<T> states, Span<T> history, int firstSegment, int segmentCount);

    /// <summary>Integrates every sample, to the same bits as without errors, and estimates each one's error.</summary>
    /// <param name="states">n×d values, row-major; any n, 0 included.</param>
    /// <param name="errors">Receives n errors, as <see cref="SamplerDescriptor.Tracking"/> says.</param>
    /// <exception cref="ArgumentException">The length of the states is not a multiple of d, or the number of errors is not n.</exception>
    static abstract void Integrate(Span<T> states, Span<FlowError> errors);

    /// <summary>
    /// Integrates every sample, to the same bits, and measures only how near each one came to a separatrix, its <see cref="FlowError.BranchMargin"/>.
    /// This costs little.
    /// </summary>
    /// <param name="states">n×d values, row-major; any n, 0 included.</param>
    /// <param name="errors">Receives n errors without estimates and bounds.</param>
    /// <exception cref="ArgumentException">The length of the states is not a multiple of d, or the number of errors is not n.</exception>
    static abstract void IntegrateWithMargins(Span<T> states, Span<FlowError> errors);

    /// <summary>
    /// Integrates every sample, to the same bits, and turns the log-density of each start into that of its end: log q(x_0) = log q(x_T) - log|det ∂x_0/∂x_T|,
    /// the density of the few-step sampler's own law.
    /// </summary>
    /// <remarks>
    /// The starts' log-densities are those of whatever law they were drawn from; <see cref="FlowSampling.PriorLogDensities"/> gives those of a prior. Where
    /// the determinant is negative the sampler folds space over, and other starts may have the same end: the value is then the density that this start alone
    /// brings, a lower bound. A singular derivative gives +∞, a sample that is not finite NaN.
    /// </remarks>
    /// <param name="states">n×d values, row-major; any n, 0 included.</param>
    /// <param name="logDensities">n log-densities, in nats: of the starts on entry, of the ends on return.</param>
    /// <returns>
    /// The number of samples at which the determinant of the map, or for a one-step solver that of a step, is not positive. 0 where the sampler does not fold.
    /// </returns>
    /// <exception cref="ArgumentException">The length of the states is not a multiple of d, or the number of log-densities is not n.</exception>
    static abstract int Integrate(Span<T> states, Span<double> logDensities);
}
