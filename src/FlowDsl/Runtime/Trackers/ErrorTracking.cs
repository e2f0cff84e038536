using System.ComponentModel;
using System.Numerics;
using FlowDsl.Mathematics.Solvers;
using FlowDsl.Runtime.Blocks;
using FlowDsl.Runtime.Loops;
using FlowDsl.Runtime.Maps;
using FlowDsl.Runtime.Students;

namespace FlowDsl.Runtime.Trackers;

/// <summary>Makes the <see cref="SamplerErrors{T}"/> of samplers.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class ErrorTracking
{
    /// <summary>For a kernel, with loops over tables for what its tracking mode needs besides.</summary>
    public static SamplerErrors<T> Of<TKernel, T>(SamplerDescriptor descriptor, TKernel kernel)
        where TKernel : IBlockKernel<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => new(
            descriptor,
            () => new KernelPath<TKernel, T>(descriptor, kernel),
            path => OfCoefficients(descriptor, (object)kernel as CoefficientKernel<T>) ?? ErrorTracker<T>.Create(descriptor, path));

    /// <summary>For a kernel with a generated companion.</summary>
    public static SamplerErrors<T> WithCompanion<TKernel, TCompanion, T>(SamplerDescriptor descriptor, TKernel kernel, TCompanion companion)
        where TKernel : IBlockKernel<T>
        where TCompanion : IBlockKernel<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => new(
            descriptor,
            () => new KernelPath<TKernel, T>(descriptor, kernel),
            path => new CompanionTracker<T>(path, new Twin<T>(companion, CompanionProgram.Excess(descriptor.Solver))));

    /// <summary>For a kernel with generated tangents.</summary>
    public static SamplerErrors<T> WithTangents<TKernel, TTangents, T>(SamplerDescriptor descriptor, TKernel kernel)
        where TKernel : IBlockKernel<T>
        where TTangents : struct, ITangentKernel<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => new(descriptor, () => new KernelPath<TKernel, T>(descriptor, kernel), path => new TangentTracker<TTangents, T>(descriptor, path));

    /// <summary>For a student, whose segments are compared with its reference's.</summary>
    public static SamplerErrors<float> OfStudent(SamplerDescriptor descriptor, StudentKernel kernel)
    {
        return new(
            descriptor,
            () => PathOf<float>(descriptor, states => Integrate(states, default, 0, descriptor.SegmentCount), Integrate),
            _ =>
            {
                kernel.RequireWeights();
                return new TeacherTracker(kernel);
            });

        void Integrate(Span<float> states, Span<float> history, int firstSegment, int segmentCount)
            => StudentDriver.Integrate(kernel, states, history, firstSegment, segmentCount);
    }

    /// <summary>For a flow map, whose error is proved.</summary>
    public static SamplerErrors<T> OfMap<T>(TabulatedMap<T> map)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(map);
        return new(map.Descriptor, () => PathOf<T>(map.Descriptor, map.Integrate, map.Integrate), path => new MapTracker<T>(map, path));
    }

    /// <summary>For a sampler that has no kernel, from its calls over some segments.</summary>
    internal static SamplerErrors<T> OfSegments<TSampler, T>(SamplerDescriptor descriptor)
        where TSampler : IFlowSampler<TSampler, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => new(
            descriptor,
            () => PathOf<T>(descriptor, TSampler.Integrate, TSampler.Integrate),
            path => ErrorTracker<T>.Create(descriptor, path));

    /// <summary>The tracker for a kernel in the coefficients of the means; null where that is not what it is, or tracks.</summary>
    private static CoefficientTracker<T>? OfCoefficients<T>(SamplerDescriptor descriptor, CoefficientKernel<T>? kernel)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (kernel is null || descriptor.Tracking is not (Tracking.Local or Tracking.Tangent)) return null;
        GaussianMixtureModel model = descriptor.Model;
        return LocalErrors.Of(model.Mixture, model.Process, descriptor.Frame, descriptor.Solver, descriptor.Times) is { } errors
            ? new CoefficientTracker<T>(descriptor, errors, descriptor.Tracking == Tracking.Local ? 0 : LocalErrors.TangentCount(descriptor.Dimension))
            : null;
    }

    private static SegmentPath<T> PathOf<T>(SamplerDescriptor descriptor, Integration<T> whole, SegmentIntegration<T> segments)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => new(
            descriptor, new BranchMargins<T>(descriptor.Model.Mixture, descriptor.Model.Process, descriptor.Times),
            descriptor.ComposesExactly ? null : whole, segments);
}
