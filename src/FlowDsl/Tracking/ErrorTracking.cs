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
        int d = TSampler.Descriptor.Dimension;
        PointFunctions.CheckRows(states.Length, d);
        if (errors.Length != states.Length / d)
            throw new ArgumentException($"There are {errors.Length} errors for {states.Length / d} samples; there must be as many.", nameof(errors));
        Of<TSampler, T>.Tracker.Integrate(states, errors);
    }

    // Made when a sampler is first asked for its errors.
    private static class Of<TSampler, T>
        where TSampler : IFlowSampler<TSampler, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public static readonly ErrorTracker<T> Tracker = ErrorTracker<T>.Create(
            TSampler.Descriptor, static states => TSampler.Integrate(states), static (states, first, count) => TSampler.Integrate(states, first, count));
    }
}
