using System.ComponentModel;
using System.Numerics;
using FlowDsl.Runtime.Blocks;
using FlowDsl.Runtime.Points;
using FlowDsl.Runtime.Students;

namespace FlowDsl.Runtime.Trackers;

/// <summary>Integrates samples and their errors; called by generated samplers.</summary>
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

    /// <summary>The same with the sampler's generated companion.</summary>
    public static void WithCompanion<TSampler, T, TCompanion>(TCompanion companion, Span<T> states, Span<FlowError> errors)
        where TSampler : IFlowSampler<TSampler, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TCompanion : IBlockKernel<T>
    {
        Check<TSampler, T>(states, errors);
        ref ErrorTracker<T>? tracker = ref Of<TSampler, T, TCompanion>.Tracker;
        if (tracker is null)
        {
            Integration<T> flow = own => BlockDriver.Integrate(companion, own);
            Interlocked.CompareExchange(ref tracker, new CompanionTracker<T>(TSampler.Descriptor, TSampler.IntegrateWithMargins, flow), null);
        }
        tracker.Integrate(states, errors);
    }

    /// <summary>The same with the sampler's generated tangents.</summary>
    public static void WithTangents<TSampler, T, TTangents>(Span<T> states, Span<FlowError> errors)
        where TSampler : IFlowSampler<TSampler, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TTangents : struct, ITangentKernel<T>
    {
        Check<TSampler, T>(states, errors);
        ref ErrorTracker<T>? tracker = ref Of<TSampler, T, TTangents>.Tracker;
        if (tracker is null)
            Interlocked.CompareExchange(ref tracker, new TangentTracker<TTangents, T>(TSampler.Descriptor, TSampler.IntegrateWithMargins), null);
        tracker.Integrate(states, errors);
    }

    /// <summary>The same for a student, whose segments are compared with its reference's.</summary>
    public static void WithTeacher<TStudent>(StudentKernel kernel, Span<float> states, Span<FlowError> errors)
        where TStudent : IFlowStudent<TStudent>
    {
        ArgumentNullException.ThrowIfNull(kernel);
        Check<TStudent, float>(states, errors);
        kernel.RequireWeights();
        ref ErrorTracker<float>? tracker = ref Of<TStudent, float, StudentKernel>.Tracker;
        if (tracker is null) Interlocked.CompareExchange(ref tracker, new TeacherTracker(kernel), null);
        tracker.Integrate(states, errors);
    }

    /// <inheritdoc cref="IFlowSampler{TSelf, T}.IntegrateWithMargins"/>
    public static void IntegrateWithMargins<TSampler, T>(Span<T> states, Span<FlowError> errors)
        where TSampler : IFlowSampler<TSampler, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Check<TSampler, T>(states, errors);
        Of<TSampler, T>.Path.Value.Integrate(states, errors);
    }

    /// <summary>The same with a kernel.</summary>
    public static void IntegrateWithMargins<TSampler, T, TKernel>(TKernel kernel, Span<T> states, Span<FlowError> errors)
        where TSampler : IFlowSampler<TSampler, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TKernel : IBlockKernel<T>
    {
        Check<TSampler, T>(states, errors);
        ref SamplerPath<T>? path = ref Of<TSampler, T, TKernel>.Path;
        if (path is null) Interlocked.CompareExchange(ref path, new KernelPath<TKernel, T>(TSampler.Descriptor, kernel), null);
        path.Integrate(states, errors);
    }

    /// <summary>Integrates samples, and those that came near a separatrix again with finer steps.</summary>
    internal static void IntegrateWithRepair<TSampler, T>(Span<T> states, double margin)
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
            throw new ArgumentException(
                $"There are {errors.Length} errors for {states.Length / d} samples; there must be one for each sample.", nameof(errors));
    }

    // Made when a sampler is first asked for its errors.
    private static class Of<TSampler, T>
        where TSampler : IFlowSampler<TSampler, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public static readonly Lazy<ErrorTracker<T>> Tracker = new(() => ErrorTracker<T>.Create(TSampler.Descriptor, TSampler.IntegrateWithMargins));

        public static readonly Lazy<FlowRepair<T>> Repairer = new(() => new FlowRepair<T>(TSampler.Descriptor, TSampler.IntegrateWithMargins));

        public static readonly Lazy<SamplerPath<T>> Path = new(() => new SegmentPath<TSampler, T>());
    }

    private static class Of<TSampler, T, TKernel>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public static ErrorTracker<T>? Tracker;

        public static SamplerPath<T>? Path;
    }
}
