using System.Numerics;
using System.Runtime.CompilerServices;

namespace FlowDsl.Kernels;

/// <summary>The weights of components by their energies.</summary>
internal static class SoftMinimum
{
    /// <summary>energies ← 2^(least - energies), and share ← 1/their sum.</summary>
    /// <remarks>Four vectors at a time: as many exponentials hide one another's latency.</remarks>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="energies">The first row.</param>
    /// <param name="pitch">The distance of rows.</param>
    /// <param name="count">The number of rows, even.</param>
    /// <param name="least">A row with the least energies.</param>
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
                Vector<T> weight = SimdMath.Exp2(leastA - Vector.LoadUnsafe(ref row));
                weight.StoreUnsafe(ref row);
                totalA += weight;
                weight = SimdMath.Exp2(leastB - Vector.LoadUnsafe(ref row, width));
                weight.StoreUnsafe(ref row, width);
                totalB += weight;
                weight = SimdMath.Exp2(leastA - Vector.LoadUnsafe(ref row, pitch));
                weight.StoreUnsafe(ref row, pitch);
                totalA += weight;
                weight = SimdMath.Exp2(leastB - Vector.LoadUnsafe(ref row, pitch + width));
                weight.StoreUnsafe(ref row, pitch + width);
                totalB += weight;
            }
            (Vector<T>.One / totalA).StoreUnsafe(ref share, i);
            (Vector<T>.One / totalB).StoreUnsafe(ref share, i + width);
        }
    }
}
