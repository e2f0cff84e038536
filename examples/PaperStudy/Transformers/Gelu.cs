using System.Numerics;
using System.Runtime.CompilerServices;
using FlowDsl.Runtime.Arithmetic;

namespace FlowDsl.Examples.Transformers;

/// <summary>The exact GELU x Φ(x), Φ the normal distribution function, with its slope.</summary>
/// <remarks>
/// Φ is by formula 7.1.26 of Abramowitz and Stegun, "Handbook of Mathematical Functions", within 7.5e-8, about a unit in the last place of single precision.
/// The exponential in it is also the density that the slope needs.
/// </remarks>
internal static class Gelu
{
    /// <summary>values ← x Φ(x) and slopes ← Φ(x) + x φ(x), x the values so far.</summary>
    /// <param name="values">The first value.</param>
    /// <param name="slopes">The first slope.</param>
    /// <param name="count">The number of values, whole vectors.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Apply(ref float values, ref float slopes, nuint count)
    {
        Vector<float> one = Vector<float>.One, half = new(0.5f), p = new(0.3275911f * 0.70710678f), exponent = new(-0.72134752f), density = new(0.39894228f);
        Vector<float> a1 = new(0.254829592f), a2 = new(-0.284496736f), a3 = new(1.421413741f), a4 = new(-1.453152027f), a5 = new(1.061405429f);
        for (nuint i = 0; i < count; i += (nuint)Vector<float>.Count)
        {
            Vector<float> x = Vector.LoadUnsafe(ref values, i);
            Vector<float> normal = SimdMath.Exp2(x * x * exponent);
            Vector<float> t = one / Vector.MultiplyAddEstimate(p, Vector.Abs(x), one);
            Vector<float> series = Vector.MultiplyAddEstimate(a5, t, a4);
            series = Vector.MultiplyAddEstimate(series, t, a3);
            series = Vector.MultiplyAddEstimate(series, t, a2);
            series = Vector.MultiplyAddEstimate(series, t, a1);
            Vector<float> tail = half * series * t * normal;
            Vector<float> phi = Vector.ConditionalSelect(Vector.LessThan(x, Vector<float>.Zero), tail, one - tail);
            (x * phi).StoreUnsafe(ref values, i);
            Vector.MultiplyAddEstimate(x * density, normal, phi).StoreUnsafe(ref slopes, i);
        }
    }
}
