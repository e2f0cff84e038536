using System.ComponentModel;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace FlowDsl.Runtime.Networks;

/// <summary>The units of score networks; called by generated code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class NetworkMath
{
    /// <summary>max(0, y); NaN for NaN.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="y">The argument.</param>
    // The instruction returns the second operand if either is NaN.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> ReLU<T>(Vector<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => Vector.MaxNative(Vector<T>.Zero, y);

    /// <summary>max(0, y)²; NaN for NaN.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="y">The argument.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> ReQU<T>(Vector<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Vector<T> positive = ReLU(y);
        return positive * positive;
    }

    /// <summary>max(0, y).</summary>
    /// <param name="y">The argument.</param>
    public static double ReLU(double y) => Math.Max(0, y);

    /// <summary>max(0, y)².</summary>
    /// <param name="y">The argument.</param>
    public static double ReQU(double y) => Math.Max(0, y) * Math.Max(0, y);
}
