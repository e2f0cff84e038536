using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace FlowDsl.Runtime.Arithmetic;

/// <summary>Minimum and maximum over the lanes of a vector; a NaN lane may or may not show.</summary>
internal static class Across
{
    /// <summary>The minimum.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="values">The lanes.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Min<T>(Vector<T> values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (Vector<T>.Count * Unsafe.SizeOf<T>() == 32)
        {
            Vector256<T> whole = values.AsVector256();
            return Min(Vector128.MinNative(whole.GetLower(), whole.GetUpper()));
        }
        if (Vector<T>.Count * Unsafe.SizeOf<T>() == 16) return Min(values.AsVector128());
        T least = values[0];
        for (int i = 1; i < Vector<T>.Count; i++) least = T.MinNative(least, values[i]);
        return double.CreateTruncating(least);
    }

    /// <summary>The maximum.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="values">The lanes.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Max<T>(Vector<T> values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => -Min(-values);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double Min<T>(Vector128<T> values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (typeof(T) == typeof(float))
        {
            Vector128<float> lanes = values.AsSingle();
            lanes = Vector128.MinNative(lanes, Vector128.Shuffle(lanes, Vector128.Create(2, 3, 0, 1)));
            return Vector128.MinNative(lanes, Vector128.Shuffle(lanes, Vector128.Create(1, 0, 3, 2))).ToScalar();
        }
        Vector128<double> pair = values.AsDouble();
        return Math.Min(pair.ToScalar(), pair.GetElement(1));
    }
}
