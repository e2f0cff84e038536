using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FlowDsl.Runtime.Arithmetic;

namespace FlowDsl.Runtime.Laws;

/// <summary>Determinants of a vector of matrices at a time, by elimination without exchanges of rows.</summary>
/// <remarks>
/// The derivative of a step is near a multiple of the identity, and few matrices need an exchange. Where a factor of the elimination shows that one does,
/// the caller takes that matrix alone, with <see cref="Determinant"/>.
/// </remarks>
internal static class LaneElimination
{
    // With greater factors, rounding grows faster than an elimination with exchanges would let it.
    private const double MostFactor = 16;

    // Pivots are multiplied in groups before their logarithm is taken.
    private const int Group = 4;

    /// <summary>log|det| of each lane; the sign of <paramref name="sign"/> is that of the determinant.</summary>
    /// <param name="matrix">d×d vectors, row-major; overwritten.</param>
    /// <param name="d">d.</param>
    /// <param name="sign">Receives numbers of the determinants' signs.</param>
    /// <param name="isExact">Whether the factors are small, lane by lane; all bits set where they are.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Vector<T> LogAbs<T>(Span<Vector<T>> matrix, int d, out Vector<T> sign, out Vector<T> isExact)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ref Vector<T> first = ref MemoryMarshal.GetReference(matrix);
        Vector<T> log = Vector<T>.Zero, product = Vector<T>.One, largest = Vector<T>.Zero;
        sign = Vector<T>.One;
        for (int pivot = 0; pivot < d; pivot++)
        {
            ref Vector<T> top = ref Unsafe.Add(ref first, pivot * d);
            Vector<T> own = Unsafe.Add(ref top, pivot), inverse = -Vector<T>.One / own;
            sign = Vector.Xor(sign, Vector.BitwiseAnd(own, new Vector<T>(T.NegativeZero)));
            product *= Vector.Abs(own);
            if (pivot % Group == Group - 1 || pivot == d - 1)
            {
                log += Log(product);
                product = Vector<T>.One;
            }
            // Two rows at a time, which read the pivot's row once.
            int i = pivot + 1;
            nuint rest = (nuint)(d - i);
            for (; i + 1 < d; i += 2)
            {
                ref Vector<T> row = ref Unsafe.Add(ref first, i * d + pivot), next = ref Unsafe.Add(ref row, d), from = ref Unsafe.Add(ref top, pivot);
                Vector<T> factor = row * inverse, other = next * inverse;
                largest = Vector.Max(largest, Vector.Max(Vector.Abs(factor), Vector.Abs(other)));
                for (nuint j = 1; j <= rest; j++)
                {
                    Vector<T> value = Unsafe.Add(ref from, j);
                    Unsafe.Add(ref row, j) = SimdMath.MultiplyAdd(factor, value, Unsafe.Add(ref row, j));
                    Unsafe.Add(ref next, j) = SimdMath.MultiplyAdd(other, value, Unsafe.Add(ref next, j));
                }
            }
            if (i < d)
            {
                ref Vector<T> row = ref Unsafe.Add(ref first, i * d + pivot), from = ref Unsafe.Add(ref top, pivot);
                Vector<T> factor = row * inverse;
                largest = Vector.Max(largest, Vector.Abs(factor));
                for (nuint j = 1; j <= rest; j++) Unsafe.Add(ref row, j) = SimdMath.MultiplyAdd(factor, Unsafe.Add(ref from, j), Unsafe.Add(ref row, j));
            }
        }
        isExact = Vector.LessThanOrEqual(largest, new Vector<T>(T.CreateTruncating(MostFactor)));
        return log;
    }

    private static Vector<T> Log<T>(Vector<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => typeof(T) == typeof(float) ? Vector.Log(x.As<T, float>()).As<float, T>() : Vector.Log(x.As<T, double>()).As<double, T>();
}
