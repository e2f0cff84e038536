using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using FlowDsl.Runtime.Arithmetic;
using FlowDsl.Runtime.Blocks;
using FlowDsl.Runtime.Loops;

namespace FlowDsl.Runtime.Trackers;

/// <summary>Runs a kernel with tangents over samples, to propagate the steps' errors and small errors at the start.</summary>
internal sealed class TangentRun<TKernel, T>(TKernel kernel)
    where TKernel : ITangentKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // Read only.
    private static readonly List<int> s_none = [];

    /// <summary>Writes the estimates and, if there are tangents, the amplifications of samples.</summary>
    /// <param name="states">The samples at the horizon, row-major, in place.</param>
    /// <param name="errors">Receives both.</param>
    /// <param name="hasEstimates">Whether the kernel estimates the steps' errors.</param>
    /// <param name="margins">The margins at the nodes, to write the branch margins too; null to skip them.</param>
    /// <returns>The samples for which the kernel is not exact; their states and errors are not either.</returns>
    /// <remarks>Optimised at once: with profile-guided optimisation the loop over samples was half as fast.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public List<int> Integrate(Span<T> states, Span<FlowError> errors, bool hasEstimates, BranchMargins<T>? margins = null)
    {
        int d = kernel.Dimension, stride = kernel.Stride, size = kernel.RowCount * stride;
        T[] pooled = ArrayPool<T>.Shared.Rent(size);
        MarginWatch<T>? watch = margins is null ? null : new MarginWatch<T>(margins, stride);
        Span<T> rows = pooled.AsSpan(0, size);
        List<int> inexact = s_none;
        for (int first = 0; first < errors.Length; first += stride)
        {
            int n = Math.Min(stride, errors.Length - first);
            Span<T> block = states.Slice(first * d, n * d);
            Span<FlowError> own = errors.Slice(first, n);
            // Sums begin at zero; everything else is written before it is read.
            Clear(rows, kernel.LengthRow);
            if (kernel.ExcessRow >= 0) Clear(rows, kernel.ExcessRow);
            watch?.Reset();
            Transposition.ToRows(block, d, rows, stride, n, stride);
            WholeSamples.Keep(rows, stride, d, n);
            TangentDirections.Start(kernel, rows);
            nuint padded = (nuint)((n + Vector<T>.Count - 1) / Vector<T>.Count * Vector<T>.Count);
            for (int segment = 0; segment < kernel.SegmentCount; segment++)
            {
                kernel.Advance(ref rows[0], padded, segment, Math.Min(segment, kernel.HistoryLength));
                watch?.AtNode(segment + 1, ref rows[0], (nuint)stride, padded);
            }
            kernel.Finish(ref rows[0], padded);
            WholeSamples.Keep(rows, stride, d, n);
            Transposition.FromRows(rows, stride, block, d, n);
            if (watch is not null)
                for (int i = 0; i < n; i++) own[i] = new FlowError(double.NaN, double.PositiveInfinity, double.NaN, double.CreateTruncating(watch.Least[i]));
            Read(rows, own, hasEstimates);
            for (int i = 0; kernel.ExcessRow >= 0 && i < n; i++)
            {
                if (!(rows[kernel.ExcessRow * stride + i] > T.Zero)) continue;
                if (inexact == s_none) inexact = [];
                inexact.Add(first + i);
            }
        }
        ArrayPool<T>.Shared.Return(pooled);
        return inexact;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Read(ReadOnlySpan<T> rows, Span<FlowError> errors, bool hasEstimates)
    {
        for (int i = 0; i < errors.Length; i++)
        {
            // The derivatives at a NaN state may be numbers.
            if (!IsFinite(rows, i))
            {
                errors[i] = errors[i] with { Estimate = double.NaN };
                continue;
            }
            if (kernel.TangentCount == 0)
            {
                errors[i] = errors[i] with { Estimate = double.CreateTruncating(rows[kernel.LengthRow * kernel.Stride + i]) };
                continue;
            }
            double growth = 0;
            for (int tangent = 1; tangent < kernel.TangentCount; tangent++) growth += TangentDirections.Square(kernel, rows, tangent, i);
            errors[i] = errors[i] with { Amplification = Math.Sqrt(growth / (kernel.TangentCount - 1)) };
            if (hasEstimates) errors[i] = errors[i] with { Estimate = Math.Sqrt(TangentDirections.Square(kernel, rows, 0, i)) };
        }
    }

    private void Clear(Span<T> rows, int row) => rows.Slice(row * kernel.Stride, kernel.Stride).Clear();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool IsFinite(ReadOnlySpan<T> rows, int lane)
    {
        bool isFinite = true;
        for (int j = 0; j < kernel.Dimension; j++) isFinite &= T.IsFinite(rows[j * kernel.Stride + lane]);
        return isFinite;
    }
}
