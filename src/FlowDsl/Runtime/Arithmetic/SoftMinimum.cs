using System.Numerics;
using System.Runtime.CompilerServices;

namespace FlowDsl.Runtime.Arithmetic;

/// <summary>The weights of components from their energies.</summary>
internal static class SoftMinimum
{
    /// <summary>energies ← 2^(least - energies), and share ← 1/their sum.</summary>
    /// <remarks>Four vectors at a time hide the latency of the exponentials.</remarks>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="energies">The first row.</param>
    /// <param name="pitch">The distance of rows.</param>
    /// <param name="count">The number of rows, even.</param>
    /// <param name="least">A row with the minimum energies.</param>
    /// <param name="share">Receives a row.</param>
    /// <param name="lanes">The number of lanes, whole pairs of vectors.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Weights<T>(ref T energies, nuint pitch, int count, ref T least, ref T share, nuint lanes)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        nuint width = (nuint)Vector<T>.Count;
        for (nuint i = 0; i < lanes; i += 2 * width)
        {
            Vector<T> leastA = Vector.LoadUnsafe(ref least, i), leastB = Vector.LoadUnsafe(ref least, i + width);
            Vector<T> totalA = Vector<T>.Zero, totalB = totalA;
            ref T row = ref Unsafe.Add(ref energies, i);
            for (int k = 0; k < count; k += 2, row = ref Unsafe.Add(ref row, 2 * pitch))
            {
                Vector<T> a = leastA - Vector.LoadUnsafe(ref row), b = leastB - Vector.LoadUnsafe(ref row, width);
                Vector<T> c = leastA - Vector.LoadUnsafe(ref row, pitch), d = leastB - Vector.LoadUnsafe(ref row, pitch + width);
                if (typeof(T) == typeof(float))
                {
                    Vector<float> x0 = a.As<T, float>(), x1 = b.As<T, float>(), x2 = c.As<T, float>(), x3 = d.As<T, float>();
                    SimdMath.Exp2(ref x0, ref x1, ref x2, ref x3);
                    (a, b, c, d) = (x0.As<float, T>(), x1.As<float, T>(), x2.As<float, T>(), x3.As<float, T>());
                }
                else (a, b, c, d) = (SimdMath.Exp2(a), SimdMath.Exp2(b), SimdMath.Exp2(c), SimdMath.Exp2(d));
                a.StoreUnsafe(ref row);
                b.StoreUnsafe(ref row, width);
                c.StoreUnsafe(ref row, pitch);
                d.StoreUnsafe(ref row, pitch + width);
                totalA += a;
                totalB += b;
                totalA += c;
                totalB += d;
            }
            (Vector<T>.One / totalA).StoreUnsafe(ref share, i);
            (Vector<T>.One / totalB).StoreUnsafe(ref share, i + width);
        }
    }
}
