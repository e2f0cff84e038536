using System.Buffers;
using System.Numerics;
using FlowDsl.Mathematics;
using FlowDsl.Runtime.Arithmetic;
using FlowDsl.Runtime.Blocks;
using FlowDsl.Runtime.Loops;

namespace FlowDsl.Runtime.Laws;

/// <summary>The determinants of a solver on a mixture, from one tangent for each coordinate.</summary>
/// <remarks>
/// The map of a one-step method is the composition of its steps, and the determinants of these multiply: each step begins with unit tangents, which stay
/// well conditioned. The step of a multistep method depends on earlier states too, so its tangents run from the start to the end.
/// </remarks>
internal sealed class TangentDeterminants<T>(Mixture mixture, FlowProgram program) : MapDeterminants<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly TangentKernel<T> _kernel = new(mixture, program, errors: null, mixture.Dimension);

    /// <inheritdoc/>
    public override void Subtract(ReadOnlySpan<T> starts, Span<double> logDensities, Span<bool> reversed)
    {
        int d = _kernel.Dimension, stride = _kernel.Stride, size = _kernel.RowCount * stride;
        double[] matrix = ArrayPool<double>.Shared.Rent(d * d);
        using var memory = new PooledRows<T>(size);
        using var matrices = new PooledRows<T>(d * d * Vector<T>.Count);
        Span<T> rows = memory.Span;
        for (int first = 0; first < logDensities.Length; first += stride)
        {
            int n = Math.Min(stride, logDensities.Length - first);
            Transposition.ToRows(starts.Slice(first * d, n * d), d, rows, stride, n, stride);
            WholeSamples.Keep(rows, stride, d, n);
            Follow(rows, logDensities.Slice(first, n), reversed.Slice(first, n), matrices.Vectors, matrix.AsSpan(0, d * d));
        }
        ArrayPool<double>.Shared.Return(matrix);
    }

    private void Follow(Span<T> rows, Span<double> logDensities, Span<bool> reversed, Span<Vector<T>> matrices, Span<double> matrix)
    {
        nuint padded = (nuint)((logDensities.Length + Vector<T>.Count - 1) / Vector<T>.Count * Vector<T>.Count);
        Begin(rows);
        for (int segment = 0; segment < _kernel.SegmentCount; segment++)
        {
            _kernel.Advance(ref rows[0], padded, segment, Math.Min(segment, _kernel.HistoryLength));
            if (_kernel.HistoryLength > 0 && segment < _kernel.SegmentCount - 1) continue;
            Read(rows, logDensities, reversed, matrices, matrix);
            if (segment < _kernel.SegmentCount - 1) Begin(rows);
        }
    }

    // Tangent j is the derivative along coordinate j.
    private void Begin(Span<T> rows)
    {
        int d = _kernel.Dimension, stride = _kernel.Stride;
        for (int tangent = 0; tangent < d; tangent++)
        {
            Span<T> own = rows.Slice(_kernel.TangentRow(tangent) * stride, d * stride);
            own.Clear();
            own.Slice(tangent * stride, stride).Fill(T.One);
        }
    }

    private void Read(ReadOnlySpan<T> rows, Span<double> logDensities, Span<bool> reversed, Span<Vector<T>> matrices, Span<double> matrix)
    {
        int d = _kernel.Dimension, stride = _kernel.Stride, width = Vector<T>.Count;
        for (int first = 0; first < logDensities.Length; first += width)
        {
            for (int tangent = 0, at = 0; tangent < d; tangent++)
                for (int j = 0, row = _kernel.TangentRow(tangent) * stride + first; j < d; j++, row += stride) matrices[at++] = new Vector<T>(rows[row..]);
            Vector<T> logs = LaneElimination.LogAbs(matrices, d, out Vector<T> signs, out Vector<T> isExact);
            for (int i = 0; i < Math.Min(width, logDensities.Length - first); i++)
            {
                double log = double.CreateTruncating(logs[i]);
                bool isPositive = !T.IsNegative(signs[i]);
                // All bits of what holds are set, which is NaN as a number.
                if (isExact[i] == T.Zero) log = Alone(rows, first + i, matrix, out isPositive);
                logDensities[first + i] -= log;
                reversed[first + i] |= !isPositive;
            }
        }
    }

    private double Alone(ReadOnlySpan<T> rows, int lane, Span<double> matrix, out bool isPositive)
    {
        int d = _kernel.Dimension, stride = _kernel.Stride;
        for (int tangent = 0, at = 0; tangent < d; tangent++)
            for (int j = 0, row = _kernel.TangentRow(tangent) * stride + lane; j < d; j++, row += stride) matrix[at++] = double.CreateTruncating(rows[row]);
        return Determinant.LogAbs(matrix, d, out isPositive);
    }
}
