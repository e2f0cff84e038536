using System.Collections.Concurrent;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FlowDsl.Runtime.Arithmetic;
using FlowDsl.Runtime.Blocks;
using FlowDsl.Runtime.Loops;

namespace FlowDsl.Runtime.Trackers;

/// <summary>Runs a kernel with tangents over samples, to propagate the steps' errors and small errors at the start. Thread-safe.</summary>
/// <param name="kernel">The kernel.</param>
/// <param name="margins">The margins at the nodes, to write the branch margins too; null to skip them.</param>
internal sealed class TangentRun<TKernel, T>(TKernel kernel, BranchMargins<T>? margins = null)
    where TKernel : ITangentKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // A watch belongs to one thread at a time.
    private readonly ConcurrentBag<MarginWatch<T>> _watches = [];

    /// <summary>Writes the estimates and, if there are tangents, the amplifications of samples.</summary>
    /// <param name="states">The samples at the horizon, row-major, in place.</param>
    /// <param name="errors">Receives both.</param>
    /// <param name="hasEstimates">Whether the kernel estimates the steps' errors.</param>
    /// <param name="careful">Tracks the samples for which the kernel is not exact; there are rarely any.</param>
    public void Integrate(Span<T> states, Span<FlowError> errors, bool hasEstimates, ErrorTracker<T>? careful = null)
    {
        int d = kernel.Dimension, stride = kernel.Stride;
        MarginWatch<T>? watch = null;
        if (margins is not null && !_watches.TryTake(out watch)) watch = new MarginWatch<T>(margins, stride);
        using var memory = new PooledRows<T>(kernel.RowCount * stride);
        Span<T> rows = memory.Span;
        for (int first = 0; first < errors.Length; first += stride)
        {
            int n = Math.Min(stride, errors.Length - first);
            Span<T> block = states.Slice(first * d, n * d);
            Advance(rows, block, n, watch);
            bool areWhole = WholeSamples.Keep(rows, stride, d, n);
            Span<FlowError> own = errors.Slice(first, n);
            if (kernel.TangentCount > 0) Measure(rows, n);
            Read(rows, watch is null ? default : watch.Least, own, hasEstimates);
            if (careful is not null && (kernel.ExcessRow >= 0 || !areWhole)) Redo(rows, block, own, careful, areWhole);
            Transposition.FromRows(rows, stride, block, d, n);
        }
        if (watch is not null) _watches.Add(watch);
    }

    private void Advance(Span<T> rows, Span<T> states, int n, MarginWatch<T>? watch)
    {
        int d = kernel.Dimension, stride = kernel.Stride;
        // Sums begin at zero; everything else is written before it is read.
        Clear(rows, kernel.LengthRow);
        if (kernel.ExcessRow >= 0) Clear(rows, kernel.ExcessRow);
        watch?.Reset();
        Transposition.ToRows(states, d, rows, stride, n, stride);
        WholeSamples.Keep(rows, stride, d, n, inRange: true);
        TangentDirections.Start(kernel, rows);
        nuint padded = (nuint)((n + Vector<T>.Count - 1) / Vector<T>.Count * Vector<T>.Count);
        for (int segment = 0; segment < kernel.SegmentCount; segment++)
        {
            kernel.Advance(ref rows[0], padded, segment, Math.Min(segment, kernel.HistoryLength));
            watch?.AtNode(segment + 1, ref rows[0], (nuint)stride, padded);
        }
        kernel.Finish(ref rows[0], padded);
    }

    /// <summary>The length of the first tangent, to the row of lengths, and the root mean square of the others', to the first tangent's first row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Measure(Span<T> rows, int n)
    {
        ref T first = ref MemoryMarshal.GetReference(rows);
        nuint d = (nuint)kernel.Dimension, stride = (nuint)kernel.Stride;
        Vector<T> share = Vector.Create(T.One / T.CreateTruncating(kernel.TangentCount - 1));
        ref T error = ref Unsafe.Add(ref first, kernel.TangentRow(0) * kernel.Stride), length = ref Unsafe.Add(ref first, kernel.LengthRow * kernel.Stride);
        for (nuint i = 0; i < (nuint)n; i += (nuint)Vector<T>.Count)
        {
            Vector.SquareRoot(Square(ref error, i, d, stride, Vector<T>.Zero)).StoreUnsafe(ref length, i);
            Vector<T> growth = Vector<T>.Zero;
            for (int tangent = 1; tangent < kernel.TangentCount; tangent++)
                growth = Square(ref Unsafe.Add(ref first, kernel.TangentRow(tangent) * kernel.Stride), i, d, stride, growth);
            Vector.SquareRoot(growth * share).StoreUnsafe(ref error, i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<T> Square(ref T vector, nuint lane, nuint d, nuint stride, Vector<T> sum)
    {
        for (nuint j = 0; j < d; j++)
        {
            Vector<T> own = Vector.LoadUnsafe(ref vector, j * stride + lane);
            sum = SimdMath.MultiplyAdd(own, own, sum);
        }
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Read(ReadOnlySpan<T> rows, ReadOnlySpan<T> margins, Span<FlowError> errors, bool hasEstimates)
    {
        ReadOnlySpan<T> states = rows[..errors.Length], lengths = rows.Slice(kernel.LengthRow * kernel.Stride, errors.Length);
        ReadOnlySpan<T> growths = kernel.TangentCount > 0 ? rows.Slice(kernel.TangentRow(0) * kernel.Stride, errors.Length) : states;
        bool grows = kernel.TangentCount > 0;
        for (int i = 0; i < errors.Length; i++)
        {
            // The derivatives at a NaN state may be numbers.
            double nothing = T.IsNaN(states[i]) ? double.NaN : 0;
            double growth = grows ? double.CreateTruncating(growths[i]) + nothing : double.NaN;
            if (!margins.IsEmpty)
            {
                errors[i] = new FlowError(
                    double.CreateTruncating(lengths[i]) + nothing, double.PositiveInfinity, growth, double.CreateTruncating(margins[i]));
                continue;
            }
            if (grows) errors[i] = errors[i] with { Amplification = growth };
            if (hasEstimates) errors[i] = errors[i] with { Estimate = double.CreateTruncating(lengths[i]) + nothing };
        }
    }

    private void Redo(Span<T> rows, ReadOnlySpan<T> starts, Span<FlowError> errors, ErrorTracker<T> careful, bool areWhole)
    {
        int d = kernel.Dimension, stride = kernel.Stride;
        Span<T> excess = kernel.ExcessRow < 0 ? [] : rows.Slice(kernel.ExcessRow * stride, errors.Length);
        if (areWhole && !BlockRows.AnyPositive<T>(excess)) return;
        T[] state = new T[d];
        for (int i = 0; i < errors.Length; i++)
        {
            // A sample that is too far out for the kernel is NaN.
            if (!T.IsNaN(rows[i]) && (excess.IsEmpty || !(excess[i] > T.Zero))) continue;
            starts.Slice(i * d, d).CopyTo(state);
            careful.Integrate(state, errors.Slice(i, 1));
            for (int j = 0; j < d; j++) rows[j * stride + i] = state[j];
        }
    }

    private void Clear(Span<T> rows, int row) => rows.Slice(row * kernel.Stride, kernel.Stride).Clear();
}
