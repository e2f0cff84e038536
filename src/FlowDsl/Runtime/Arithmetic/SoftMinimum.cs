using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

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
    public static void Weights<T>(ref T energies, nuint pitch, int count, ref T least, ref T share, nuint lanes)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        nuint wide = WideVectors<T>.Lanes(lanes);
        if (wide > 0) Weights<T, Vector512<T>, WideVectors<T>>(ref energies, pitch, count, ref least, ref share, 0, wide);
        if (wide < lanes) Weights<T, Vector<T>, UsualVectors<T>>(ref energies, pitch, count, ref least, ref share, wide, lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Weights<T, TVector, TOps>(ref T energies, nuint pitch, int count, ref T least, ref T share, nuint from, nuint to)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TVector : struct
        where TOps : IVectors<TVector, T>
    {
        nuint width = TOps.Count;
        for (nuint i = from; i < to; i += 2 * width)
        {
            TVector leastA = TOps.Load(ref least, i), leastB = TOps.Load(ref least, i + width), totalA = default, totalB = default;
            ref T row = ref Unsafe.Add(ref energies, i);
            for (int k = 0; k < count; k += 2, row = ref Unsafe.Add(ref row, 2 * pitch))
            {
                TVector a = TOps.Subtract(leastA, TOps.Load(ref row, 0)), b = TOps.Subtract(leastB, TOps.Load(ref row, width));
                TVector c = TOps.Subtract(leastA, TOps.Load(ref row, pitch)), d = TOps.Subtract(leastB, TOps.Load(ref row, pitch + width));
                TOps.Exp2(ref a, ref b, ref c, ref d);
                TOps.Store(a, ref row, 0);
                TOps.Store(b, ref row, width);
                TOps.Store(c, ref row, pitch);
                TOps.Store(d, ref row, pitch + width);
                totalA = TOps.Add(TOps.Add(totalA, a), c);
                totalB = TOps.Add(TOps.Add(totalB, b), d);
            }
            TOps.Store(TOps.Reciprocal(totalA), ref share, i);
            TOps.Store(TOps.Reciprocal(totalB), ref share, i + width);
        }
    }
}
