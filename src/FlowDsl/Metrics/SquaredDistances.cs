using System.Numerics;
using System.Runtime.CompilerServices;

namespace FlowDsl.Metrics;

/// <summary>The squared distances of four points to a vector of others.</summary>
internal static class SquaredDistances
{
    /// <summary>The number of points at a time: each coordinate of the others is loaded once for all of them.</summary>
    public const int Points = 4;

    /// <summary>Computes them as Σ (x - y)²: the form |x|² + |y|² - 2x·y would lose the digits of near neighbours.</summary>
    /// <param name="points">Four points, row-major, 4×d values.</param>
    /// <param name="others">The others' coordinate 0; the next coordinate is a stride further.</param>
    /// <param name="d">The number of coordinates.</param>
    /// <param name="stride">The distance of two coordinates of the others.</param>
    /// <param name="square0">To the first point.</param>
    /// <param name="square1">To the second.</param>
    /// <param name="square2">To the third.</param>
    /// <param name="square3">To the fourth.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Of(
        ref double points, ref double others, nint d, nint stride, out Vector<double> square0, out Vector<double> square1, out Vector<double> square2,
        out Vector<double> square3)
    {
        Vector<double> s0 = Vector<double>.Zero, s1 = s0, s2 = s0, s3 = s0;
        for (nint j = 0; j < d; j++)
        {
            Vector<double> y = Unsafe.As<double, Vector<double>>(ref Unsafe.Add(ref others, j * stride));
            Vector<double> d0 = new Vector<double>(Unsafe.Add(ref points, j)) - y, d1 = new Vector<double>(Unsafe.Add(ref points, d + j)) - y;
            Vector<double> d2 = new Vector<double>(Unsafe.Add(ref points, 2 * d + j)) - y, d3 = new Vector<double>(Unsafe.Add(ref points, 3 * d + j)) - y;
            s0 = Vector.MultiplyAddEstimate(d0, d0, s0);
            s1 = Vector.MultiplyAddEstimate(d1, d1, s1);
            s2 = Vector.MultiplyAddEstimate(d2, d2, s2);
            s3 = Vector.MultiplyAddEstimate(d3, d3, s3);
        }
        (square0, square1, square2, square3) = (s0, s1, s2, s3);
    }
}
