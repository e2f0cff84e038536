using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FlowDsl.Metrics;

/// <summary>The distance of each point of a sample to its k-th nearest neighbour, by comparing all pairs.</summary>
internal static class NearestNeighbours
{
    // A few milliseconds against ten thousand points, so a cancellation is noticed soon.
    private const int Block = 32;

    /// <summary>The squared distances ρ_k(i)² within a part of the sample.</summary>
    /// <param name="points">The points, row-major.</param>
    /// <param name="d">The number of coordinates.</param>
    /// <param name="k">From 1 to the number of points less one.</param>
    /// <param name="rows">Threads, progress and cancellation.</param>
    public static double[] SquaredDistances(ReadOnlySpan<double> points, int d, int k, ParallelRows rows)
    {
        int n = points.Length / d, stride = SampleRows.Stride(n);
        double[] own = points.ToArray(), columns = SampleRows.Transpose(points, d), squares = new double[n];
        rows.For(n, Block, (first, end) =>
        {
            double[] four = new double[Metrics.SquaredDistances.Points * d];
            // One more than k: a point is its own nearest neighbour, at distance 0.
            double[][] nearest = [.. Enumerable.Range(0, Metrics.SquaredDistances.Points).Select(_ => new double[k + 1])];
            for (int i = first; i < end; i += Metrics.SquaredDistances.Points)
            {
                int count = Math.Min(Metrics.SquaredDistances.Points, end - i);
                own.AsSpan(i * d, count * d).CopyTo(four);
                Search(four, columns, d, n, stride, nearest);
                for (int row = 0; row < count; row++) squares[i + row] = nearest[row][k];
            }
        });
        return squares;
    }

    private static void Search(double[] four, double[] columns, int d, int n, int stride, double[][] nearest)
    {
        ref double points = ref MemoryMarshal.GetArrayDataReference(four), others = ref MemoryMarshal.GetArrayDataReference(columns);
        foreach (double[] list in nearest) Array.Fill(list, double.PositiveInfinity);
        int width = Vector<double>.Count;
        for (int j = 0; j < stride; j += width)
        {
            Metrics.SquaredDistances.Of(
                ref points, ref Unsafe.Add(ref others, j), d, stride,
                out Vector<double> s0, out Vector<double> s1, out Vector<double> s2, out Vector<double> s3);
            int lanes = Math.Min(width, n - j);
            Insert(nearest[0], s0, lanes);
            Insert(nearest[1], s1, lanes);
            Insert(nearest[2], s2, lanes);
            Insert(nearest[3], s3, lanes);
        }
    }

    // Most vectors hold no nearer point: one comparison.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Insert(double[] nearest, Vector<double> squares, int lanes)
    {
        if (Vector.LessThanAny(squares, new Vector<double>(nearest[^1]))) InsertLanes(nearest, squares, lanes);
    }

    private static void InsertLanes(double[] nearest, Vector<double> squares, int lanes)
    {
        for (int lane = 0; lane < lanes; lane++)
        {
            double square = squares[lane];
            if (!(square < nearest[^1])) continue;
            int place = nearest.Length - 1;
            for (; place > 0 && nearest[place - 1] > square; place--) nearest[place] = nearest[place - 1];
            nearest[place] = square;
        }
    }
}
