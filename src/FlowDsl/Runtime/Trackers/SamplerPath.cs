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
    /// <param name="errors">Receives n errors with only the branch margins, and the estimates if there is a companion.</param>
    /// <param name="companion">Another sampler, whose distance from this one estimates the error; null for none.</param>
    public abstract void Integrate(Span<T> states, Span<FlowError> errors, Twin<T>? companion = null);

    /// <summary>Writes errors without an estimate.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected static void Write(ReadOnlySpan<T> margins, Span<FlowError> errors)
    {
        for (int i = 0; i < errors.Length; i++) errors[i] = new FlowError(double.NaN, double.PositiveInfinity, double.NaN, double.CreateTruncating(margins[i]));
    }
}

/// <summary>A sampler's call over some segments.</summary>
internal delegate void SegmentIntegration<T>(Span<T> states, Span<T> history, int firstSegment, int segmentCount);

/// <summary>With a sampler's calls over some segments, for samplers that are not kernels.</summary>
/// <param name="descriptor">The sampler.</param>
/// <param name="nodes">The margins at its nodes.</param>
/// <param name="whole">The call over all segments, if parts do not give its bits; otherwise null.</param>
/// <param name="segments">The call over some segments.</param>
internal sealed class SegmentPath<T>(
    SamplerDescriptor descriptor, BranchMargins<T> nodes, Integration<T>? whole, SegmentIntegration<T> segments) : SamplerPath<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Lanes = 128;

    public override void Integrate(Span<T> states, Span<FlowError> errors, Twin<T>? companion)
    {
        int length = companion is null ? 0 : states.Length;
        T[] pooled = ArrayPool<T>.Shared.Rent(errors.Length), ends = ArrayPool<T>.Shared.Rent(length);
        Span<T> margins = pooled.AsSpan(0, errors.Length), other = ends.AsSpan(0, length);
        margins.Fill(T.PositiveInfinity);
        if (companion is not null)
        {
            states.CopyTo(other);
            BlockDriver.Integrate(companion.Kernel, other);
        }
        Walk(states, margins);
        Write(margins, errors);
        for (int i = 0; companion is not null && i < errors.Length; i++)
            errors[i] = errors[i] with { Estimate = companion.Excess * SampleDistance.Of<T>(states, other, descriptor.Dimension, i) };
        ArrayPool<T>.Shared.Return(ends);
        ArrayPool<T>.Shared.Return(pooled);
    }

    private void Walk(Span<T> states, Span<T> margins)
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
