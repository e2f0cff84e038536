using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FlowDsl.Metrics;

/// <summary>For each of n points the sums of a kernel, and of its square, over m others.</summary>
/// <param name="Sums">Σ_j k(x_i, y_j).</param>
/// <param name="Squares">Σ_j k(x_i, y_j)².</param>
internal readonly record struct PairSums(double[] Sums, double[] Squares)
{
    // Rows that a thread takes at a time: a few milliseconds against ten thousand others, so a cancellation is noticed soon.
    private const int Block = 32;

    /// <summary>Computes them: n·m kernels, on all threads. A point's sums do not depend on the number of threads.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="points">n×d values, row-major.</param>
    /// <param name="others">m×d values, row-major.</param>
    /// <param name="d">The number of coordinates.</param>
    /// <param name="rows">Threads, progress and cancellation.</param>
    public static PairSums Of<TKernel>(TKernel kernel, double[] points, double[] others, int d, ParallelRows rows)
        where TKernel : struct, IPairKernel
    {
        int n = points.Length / d, m = others.Length / d, stride = SampleRows.Stride(m);
        double[] columns = SampleRows.Transpose(others, d), sums = new double[n], squares = new double[n];
        rows.For(n, Block, (first, end) =>
        {
            double[] four = new double[SquaredDistances.Points * d];
            for (int i = first; i < end; i += SquaredDistances.Points)
            {
                int count = Math.Min(SquaredDistances.Points, end - i);
                points.AsSpan(i * d, count * d).CopyTo(four);
                Sum(kernel, four, columns, d, m, stride, sums.AsSpan(i, count), squares.AsSpan(i, count));
            }
        });
        return new(sums, squares);
    }

    private static void Sum<TKernel>(TKernel kernel, double[] four, double[] columns, int d, int m, int stride, Span<double> sums, Span<double> squares)
        where TKernel : struct, IPairKernel
    {
        ref double points = ref MemoryMarshal.GetArrayDataReference(four), others = ref MemoryMarshal.GetArrayDataReference(columns);
        int width = Vector<double>.Count, whole = m / width * width;
        Vector<double> s0 = Vector<double>.Zero, s1 = s0, s2 = s0, s3 = s0, q0 = s0, q1 = s0, q2 = s0, q3 = s0;
        for (int j = 0; j < stride; j += width)
        {
            SquaredDistances.Of(
                ref points, ref Unsafe.Add(ref others, j), d, stride,
                out Vector<double> k0, out Vector<double> k1, out Vector<double> k2, out Vector<double> k3);
            (k0, k1, k2, k3) = (kernel.Of(k0), kernel.Of(k1), kernel.Of(k2), kernel.Of(k3));
            if (j >= whole)
            {
                // What fills up the last vector is no point.
                Vector<long> real = Vector.LessThan(Vector<double>.Indices, new Vector<double>(m - j));
                (k0, k1, k2, k3) = (Keep(real, k0), Keep(real, k1), Keep(real, k2), Keep(real, k3));
            }
            (s0, s1, s2, s3) = (s0 + k0, s1 + k1, s2 + k2, s3 + k3);
            (q0, q1, q2, q3) = (q0 + k0 * k0, q1 + k1 * k1, q2 + k2 * k2, q3 + k3 * k3);
        }
        ReadOnlySpan<double> allSums = [Vector.Sum(s0), Vector.Sum(s1), Vector.Sum(s2), Vector.Sum(s3)];
        ReadOnlySpan<double> allSquares = [Vector.Sum(q0), Vector.Sum(q1), Vector.Sum(q2), Vector.Sum(q3)];
        allSums[..sums.Length].CopyTo(sums);
        allSquares[..squares.Length].CopyTo(squares);

        static Vector<double> Keep(Vector<long> mask, Vector<double> value) => Vector.ConditionalSelect(mask, value, Vector<double>.Zero);
    }
}
