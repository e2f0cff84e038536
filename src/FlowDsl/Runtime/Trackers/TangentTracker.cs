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
    private readonly Companion<T>? _companion;
    private readonly TangentRun<TangentKernel<T>, T> _run;

    public LoopTangentTracker(SamplerDescriptor descriptor, SamplerPath<T> path, int tangentCount)
        : base(descriptor.Dimension)
    {
        (Mixture mixture, Process process) = (descriptor.Model.Mixture, descriptor.Model.Process);
        // The steps of a multistep solver have no partners: its tangents say how errors grow, not how large they are.
        if (descriptor.HistoryLength > 0) _companion = Companion<T>.Of(descriptor);
        _path = path;
        _run = new(new TangentKernel<T>(
            mixture,
            FlowProgram.Create(process, descriptor.Frame, descriptor.Solver, descriptor.Times),
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
internal sealed class TangentTracker<TKernel, T> : BlockTracker<T>
    where TKernel : struct, ITangentKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int _d;
    private readonly SamplerPath<T> _path;
    private readonly Companion<T>? _companion;
    private readonly TangentRun<TKernel, T> _run;
    private readonly BranchMargins<T> _margins;
    private readonly Lazy<LoopTangentTracker<T>> _loops;

    public TangentTracker(SamplerDescriptor descriptor, SamplerPath<T> path)
        : base(descriptor.Dimension)
    {
        (_d, _path) = (descriptor.Dimension, path);
        if (descriptor.HistoryLength > 0) _companion = Companion<T>.Of(descriptor);
        _run = new(default);
        _margins = new BranchMargins<T>(descriptor.Model.Mixture, descriptor.Model.Process, descriptor.Times);
        _loops = new(() => new LoopTangentTracker<T>(descriptor, path, default(TKernel).TangentCount));
    }

    /// <inheritdoc/>
    protected override void Track(Span<T> states, Span<T> starts, Span<FlowError> errors)
    {
        if (_companion is null)
        {
            Redo(starts, states, errors, _run.Integrate(states, errors, hasEstimates: true, _margins));
            return;
        }
        _path.Integrate(states, errors, _companion);
        T[] pooled = ArrayPool<T>.Shared.Rent(starts.Length);
        Span<T> ends = pooled.AsSpan(0, starts.Length);
        starts.CopyTo(ends);
        Redo(starts, states, errors, _run.Integrate(ends, errors, hasEstimates: false));
        ArrayPool<T>.Shared.Return(pooled);
    }

    /// <summary>Tracks with loops the samples for which the kernel is not exact; there are rarely any.</summary>
    private void Redo(ReadOnlySpan<T> starts, Span<T> states, Span<FlowError> errors, List<int> samples)
    {
        foreach (int i in samples)
        {
            Span<T> state = states.Slice(i * _d, _d);
            starts.Slice(i * _d, _d).CopyTo(state);
            _loops.Value.Integrate(state, errors.Slice(i, 1));
        }
    }
}
