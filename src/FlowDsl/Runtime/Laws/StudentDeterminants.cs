using System.Buffers;
using FlowDsl.Runtime.Students;

namespace FlowDsl.Runtime.Laws;

/// <summary>The determinants of a student, segment by segment, from its exact derivative along each coordinate.</summary>
internal sealed class StudentDeterminants(StudentKernel student) : MapDeterminants<float>
{
    private const int Samples = 256;

    /// <inheritdoc/>
    public override void Subtract(ReadOnlySpan<float> starts, Span<double> logDensities, Span<bool> reversed)
    {
        int d = student.Dimension, length = Samples * d;
        float[] pooled = ArrayPool<float>.Shared.Rent(3 * length);
        double[] matrices = ArrayPool<double>.Shared.Rent(length * d);
        for (int first = 0; first < logDensities.Length; first += Samples)
        {
            int n = Math.Min(Samples, logDensities.Length - first);
            Span<float> states = pooled.AsSpan(0, n * d), places = pooled.AsSpan(length, n * d), directions = pooled.AsSpan(2 * length, n * d);
            starts.Slice(first * d, n * d).CopyTo(states);
            for (int segment = 0; segment < student.SegmentCount; segment++)
            {
                Differentiate(states, places, directions, matrices, segment);
                places.CopyTo(states);
                for (int i = 0; i < n; i++)
                {
                    logDensities[first + i] -= Determinant.LogAbs(matrices.AsSpan(i * d * d, d * d), d, out bool isPositive);
                    reversed[first + i] |= !isPositive;
                }
            }
        }
        ArrayPool<double>.Shared.Return(matrices);
        ArrayPool<float>.Shared.Return(pooled);
    }

    // The transposed derivatives of a segment, row by row; the places are the segment's ends.
    private void Differentiate(ReadOnlySpan<float> states, Span<float> places, Span<float> directions, double[] matrices, int segment)
    {
        int d = student.Dimension;
        for (int column = 0; column < d; column++)
        {
            states.CopyTo(places);
            directions.Clear();
            for (int at = column; at < directions.Length; at += d) directions[at] = 1;
            student.Differentiate(places, directions, segment, 1);
            for (int i = 0, at = 0; at < directions.Length; i++)
                for (int j = 0; j < d; j++, at++) matrices[(i * d + column) * d + j] = directions[at];
        }
    }
}
