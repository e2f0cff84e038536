using System.Buffers;
using System.Numerics;
using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Solvers;
using FlowDsl.Runtime.Blocks;
using FlowDsl.Runtime.Loops;

namespace FlowDsl.Runtime.Trackers;

/// <summary>The steps' own errors, from the slopes of the steps: the sum of their lengths or, with tangents, their propagated sum.</summary>
/// <remarks>The sampler's own code computes the states, loops over tables compute the rest.</remarks>
internal sealed class LoopTangentTracker<T> : BlockTracker<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly SamplerPath<T> _path;
    private readonly Twin<T>? _companion;
    private readonly TangentRun<TangentKernel<T>, T> _run;

    public LoopTangentTracker(SamplerDescriptor descriptor, SamplerPath<T> path, int tangentCount)
        : base(descriptor.Dimension)
    {
        (Mixture mixture, Process process) = (descriptor.Model.Mixture, descriptor.Model.Process);
        // The steps of a multistep solver have no partners: its tangents say how errors grow, not how large they are.
        if (descriptor.HistoryLength > 0) _companion = Twin<T>.Of(descriptor);
        _path = path;
        _run = new(new TangentKernel<T>(
            mixture,
            descriptor.Program,
            LocalErrors.Of(mixture, process, descriptor.Frame, descriptor.Solver, descriptor.Times),
            tangentCount));
    }

    /// <inheritdoc/>
    protected override void Track(Span<T> states, Span<T> starts, Span<FlowError> errors)
    {
        _path.Integrate(states, errors, _companion);
        _run.Integrate(starts, errors, hasEstimates: _companion is null);
    }
}

/// <summary>The same with the sampler's generated kernel, which computes the states too.</summary>
internal sealed class TangentTracker<TKernel, T> : ErrorTracker<T>
    where TKernel : struct, ITangentKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly SamplerPath<T> _path;
    private readonly Twin<T>? _companion;
    private readonly TangentRun<TKernel, T> _run;
    private readonly Careful _loops;

    public TangentTracker(SamplerDescriptor descriptor, SamplerPath<T> path)
    {
        _path = path;
        if (descriptor.HistoryLength > 0) _companion = Twin<T>.Of(descriptor);
        _run = new(default, _companion is null ? new BranchMargins<T>(descriptor.Model.Mixture, descriptor.Model.Process, descriptor.Times) : null);
        _loops = new(new Lazy<LoopTangentTracker<T>>(() => new LoopTangentTracker<T>(descriptor, path, default(TKernel).TangentCount)));
    }

    /// <inheritdoc/>
    public override void Integrate(Span<T> states, Span<FlowError> errors)
    {
        if (_companion is null)
        {
            _run.Integrate(states, errors, hasEstimates: true, _loops);
            return;
        }
        T[] pooled = ArrayPool<T>.Shared.Rent(states.Length);
        Span<T> starts = pooled.AsSpan(0, states.Length);
        states.CopyTo(starts);
        _path.Integrate(states, errors, _companion);
        _run.Integrate(starts, errors, hasEstimates: false, _loops);
        ArrayPool<T>.Shared.Return(pooled);
    }

    // Made when a sample first needs it.
    private sealed class Careful(Lazy<LoopTangentTracker<T>> loops) : ErrorTracker<T>
    {
        public override void Integrate(Span<T> states, Span<FlowError> errors) => loops.Value.Integrate(states, errors);
    }
}
