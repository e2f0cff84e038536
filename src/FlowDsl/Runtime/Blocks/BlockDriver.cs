using System.Buffers;
using System.ComponentModel;
using System.Numerics;
using System.Runtime.CompilerServices;
using FlowDsl.Runtime.Arithmetic;
using FlowDsl.Runtime.Points;

namespace FlowDsl.Runtime.Blocks;

/// <summary>
/// Runs a <see cref="IBlockKernel{T}"/> over any number of row-major samples: it checks them, transposes block by block and pads the last block.
/// Lanes never mix, so blocks, padding and vector width do not change any bit of a sample.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class BlockDriver
{
    // Rows of small models fit on the stack; larger ones come from the pool.
    private const int StackBytes = 32 * 1024;

    /// <inheritdoc cref="IFlowSampler{TSelf, T}.Integrate(Span{T})"/>
    public static void Integrate<TKernel, T>(TKernel kernel, Span<T> states)
        where TKernel : IBlockKernel<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => Integrate(kernel, states, 0, kernel.SegmentCount);

    /// <inheritdoc cref="IFlowSampler{TSelf, T}.Integrate(Span{T}, int, int)"/>
    public static void Integrate<TKernel, T>(TKernel kernel, Span<T> states, int firstSegment, int segmentCount)
        where TKernel : IBlockKernel<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Check(kernel, states, firstSegment, segmentCount);
        Run(kernel, states, [], firstSegment, segmentCount);
    }

    /// <inheritdoc cref="IFlowSampler{TSelf, T}.Integrate(Span{T}, Span{T}, int, int)"/>
    public static void Integrate<TKernel, T>(TKernel kernel, Span<T> states, Span<T> history, int firstSegment, int segmentCount)
        where TKernel : IBlockKernel<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Check(kernel, states, firstSegment, segmentCount);
        CheckHistory(history.Length, states.Length, kernel.HistoryLength);
        Run(kernel, states, history, firstSegment, segmentCount);
    }

    internal static void Check<TKernel, T>(TKernel kernel, Span<T> states, int firstSegment, int segmentCount)
        where TKernel : IBlockKernel<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        PointFunctions.CheckRows(states.Length, kernel.Dimension);
        CheckSegments(kernel.SegmentCount, firstSegment, segmentCount);
    }

    internal static void CheckSegments(int available, int firstSegment, int segmentCount)
    {
        if (firstSegment < 0 || firstSegment > available)
            throw new ArgumentOutOfRangeException(nameof(firstSegment), firstSegment, $"The first segment must be between 0 and {available}.");
        if (segmentCount < 0 || segmentCount > available - firstSegment)
            throw new ArgumentOutOfRangeException(
                nameof(segmentCount), segmentCount, $"From segment {firstSegment} on there are {available - firstSegment} segments.");
    }

    internal static void CheckHistory(int length, int states, int historyLength)
    {
        if (length != states * historyLength)
            throw new ArgumentException(
                $"The history has {length} values; it must have {states * historyLength}, {historyLength} for each of the {states} of the states.",
                "history");
    }

    private static void Run<TKernel, T>(
        TKernel kernel, Span<T> states, Span<T> history, int firstSegment, int segmentCount)
        where TKernel : IBlockKernel<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int d = kernel.Dimension, size = kernel.RowCount * kernel.Stride, length = AlignedNumbers.Room<T>(size);
        T[]? pooled = null;
        Span<T> room = length * Unsafe.SizeOf<T>() <= StackBytes
            ? stackalloc T[length]
            : pooled = ArrayPool<T>.Shared.Rent(length);
        Span<T> rows = room.Slice(AlignedNumbers.Start(ref room[0]), size);
        int samples = states.Length / d, historyWidth = kernel.HistoryLength * d;
        bool remembers = history.Length > 0;
        for (int first = 0; first < samples; first += kernel.Stride)
        {
            int n = Math.Min(kernel.Stride, samples - first);
            RunBlock(
                kernel, rows, states.Slice(first * d, n * d),
                    remembers ? history.Slice(first * historyWidth, n * historyWidth) : [], n, firstSegment, segmentCount);
        }
        if (pooled is not null) ArrayPool<T>.Shared.Return(pooled);
    }

    private static void RunBlock<TKernel, T>(
        TKernel kernel, Span<T> rows, Span<T> states, Span<T> history, int n, int firstSegment, int segmentCount)
        where TKernel : IBlockKernel<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int padded = Padded<T>(n);
        var run = new SegmentRun<TKernel, T>(kernel, n, padded, firstSegment, segmentCount, Load(kernel, rows, states, history, n, padded, firstSegment));
        if (history.Length == 0) run.AdvanceSpan(rows);
        else run.Advance(rows);
        if (run.LeftSamplesOut(rows))
        {
            Load(kernel, rows, states, history, n, padded, firstSegment);
            run.AdvanceCarefully(rows);
        }
        Store(kernel, rows, states, history, n, firstSegment, segmentCount, run.KnownAfter);
    }

    /// <summary>Fills a block with samples.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="rows">The block.</param>
    /// <param name="states">n×d values.</param>
    /// <param name="n">The number of samples.</param>
    internal static void Load<TKernel, T>(TKernel kernel, Span<T> rows, Span<T> states, int n)
        where TKernel : IBlockKernel<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => Load(kernel, rows, states, [], n, Padded<T>(n), 0);

    /// <summary>Advances a block over all segments.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="rows">The block.</param>
    /// <param name="states">What it was filled with, in case it has to begin anew.</param>
    /// <param name="n">The number of samples.</param>
    /// <param name="watch">Watches the nodes on the way; null for none.</param>
    internal static void Advance<TKernel, T>(TKernel kernel, Span<T> rows, Span<T> states, int n, INodeWatch<T>? watch)
        where TKernel : IBlockKernel<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        watch?.Reset();
        var run = new SegmentRun<TKernel, T>(kernel, n, Padded<T>(n), 0, kernel.SegmentCount, known: 0);
        run.AdvanceSpan(rows, watch);
        if (!run.LeftSamplesOut(rows)) return;
        Load(kernel, rows, states, n);
        run.AdvanceCarefully(rows, watch);
    }

    /// <summary>Writes the samples of a block back.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="rows">The block.</param>
    /// <param name="states">Receives n×d values.</param>
    /// <param name="n">The number of samples.</param>
    internal static void Store<TKernel, T>(TKernel kernel, Span<T> rows, Span<T> states, int n)
        where TKernel : IBlockKernel<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => Store(kernel, rows, states, [], n, 0, kernel.SegmentCount, 0);

    private static int Padded<T>(int n)
        where T : unmanaged
        => (n + Vector<T>.Count - 1) / Vector<T>.Count * Vector<T>.Count;

    /// <summary>Fills a block and returns the number of earlier slopes it then holds.</summary>
    private static int Load<TKernel, T>(TKernel kernel, Span<T> rows, Span<T> states, Span<T> history, int n, int padded, int firstSegment)
        where TKernel : IBlockKernel<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int d = kernel.Dimension, stride = kernel.Stride, pair = 2 * Vector<T>.Count;
        // Kernels may compute pairs of vectors, so the second vector of the last pair must hold numbers too.
        Transposition.ToRows(states, d, rows, stride, n, Math.Min((n + pair - 1) / pair * pair, stride));
        WholeSamples.Keep(rows, stride, d, n, inRange: kernel.Points is not null);
        if (kernel.ExcessRow >= 0) rows.Slice(kernel.ExcessRow * stride, padded).Clear();
        int known = history.Length > 0 ? Math.Min(firstSegment, kernel.HistoryLength) : 0;
        for (int age = 0; age < known; age++)
            Transposition.ToRows(history[(age * d)..], kernel.HistoryLength * d, d, rows[SlopeRow<TKernel, T>(kernel, firstSegment - 1 - age)..], stride, n,
                padded);
        return known;
    }

    private static void Store<TKernel, T>(
        TKernel kernel, Span<T> rows, Span<T> states, Span<T> history, int n, int firstSegment, int segmentCount, int known)
        where TKernel : IBlockKernel<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (WholeSamples.Keep(rows, kernel.Stride, kernel.Dimension, n) || kernel.Points is not { } points)
        {
            Write(kernel, rows, states, history, n, firstSegment + segmentCount, known);
            return;
        }
        T[] starts = states.ToArray(), past = history.ToArray();
        Write(kernel, rows, states, history, n, firstSegment + segmentCount, known);
        DistantSamples.Restore<TKernel, T>(kernel, points, starts, past, states, history, firstSegment, segmentCount);
    }

    private static void Write<TKernel, T>(TKernel kernel, Span<T> rows, Span<T> states, Span<T> history, int n, int nextSegment, int known)
        where TKernel : IBlockKernel<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int d = kernel.Dimension, stride = kernel.Stride;
        Transposition.FromRows(rows, stride, states, d, n);
        if (history.Length == 0) return;
        for (int age = 0; age < known; age++)
            Transposition.FromRows(rows[SlopeRow<TKernel, T>(kernel, nextSegment - 1 - age)..], stride, history[(age * d)..], kernel.HistoryLength * d, d, n);
    }

    // The slopes of consecutive segments rotate through the rows after the state.
    private static int SlopeRow<TKernel, T>(TKernel kernel, int segment)
        where TKernel : IBlockKernel<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => (1 + segment % (kernel.HistoryLength + 1)) * kernel.Dimension * kernel.Stride;
}
