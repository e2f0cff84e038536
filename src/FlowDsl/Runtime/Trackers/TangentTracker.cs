using System.Buffers;
using System.Numerics;
using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Solvers;
using FlowDsl.Runtime.Blocks;
using FlowDsl.Runtime.Loops;

namespace FlowDsl.Runtime.Trackers;

/// <summary>The steps' own errors, from the slopes of the steps: the sum of their lengths or, with tangents, their propagated sum.</summary>
/// <remarks>The sampler's own code computes the states, loops over tables compute the rest.</remarks>
internal sealed class LoopTangentTracker<T> : ErrorTracker<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly MarginFlow<T> _flow;
    private readonly CompanionTracker<T>? _companion;
    private readonly TangentRun<TangentKernel<T>, T> _run;

    public LoopTangentTracker(SamplerDescriptor descriptor, MarginFlow<T> flow, int tangentCount)
        : base(descriptor)
    {
        (Mixture mixture, Process process) = (descriptor.Model.Mixture, descriptor.Model.Process);
        // The steps of a multistep solver have no partners: its tangents say how errors grow, not how large they are.
        if (descriptor.HistoryLength > 0) _companion = new CompanionTracker<T>(descriptor, flow);
        _flow = flow;
        _run = new(new TangentKernel<T>(
            mixture,
            descriptor.Program,
            LocalErrors.Of(mixture, process, descriptor.Frame, descriptor.Solver, descriptor.Times),
            tangentCount));
    }

    /// <inheritdoc/>
    protected override void Track(Span<T> states, Span<T> copy, Span<FlowError> errors) => Follow(states, copy, errors);

    /// <summary>The implementation of <see cref="Track"/>, for trackers that leave some samples to this one.</summary>
    public void Follow(Span<T> states, Span<T> copy, Span<FlowError> errors)
    {
        T[] pooled = ArrayPool<T>.Shared.Rent(states.Length);
        Span<T> starts = pooled.AsSpan(0, states.Length);
        states.CopyTo(starts);
        if (_companion is null) _flow(states, errors);
        else _companion.Follow(states, copy, errors);
        _run.Integrate(starts, errors, hasEstimates: _companion is null);
        ArrayPool<T>.Shared.Return(pooled);
    }
}

/// <summary>The same with the sampler's generated kernel, which computes the states too.</summary>
internal sealed class TangentTracker<TKernel, T> : ErrorTracker<T>
    where TKernel : struct, ITangentKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int _d;
    private readonly CompanionTracker<T>? _companion;
    private readonly TangentRun<TKernel, T> _run;
    private readonly BranchMargins<T> _margins;
    private readonly Lazy<LoopTangentTracker<T>> _loops;

    public TangentTracker(SamplerDescriptor descriptor, MarginFlow<T> flow)
        : base(descriptor)
    {
        _d = descriptor.Dimension;
        if (descriptor.HistoryLength > 0) _companion = new CompanionTracker<T>(descriptor, flow);
        _run = new(default);
        _margins = new BranchMargins<T>(descriptor.Model.Mixture, descriptor.Model.Process, descriptor.Times);
        _loops = new(() => new LoopTangentTracker<T>(descriptor, flow, default(TKernel).TangentCount));
    }

    /// <inheritdoc/>
    protected override void Track(Span<T> states, Span<T> copy, Span<FlowError> errors)
    {
        T[] pooled = ArrayPool<T>.Shared.Rent(states.Length);
        Span<T> starts = pooled.AsSpan(0, states.Length);
        states.CopyTo(starts);
        if (_companion is null)
        {
            Redo(starts, states, copy, errors, _run.Integrate(states, errors, hasEstimates: true, _margins));
        }
        else
        {
            _companion.Follow(states, copy, errors);
            starts.CopyTo(copy);
            Redo(starts, states, copy, errors, _run.Integrate(copy, errors, hasEstimates: false));
        }
        ArrayPool<T>.Shared.Return(pooled);
    }

    /// <summary>Tracks with loops the samples for which the kernel is not exact; there are rarely any.</summary>
    private void Redo(ReadOnlySpan<T> starts, Span<T> states, Span<T> copy, Span<FlowError> errors, List<int> samples)
    {
        foreach (int i in samples)
        {
            Span<T> state = states.Slice(i * _d, _d);
            starts.Slice(i * _d, _d).CopyTo(state);
            _loops.Value.Follow(state, copy[.._d], errors.Slice(i, 1));
        }
    }
}
