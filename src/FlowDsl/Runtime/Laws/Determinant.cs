using System.Numerics;
using System.Runtime.InteropServices;

namespace FlowDsl.Runtime.Laws;

/// <summary>The determinant of a small matrix.</summary>
internal static class Determinant
{
    /// <summary>log|det| by elimination with partial pivoting; -∞ for a singular matrix, NaN if an entry is NaN.</summary>
    /// <param name="matrix">d×d values, row-major; overwritten.</param>
    /// <param name="d">d.</param>
    /// <param name="isPositive">Whether the determinant is positive, or NaN.</param>
    public static double LogAbs(Span<double> matrix, int d, out bool isPositive)
    {
        if (d <= 2) return LogOf(d == 1 ? matrix[0] : matrix[0] * matrix[3] - matrix[1] * matrix[2], out isPositive);
        double log = 0;
        isPositive = true;
        for (int pivot = 0; pivot < d; pivot++)
        {
            int largest = pivot;
            for (int i = pivot + 1; i < d; i++)
                if (Math.Abs(matrix[i * d + pivot]) > Math.Abs(matrix[largest * d + pivot])) largest = i;
            Span<double> own = matrix.Slice(largest * d + pivot, d - pivot), top = matrix.Slice(pivot * d + pivot, d - pivot);
            if (largest != pivot)
            {
                for (int j = 0; j < own.Length; j++) (own[j], top[j]) = (top[j], own[j]);
                isPositive = !isPositive;
            }
            log += LogOf(top[0], out bool positive);
            isPositive = isPositive == positive;
            if (top[0] == 0) return double.NegativeInfinity;
            double inverse = 1 / top[0];
            for (int i = pivot + 1; i < d; i++)
            {
                Span<double> row = matrix.Slice(i * d + pivot, d - pivot);
                SubtractRow(row[1..], top[1..], row[0] * inverse);
            }
        }
        return log;
    }

    private static double LogOf(double value, out bool isPositive)
    {
        isPositive = !(value <= 0);
        return Math.Log(Math.Abs(value));
    }

    // row ← row - factor top
    private static void SubtractRow(Span<double> row, ReadOnlySpan<double> top, double factor)
    {
        int width = Vector<double>.Count, j = 0;
        ref double target = ref MemoryMarshal.GetReference(row), source = ref MemoryMarshal.GetReference(top);
        Vector<double> minus = new(-factor);
        for (; j + width <= row.Length; j += width)
            (Vector.LoadUnsafe(ref target, (nuint)j) + minus * Vector.LoadUnsafe(ref source, (nuint)j)).StoreUnsafe(ref target, (nuint)j);
        for (; j < row.Length; j++) row[j] -= factor * top[j];
    }
}
