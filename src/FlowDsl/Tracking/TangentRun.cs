using System.Buffers;
using System.Numerics;
using FlowDsl.Analysis;

namespace FlowDsl.Kernels;

/// <summary>Runs a kernel with tangents over samples: what becomes of the steps' errors and of small errors at the start.</summary>
internal sealed class TangentRun<TKernel, T>(TKernel kernel)
    where TKernel : ITangentKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The tangents of a sampler: its error, and directions enough to say how much an error at the start grows.</summary>
    /// <param name="dimension">d.</param>
    public static int TangentCount(int dimension) => 1 + Math.Min(dimension, 2);

    /// <summary>Writes the estimates and, where there are tangents, the amplifications of samples.</summary>
    /// <param name="starts">The samples at the horizon, row-major; overwritten by their ends.</param>
    /// <param name="errors">Receives both.</param>
    public void Integrate(Span<T> starts, Span<FlowError> errors)
    {
        int d = kernel.Dimension, stride = kernel.Stride, size = kernel.RowCount * stride;
        T[] pooled = ArrayPool<T>.Shared.Rent(size);
        Span<T> rows = pooled.AsSpan(0, size);
        for (int first = 0; first < errors.Length; first += stride)
        {
            int n = Math.Min(stride, errors.Length - first);
            Span<T> states = starts.Slice(first * d, n * d);
            // No lane may hold what is left of another block: no number would be as slow as it is wrong.
            rows.Clear();
            Transposition.ToRows(states, d, rows, stride, n, stride);
            for (int tangent = 1; tangent < kernel.TangentCount; tangent++) SetDirection(rows, tangent);
            nuint padded = (nuint)((n + Vector<T>.Count - 1) / Vector<T>.Count * Vector<T>.Count);
            for (int segment = 0; segment < kernel.SegmentCount; segment++)
                kernel.Advance(ref rows[0], padded, segment, Math.Min(segment, kernel.HistoryLength));
            kernel.Finish(ref rows[0], padded);
            Transposition.FromRows(rows, stride, states, d, n);
            Read(rows, errors.Slice(first, n));
        }
        ArrayPool<T>.Shared.Return(pooled);
    }

    /// <summary>A unit direction: a coordinate, or where there are more of these than tangents one with random signs (Hutchinson).</summary>
    private void SetDirection(Span<T> rows, int tangent)
    {
        int d = kernel.Dimension;
        for (int j = 0; j < d; j++)
        {
            double value = d < kernel.TangentCount ? (j == tangent - 1 ? 1 : 0) : Hash.Sign(tangent, j) / Math.Sqrt(d);
            rows.Slice((kernel.TangentRow(tangent) + j) * kernel.Stride, kernel.Stride).Fill(T.CreateTruncating(value));
        }
    }

    private void Read(ReadOnlySpan<T> rows, Span<FlowError> errors)
    {
        for (int i = 0; i < errors.Length; i++)
        {
            if (kernel.TangentCount == 0)
            {
                errors[i] = errors[i] with { Estimate = double.CreateTruncating(rows[kernel.LengthRow * kernel.Stride + i]) };
                continue;
            }
            double growth = 0;
            for (int tangent = 1; tangent < kernel.TangentCount; tangent++) growth += Square(rows, tangent, i);
            errors[i] = errors[i] with { Estimate = Math.Sqrt(Square(rows, 0, i)), Amplification = Math.Sqrt(growth / (kernel.TangentCount - 1)) };
        }
    }

    private double Square(ReadOnlySpan<T> rows, int tangent, int lane)
    {
        double sum = 0;
        for (int j = 0; j < kernel.Dimension; j++)
        {
            double value = double.CreateTruncating(rows[(kernel.TangentRow(tangent) + j) * kernel.Stride + lane]);
            sum += value * value;
        }
        return sum;
    }
}
