using System.Numerics;

namespace FlowDsl.Runtime.Arithmetic;

/// <summary>An activation function.</summary>
internal interface IActivation
{
    /// <summary>The function's values.</summary>
    static abstract Vector<float> At(Vector<float> z);

    /// <summary>The function's values and its derivative's.</summary>
    static abstract Vector<float> At(Vector<float> z, out Vector<float> slope);
}

/// <summary>max(0, z), with the slope 0 at 0. NaN is propagated.</summary>
internal readonly struct ReluActivation : IActivation
{
    // In this order the x86 instruction propagates a NaN in z.
    public static Vector<float> At(Vector<float> z) => Vector.MaxNative(Vector<float>.Zero, z);

    public static Vector<float> At(Vector<float> z, out Vector<float> slope)
    {
        slope = SimdMath.KeepIfLess(Vector<float>.Zero, z, Vector<float>.One);
        return At(z);
    }
}

/// <summary>max(0, z)².</summary>
internal readonly struct RequActivation : IActivation
{
    public static Vector<float> At(Vector<float> z)
    {
        Vector<float> positive = ReluActivation.At(z);
        return positive * positive;
    }

    public static Vector<float> At(Vector<float> z, out Vector<float> slope)
    {
        Vector<float> positive = ReluActivation.At(z);
        slope = positive + positive;
        return positive * positive;
    }
}

/// <summary>z/(1 + e^-z) for finite z.</summary>
internal readonly struct SiluActivation : IActivation
{
    public static Vector<float> At(Vector<float> z) => z * Sigmoid(z, out _);

    public static Vector<float> At(Vector<float> z, out Vector<float> slope)
    {
        Vector<float> sigmoid = Sigmoid(z, out Vector<float> complement);
        Vector<float> value = z * sigmoid;
        slope = Vector.MultiplyAddEstimate(value, complement, sigmoid);
        return value;
    }

    // Both without cancellation, and 0 below 2^-100: times a large z they would matter again.
    private static Vector<float> Sigmoid(Vector<float> z, out Vector<float> complement)
    {
        Vector<float> limit = new(100f), bits = z * new Vector<float>(1.44269504f);
        Vector<float> inverse = SimdMath.Exp2(Vector.MinNative(limit, -bits));
        Vector<float> sigmoid = Vector<float>.One / (Vector<float>.One + inverse);
        complement = SimdMath.KeepIfLess(bits, limit, inverse * sigmoid);
        return SimdMath.KeepIfLess(-limit, bits, sigmoid);
    }
}
