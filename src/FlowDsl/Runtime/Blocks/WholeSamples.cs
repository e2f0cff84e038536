using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FlowDsl.Runtime.Arithmetic;

namespace FlowDsl.Runtime.Blocks;

/// <summary>
/// If one coordinate of a sample is not finite, all become NaN. Closed forms and independent blocks treat coordinates separately, so the remaining
/// ones would otherwise pass for a sample.
/// </summary>
internal static class WholeSamples
{
    /// <summary>Checks the first d rows of a block; if all are finite, this costs one multiply-add per vector.</summary>
    /// <param name="rows">The block.</param>
    /// <param name="stride">The length of a row.</param>
    /// <param name="d">The number of coordinates.</param>
    /// <param name="n">The number of samples.</param>
    public static void Keep<T>(Span<T> rows, int stride, int d, int n)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // The loop has no bounds checks and runs over whole vectors.
        int lanes = (n + Vector<T>.Count - 1) / Vector<T>.Count * Vector<T>.Count;
        _ = rows.Slice((d - 1) * stride, lanes);
        if (!AreFinite(ref MemoryMarshal.GetReference(rows), (nuint)stride, (nuint)d, (nuint)lanes)) Spread(rows, stride, d, n);
    }

    // 0 times a non-finite value is NaN, and NaN stays in the sum.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool AreFinite<T>(ref T rows, nuint stride, nuint d, nuint lanes)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        nuint width = (nuint)Vector<T>.Count;
        Vector<T> zero = Vector<T>.Zero, even = zero, odd = zero;
        for (nuint j = 0; j < d; j++)
        {
            ref T row = ref Unsafe.Add(ref rows, j * stride);
            nuint i = 0;
            for (; i + 2 * width <= lanes; i += 2 * width)
            {
                even = SimdMath.MultiplyAdd(Vector.LoadUnsafe(ref row, i), zero, even);
                odd = SimdMath.MultiplyAdd(Vector.LoadUnsafe(ref row, i + width), zero, odd);
            }
            if (i < lanes) even = SimdMath.MultiplyAdd(Vector.LoadUnsafe(ref row, i), zero, even);
        }
        return Vector.EqualsAll(even + odd, zero);
    }

    private static void Spread<T>(Span<T> rows, int stride, int d, int n)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < n; i++)
        {
            bool isFinite = true;
            for (int j = 0; j < d; j++) isFinite &= T.IsFinite(rows[j * stride + i]);
            for (int j = 0; !isFinite && j < d; j++) rows[j * stride + i] = T.NaN;
        }
    }
}
