using System.ComponentModel;
using System.Numerics;

namespace FlowDsl.Kernels;

/// <summary>Integrates samples and their errors. What generated samplers call.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class ErrorTracking
{
    /// <inheritdoc cref="IFlowSampler{TSelf, T}.Integrate(Span{T}, Span{FlowError})"/>
    public static void Integrate<TSampler, T>(Span<T> states, Span<FlowError> errors)
        where TSampler : IFlowSampler<TSampler, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Check<TSampler, T>(states, errors);
        Of<TSampler, T>.Tracker.Value.Integrate(states, errors);
    }

    /// <summary>The same by a companion of the sampler's own.</summary>
    public static void WithCompanion<TSampler, T, TCompanion>(TCompanion companion, Span<T> states, Span<FlowError> errors)
        where TSampler : IFlowSampler<TSampler, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TCompanion : IBlockKernel<T>
    {
        Check<TSampler, T>(states, errors);
        if (Of<TSampler, T, TCompanion>.Tracker is null)
        {
            Flow<T> flow = own => BlockDriver.Integrate(companion, own);
            Interlocked.CompareExchange(
                ref Of<TSampler, T, TCompanion>.Tracker, new CompanionTracker<T>(TSampler.Descriptor, Of<TSampler, T>.Flow, Of<TSampler, T>.Segments, flow), null);
        }
        Of<TSampler, T, TCompanion>.Tracker.Integrate(states, errors);
    }

    /// <summary>The same by tangents of the sampler's own.</summary>
    public static void WithTangents<TSampler, T, TTangents>(Span<T> states, Span<FlowError> errors)
        where TSampler : IFlowSampler<TSampler, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TTangents : struct, ITangentKernel<T>
    {
        Check<TSampler, T>(states, errors);
        if (Of<TSampler, T, TTangents>.Tracker is null)
        {
            Interlocked.CompareExchange(
                ref Of<TSampler, T, TTangents>.Tracker, new TangentTracker<TTangents, T>(TSampler.Descriptor, Of<TSampler, T>.Flow, Of<TSampler, T>.Segments), null);
        }
        Of<TSampler, T, TTangents>.Tracker.Integrate(states, errors);
    }

    /// <summary>Integrates samples, and once more in a finer composition those that came near a separatrix.</summary>
    internal static void Repair<TSampler, T>(Span<T> states, double margin)
        where TSampler : IFlowSampler<TSampler, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => Of<TSampler, T>.Repairer.Value.Integrate(states, margin);

    private static void Check<TSampler, T>(Span<T> states, Span<FlowError> errors)
        where TSampler : IFlowSampler<TSampler, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int d = TSampler.Descriptor.Dimension;
        PointFunctions.CheckRows(states.Length, d);
        if (errors.Length != states.Length / d)
            throw new ArgumentException($"There are {errors.Length} errors for {states.Length / d} samples; there must be as many.", nameof(errors));
    }

    // Made when a sampler is first asked for its errors.
    private static class Of<TSampler, T>
        where TSampler : IFlowSampler<TSampler, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public static readonly Lazy<ErrorTracker<T>> Tracker = new(() => ErrorTracker<T>.Create(TSampler.Descriptor, Flow, Segments));

        public static readonly Lazy<FlowRepair<T>> Repairer = new(() => new FlowRepair<T>(TSampler.Descriptor, Flow, Segments));

        public static void Flow(Span<T> states) => TSampler.Integrate(states);

        public static void Segments(Span<T> states, Span<T> history, int first, int count) => TSampler.Integrate(states, history, first, count);
    }

    private static class Of<TSampler, T, TKernel>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public static ErrorTracker<T>? Tracker;
    }
}
