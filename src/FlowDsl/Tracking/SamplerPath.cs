using System.Buffers;
using System.Numerics;

namespace FlowDsl.Kernels;

/// <summary>Integrates a sampler's states with a look at its nodes on the way, for the branch margins.</summary>
internal sealed class SamplerPath<T>(SamplerDescriptor descriptor, Flow<T> flow, FlowSegments<T> segments)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly BranchMargins<T> _margins = new(descriptor);
    private readonly int _historyLength = descriptor.HistoryLength, _segmentCount = descriptor.SegmentCount;
    private readonly bool _composes = descriptor.ComposesExactly;

    public void Integrate(Span<T> states, Span<FlowError> errors)
    {
        errors.Fill(new FlowError(double.NaN, double.PositiveInfinity, double.NaN, double.PositiveInfinity));
        if (_composes)
        {
            Walk(states, errors);
            return;
        }
        // Parts of such a flow are not the bits of the whole: the nodes are those of a copy.
        T[] copy = ArrayPool<T>.Shared.Rent(states.Length);
        Span<T> path = copy.AsSpan(0, states.Length);
        states.CopyTo(path);
        Walk(path, errors);
        ArrayPool<T>.Shared.Return(copy);
        flow(states);
    }

    private void Walk(Span<T> states, Span<FlowError> errors)
    {
        T[] pooled = ArrayPool<T>.Shared.Rent(states.Length * _historyLength);
        Span<T> history = pooled.AsSpan(0, states.Length * _historyLength);
        int segment = 0;
        for (int index = 0; index < _margins.Nodes.Length; index++)
        {
            segments(states, history, segment, _margins.Nodes[index] - segment);
            segment = _margins.Nodes[index];
            _margins.Update(index, states, errors);
        }
        segments(states, history, segment, _segmentCount - segment);
        ArrayPool<T>.Shared.Return(pooled);
    }
}
