using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FlowDsl.Runtime.Arithmetic;

namespace FlowDsl.Runtime.Blocks;

/// <summary>
/// If one coordinate of a sample is not finite, or beyond a range, all become NaN. Closed forms and independent blocks treat coordinates separately, so
/// the remaining ones would otherwise pass for a sample.
/// </summary>
internal static class WholeSamples
{
    /// <summary>Checks the first d rows of a block; if all are finite, this costs one multiply-add per vector.</summary>
    /// <param name="rows">The block.</param>
    /// <param name="stride">The length of a row.</param>
    /// <param name="d">The number of coordinates.</param>
    /// <param name="n">The number of samples.</param>
    /// <param name="inRange">Whether coordinates must be in the range in which squares do not overflow, if they are floats.</param>
    /// <returns>Whether no sample had to be changed.</returns>
    public static bool Keep<T>(Span<T> rows, int stride, int d, int n, bool inRange = false)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // The loop has no bounds checks and runs over whole vectors.
        int lanes = (n + Vector<T>.Count - 1) / Vector<T>.Count * Vector<T>.Count;
        _ = rows.Slice((d - 1) * stride, lanes);
        if (AreFinite(ref MemoryMarshal.GetReference(rows), (nuint)stride, (nuint)d, (nuint)lanes, inRange ? Overflow<T>() : T.Zero)) return true;
        return Spread(rows, stride, d, n, inRange);
    }

    /// <summary>Whether all coordinates of a sample are finite and, if they are floats, in that range.</summary>
    public static bool IsInRange<T>(ReadOnlySpan<T> sample)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (T value in sample)
            if (!IsInRange(value)) return false;
        return true;
    }

    // 2^60 in single precision: squares are 2^-8 of the greatest number. Doubles have no wider format to go to.
    private static bool IsInRange<T>(T value)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => typeof(T) == typeof(float) ? T.Abs(value) < T.CreateTruncating(1UL << 60) : T.IsFinite(value);

    // By this factor what is not in range becomes infinite.
    private static T Overflow<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => typeof(T) == typeof(float) ? T.CreateTruncating(Math.ScaleB(1, 68)) : T.Zero;

    // 0 times a non-finite value is NaN, and NaN stays in the sum; so does what a factor makes infinite.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool AreFinite<T>(ref T rows, nuint stride, nuint d, nuint lanes, T factor)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        nuint width = (nuint)Vector<T>.Count;
        Vector<T> factors = Vector.Create(factor), even = Vector<T>.Zero, odd = even;
        for (nuint j = 0; j < d; j++)
        {
            ref T row = ref Unsafe.Add(ref rows, j * stride);
            nuint i = 0;
            for (; i + 2 * width <= lanes; i += 2 * width)
            {
                even = SimdMath.MultiplyAdd(Vector.LoadUnsafe(ref row, i), factors, even);
                odd = SimdMath.MultiplyAdd(Vector.LoadUnsafe(ref row, i + width), factors, odd);
            }
            if (i < lanes) even = SimdMath.MultiplyAdd(Vector.LoadUnsafe(ref row, i), factors, even);
        }
        even += odd;
        return Vector.EqualsAll(even - even, Vector<T>.Zero);
    }

    private static bool Spread<T>(Span<T> rows, int stride, int d, int n, bool inRange)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        bool areWhole = true;
        for (int i = 0; i < n; i++)
        {
            bool isWhole = true;
            for (int j = 0; j < d; j++) isWhole &= inRange ? IsInRange(rows[j * stride + i]) : T.IsFinite(rows[j * stride + i]);
            for (int j = 0; !isWhole && j < d; j++) rows[j * stride + i] = T.NaN;
            areWhole &= isWhole;
        }
        return areWhole;
    }
}
