using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace FlowDsl.Runtime.Arithmetic;

/// <summary>Sums over the samples of rows.</summary>
internal static class RowSums
{
    // Samples this far apart are summed together first, whatever the vector width: the length of the widest vector.
    private const int Partial = 16;

    /// <summary>sums[j] += Σ row j.</summary>
    /// <param name="rows">The first row; there is one row per sum.</param>
    /// <param name="pitch">The distance of rows.</param>
    /// <param name="lanes">The number of lanes, whole vectors.</param>
    /// <param name="sums">One sum per row.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(ref float rows, nuint pitch, nuint lanes, Span<float> sums)
    {
        nuint width = (nuint)Vector<float>.Count;
        Span<float> partial = stackalloc float[Partial];
        for (int j = 0; j < sums.Length; j++)
        {
            ref float row = ref Unsafe.Add(ref rows, (nuint)j * pitch);
            for (nuint first = 0; first < Partial; first += width)
            {
                Vector<float> sum = Vector<float>.Zero;
                for (nuint i = first; i < lanes; i += Partial) sum += Vector.LoadUnsafe(ref row, i);
                sum.StoreUnsafe(ref partial[(int)first]);
            }
            Vector128<float> four = Vector128.LoadUnsafe(ref partial[0]) + Vector128.LoadUnsafe(ref partial[8])
                + (Vector128.LoadUnsafe(ref partial[4]) + Vector128.LoadUnsafe(ref partial[12]));
            sums[j] += four[0] + four[2] + (four[1] + four[3]);
        }
    }
}
