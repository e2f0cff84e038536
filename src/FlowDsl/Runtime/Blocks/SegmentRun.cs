using System.Numerics;

namespace FlowDsl.Runtime.Blocks;

/// <summary>One call's segments on one block, by the kernel and, if it was not exact for all samples, again with its fallback.</summary>
/// <param name="kernel">The kernel.</param>
/// <param name="n">The number of samples.</param>
/// <param name="padded">The number of samples rounded up to whole vectors.</param>
/// <param name="firstSegment">The first segment.</param>
/// <param name="segmentCount">How many.</param>
/// <param name="known">The number of earlier slopes in the block at the start.</param>
internal readonly struct SegmentRun<TKernel, T>(TKernel kernel, int n, int padded, int firstSegment, int segmentCount, int known)
    where TKernel : IBlockKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The number of earlier slopes in the block at the end.</summary>
    public int KnownAfter => KnownAt(firstSegment + segmentCount);

    /// <summary>Advances segment by segment.</summary>
    public void Advance(Span<T> rows, INodeWatch<T>? watch = null)
    {
        for (int segment = firstSegment; segment < firstSegment + segmentCount; segment++)
        {
            kernel.Advance(ref rows[0], (nuint)padded, segment, KnownAt(segment));
            watch?.AtNode(segment + 1, ref rows[0], (nuint)kernel.Stride, (nuint)padded);
        }
    }

    /// <summary>Advances over all segments at once if the kernel can.</summary>
    public void AdvanceSpan(Span<T> rows, INodeWatch<T>? watch = null)
    {
        if (segmentCount > 0 && kernel is ISpanKernel<T> span) span.AdvanceSpan(ref rows[0], (nuint)padded, firstSegment, segmentCount, watch);
        else Advance(rows, watch);
    }

    /// <summary>Whether the kernel was not exact for some sample. This is rare; the block must then be refilled and advanced carefully.</summary>
    public bool LeftSamplesOut(Span<T> rows) => kernel.ExcessRow >= 0 && BlockRows.AnyPositive<T>(rows.Slice(kernel.ExcessRow * kernel.Stride, n));

    /// <summary>Advances segment by segment, keeping a copy of the affected samples before each segment.</summary>
    public void AdvanceCarefully(Span<T> rows, INodeWatch<T>? watch = null)
    {
        watch?.Reset();
        using var careful = new FallbackRun<TKernel, T>(kernel, n);
        for (int segment = firstSegment; segment < firstSegment + segmentCount; segment++)
        {
            careful.Advance(rows, padded, segment, KnownAt(segment));
            watch?.AtNode(segment + 1, ref rows[0], (nuint)kernel.Stride, (nuint)padded);
        }
    }

    private int KnownAt(int segment) => Math.Min(known + segment - firstSegment, kernel.HistoryLength);
}
