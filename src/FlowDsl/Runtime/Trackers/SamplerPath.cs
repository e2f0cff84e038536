using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using FlowDsl.Runtime.Arithmetic;
using FlowDsl.Runtime.Blocks;
using FlowDsl.Runtime.Loops;

namespace FlowDsl.Runtime.Trackers;

/// <summary>Integrates samples and keeps their minimum branch margins on the way. Thread-safe.</summary>
internal abstract class SamplerPath<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Integrates.</summary>
    /// <param name="states">n×d values, in place.</param>
    /// <param name="errors">Receives n errors with only the branch margins.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Integrate(Span<T> states, Span<FlowError> errors)
    {
        T[] pooled = ArrayPool<T>.Shared.Rent(errors.Length);
        Span<T> margins = pooled.AsSpan(0, errors.Length);
        margins.Fill(T.PositiveInfinity);
        Walk(states, margins);
        for (int i = 0; i < errors.Length; i++) errors[i] = new FlowError(double.NaN, double.PositiveInfinity, double.NaN, double.CreateTruncating(margins[i]));
        ArrayPool<T>.Shared.Return(pooled);
    }

    protected abstract void Walk(Span<T> states, Span<T> margins);
}

/// <summary>With a kernel whose mixture is a data set: that has no margins.</summary>
internal sealed class UnwatchedPath<TKernel, T>(TKernel kernel) : SamplerPath<T>
    where TKernel : IBlockKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    protected override void Walk(Span<T> states, Span<T> margins)
    {
        BlockDriver.Integrate(kernel, states);
        margins.Fill(T.NaN);
    }
}

/// <summary>With a watched kernel.</summary>
internal sealed class KernelPath<TKernel, T>(SamplerDescriptor descriptor, TKernel kernel) : SamplerPath<T>
    where TKernel : IBlockKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly BranchMargins<T> _margins = new(
        kernel is ISpanKernel<T> span ? span.Watched : descriptor.Model.Mixture, descriptor.Model.Process, descriptor.Times);

    // A watch belongs to one thread at a time.
    private readonly System.Collections.Concurrent.ConcurrentBag<MarginWatch<T>> _watches = [];

    protected override void Walk(Span<T> states, Span<T> margins)
    {
        if (!_watches.TryTake(out MarginWatch<T>? watch)) watch = new MarginWatch<T>(_margins, kernel.Stride);
        BlockDriver.Integrate(kernel, states, watch, margins);
        _watches.Add(watch);
    }
}

/// <summary>A sampler's call over some segments.</summary>
internal delegate void SegmentIntegration<T>(Span<T> states, Span<T> history, int firstSegment, int segmentCount);

/// <summary>With a sampler's calls over some segments, for samplers that are not kernels.</summary>
/// <param name="descriptor">The sampler.</param>
/// <param name="nodes">The margins at its nodes.</param>
/// <param name="whole">The call over all segments, if parts do not give its bits; otherwise null.</param>
/// <param name="segments">The call over some segments.</param>
internal sealed class SegmentPath<T>(SamplerDescriptor descriptor, BranchMargins<T> nodes, Integration<T>? whole, SegmentIntegration<T> segments) : SamplerPath<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Lanes = 128;

    protected override void Walk(Span<T> states, Span<T> margins)
    {
        if (whole is null)
        {
            Follow(states, margins);
            return;
        }
        // Parts of such a flow do not give the bits of the whole, so the nodes are those of a copy.
        T[] copy = ArrayPool<T>.Shared.Rent(states.Length);
        Span<T> path = copy.AsSpan(0, states.Length);
        states.CopyTo(path);
        Follow(path, margins);
        ArrayPool<T>.Shared.Return(copy);
        whole(states);
    }

    private void Follow(Span<T> states, Span<T> margins)
    {
        int length = states.Length * descriptor.HistoryLength, d = descriptor.Dimension;
        T[] pooled = ArrayPool<T>.Shared.Rent(length), rows = ArrayPool<T>.Shared.Rent(d * Lanes);
        Span<T> history = pooled.AsSpan(0, length);
        var watch = new MarginWatch<T>(nodes, Lanes);
        int segment = 0;
        for (int node = 1; node <= descriptor.SegmentCount; node++)
        {
            if (nodes.IndexOf(node) < 0) continue;
            segments(states, history, segment, node - segment);
            segment = node;
            for (int first = 0; first < margins.Length; first += Lanes)
            {
                Span<T> own = margins.Slice(first, Math.Min(Lanes, margins.Length - first));
                Transposition.ToRows(states.Slice(first * d, own.Length * d), d, rows, Lanes, own.Length, Lanes);
                watch.Reset();
                watch.AtNode(node, ref rows[0], Lanes, (nuint)own.Length);
                for (int i = 0; i < own.Length; i++) own[i] = T.Min(own[i], watch.Least[i]);
            }
        }
        segments(states, history, segment, descriptor.SegmentCount - segment);
        ArrayPool<T>.Shared.Return(pooled);
        ArrayPool<T>.Shared.Return(rows);
    }
}
