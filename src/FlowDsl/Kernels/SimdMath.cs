using System.ComponentModel;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace FlowDsl.Kernels;

/// <summary>Vector functions called by generated code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class SimdMath
{
    /// <summary>Placeholder.</summary>
    public static Vector<float> Exp2(Vector<float> x)
    {
        const float magic = 12582912f;
        x = Vector.MaxNative(x, Vector.Create(-100f));
        Vector<float> shifted = x + Vector.Create(magic), f = x - (shifted - Vector.Create(magic));
        Vector<float> p = Vector.Create(0.0013264727f);
        p = Vector.MultiplyAddEstimate(p, f, Vector.Create(0.0096715126f));
        p = Vector.MultiplyAddEstimate(p, f, Vector.Create(0.055507337f));
        p = Vector.MultiplyAddEstimate(p, f, Vector.Create(0.24022242f));
        p = Vector.MultiplyAddEstimate(p, f, Vector.Create(0.69314698f));
        p = Vector.MultiplyAddEstimate(p, f, Vector.Create(1f));
        return Vector.AsVectorSingle(Vector.AsVectorInt32(p) + (Vector.AsVectorInt32(shifted) << 23));
    }

    /// <summary>Placeholder.</summary>
    public static Vector<double> Exp2(Vector<double> x) => Vector.Exp(x * Math.Log(2));

    /// <summary>x·y + z, fused where the hardware does.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="x">The first factor.</param>
    /// <param name="y">The second factor.</param>
    /// <param name="z">The summand.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> MultiplyAdd<T>(Vector<T> x, Vector<T> y, Vector<T> z)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // The JIT knows T: one branch is left.
        if (typeof(T) == typeof(float))
            return Vector.MultiplyAddEstimate(x.As<T, float>(), y.As<T, float>(), z.As<T, float>()).As<float, T>();
        return Vector.MultiplyAddEstimate(x.As<T, double>(), y.As<T, double>(), z.As<T, double>()).As<double, T>();
    }

    /// <summary>2^x as <see cref="Exp2(Vector{float})"/> or <see cref="Exp2(Vector{double})"/>.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="x">The exponent.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Exp2<T>(Vector<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => typeof(T) == typeof(float) ? Exp2(x.As<T, float>()).As<float, T>() : Exp2(x.As<T, double>()).As<double, T>();
}
