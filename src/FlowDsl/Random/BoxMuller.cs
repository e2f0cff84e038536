using System.Numerics;
using System.Runtime.CompilerServices;

namespace FlowDsl;

/// <summary>The two vector functions of Box and Muller's transform, over the range that uniforms take and no further.</summary>
internal static class BoxMuller
{
    /// <summary>log x for normal positive x.</summary>
    /// <remarks>
    /// Implementation notes: x = m 2^e with m in [√½, √2), and log m = 2 artanh(s) with s = (m - 1)/(m + 1), |s| ≤ 0.1716,
    /// by its Taylor series to s^21, whose remainder is below 2e-18 of the sum. m - 1 is exact, so that nothing is lost near x = 1.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<double> Log(Vector<double> x)
    {
        Vector<long> bits = Vector.AsVectorInt64(x);
        // The exponent field of x/√½: rounds the exponent so that m falls around 1.
        Vector<long> exponent = (bits - new Vector<long>(0x3FE6_A09E_667F_3BCD)) >> 52;
        Vector<double> m = Vector.AsVectorDouble(bits - (exponent << 52)) - Vector<double>.One;
        Vector<double> s = m / (m + new Vector<double>(2));
        Vector<double> z = s * s;
        Vector<double> p = new(2.0 / 21);
        p = Vector.MultiplyAddEstimate(p, z, new Vector<double>(2.0 / 19));
        p = Vector.MultiplyAddEstimate(p, z, new Vector<double>(2.0 / 17));
        p = Vector.MultiplyAddEstimate(p, z, new Vector<double>(2.0 / 15));
        p = Vector.MultiplyAddEstimate(p, z, new Vector<double>(2.0 / 13));
        p = Vector.MultiplyAddEstimate(p, z, new Vector<double>(2.0 / 11));
        p = Vector.MultiplyAddEstimate(p, z, new Vector<double>(2.0 / 9));
        p = Vector.MultiplyAddEstimate(p, z, new Vector<double>(2.0 / 7));
        p = Vector.MultiplyAddEstimate(p, z, new Vector<double>(2.0 / 5));
        p = Vector.MultiplyAddEstimate(p, z, new Vector<double>(2.0 / 3));
        Vector<double> series = Vector.MultiplyAddEstimate(p * z, s, s + s);
        return Vector.MultiplyAddEstimate(ToDouble(exponent), new Vector<double>(0.6931471805599453), series);
    }

    /// <summary>sin 2πx and cos 2πx for x in [0, 1].</summary>
    /// <remarks>
    /// Implementation notes: x = q/4 + r with the integer q from adding 1.5·2^52 and r exact, |2πr| ≤ π/4; the Taylor
    /// series to the 17th and 16th power have remainders below 3e-18; q turns them by quarter circles.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SinCosOfTurns(Vector<double> x, out Vector<double> sin, out Vector<double> cos)
    {
        Vector<double> magic = new(6755399441055744.0);
        Vector<double> shifted = Vector.MultiplyAddEstimate(x, new Vector<double>(4), magic);
        Vector<double> quarters = shifted - magic;
        Vector<double> angle = Vector.MultiplyAddEstimate(quarters, new Vector<double>(-0.25), x) * 6.283185307179586;
        Vector<double> z = angle * angle;

        Vector<double> s = new(1 / 355687428096000.0);
        s = Vector.MultiplyAddEstimate(s, z, new Vector<double>(-1 / 1307674368000.0));
        s = Vector.MultiplyAddEstimate(s, z, new Vector<double>(1 / 6227020800.0));
        s = Vector.MultiplyAddEstimate(s, z, new Vector<double>(-1 / 39916800.0));
        s = Vector.MultiplyAddEstimate(s, z, new Vector<double>(1 / 362880.0));
        s = Vector.MultiplyAddEstimate(s, z, new Vector<double>(-1 / 5040.0));
        s = Vector.MultiplyAddEstimate(s, z, new Vector<double>(1 / 120.0));
        s = Vector.MultiplyAddEstimate(s, z, new Vector<double>(-1 / 6.0));
        s = Vector.MultiplyAddEstimate(s * z, angle, angle);

        Vector<double> c = new(1 / 20922789888000.0);
        c = Vector.MultiplyAddEstimate(c, z, new Vector<double>(-1 / 87178291200.0));
        c = Vector.MultiplyAddEstimate(c, z, new Vector<double>(1 / 479001600.0));
        c = Vector.MultiplyAddEstimate(c, z, new Vector<double>(-1 / 3628800.0));
        c = Vector.MultiplyAddEstimate(c, z, new Vector<double>(1 / 40320.0));
        c = Vector.MultiplyAddEstimate(c, z, new Vector<double>(-1 / 720.0));
        c = Vector.MultiplyAddEstimate(c, z, new Vector<double>(1 / 24.0));
        c = Vector.MultiplyAddEstimate(c, z, new Vector<double>(-1 / 2.0));
        c = Vector.MultiplyAddEstimate(c, z, Vector<double>.One);

        // The low bits of the shifted sum are q: bit 0 exchanges sine and cosine, bit 1 of q and of q + 1 are their signs.
        Vector<long> q = Vector.AsVectorInt64(shifted);
        Vector<long> odd = Vector.Equals(q & Vector<long>.One, Vector<long>.One);
        Vector<long> sinSign = (q & new Vector<long>(2)) << 62, cosSign = ((q + Vector<long>.One) & new Vector<long>(2)) << 62;
        sin = Vector.AsVectorDouble(Vector.AsVectorInt64(Vector.ConditionalSelect(odd, c, s)) ^ sinSign);
        cos = Vector.AsVectorDouble(Vector.AsVectorInt64(Vector.ConditionalSelect(odd, s, c)) ^ cosSign);
    }

    // Exponents are small: adding them to the bits of 1.5·2^52 converts exactly, where AVX2 has no instruction for it.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<double> ToDouble(Vector<long> value)
    {
        Vector<double> magic = new(6755399441055744.0);
        return Vector.AsVectorDouble(value + Vector.AsVectorInt64(magic)) - magic;
    }
}
