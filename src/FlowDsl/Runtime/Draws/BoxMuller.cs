using System.Numerics;
using System.Runtime.CompilerServices;

namespace FlowDsl.Runtime.Draws;

/// <summary>The vector functions of the Box-Muller transform, only over the range of uniforms.</summary>
/// <remarks>Products and sums are deliberately rounded separately: fused operations would give other bits on hardware without them.</remarks>
internal static class BoxMuller
{
    /// <summary>log x for normal positive x.</summary>
    /// <remarks>
    /// Implementation notes: x = m 2^e with m in [√½, √2), and log m = 2 artanh(s) with s = (m - 1)/(m + 1), |s| ≤ 0.1716,
    /// by its Taylor series to s^21, whose remainder is below 2e-18 of the sum. m - 1 is exact, so nothing is lost near x = 1.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<double> Log(Vector<double> x)
    {
        Vector<long> bits = Vector.AsVectorInt64(x);
        // The exponent field of x/√½: this chooses the exponent that puts m around 1.
        Vector<long> exponent = (bits - new Vector<long>(0x3FE6_A09E_667F_3BCD)) >> 52;
        Vector<double> m = Vector.AsVectorDouble(bits - (exponent << 52)) - Vector<double>.One;
        Vector<double> s = m / (m + new Vector<double>(2));
        Vector<double> z = s * s;
        Vector<double> p = new(2.0 / 21);
        p = p * z + new Vector<double>(2.0 / 19);
        p = p * z + new Vector<double>(2.0 / 17);
        p = p * z + new Vector<double>(2.0 / 15);
        p = p * z + new Vector<double>(2.0 / 13);
        p = p * z + new Vector<double>(2.0 / 11);
        p = p * z + new Vector<double>(2.0 / 9);
        p = p * z + new Vector<double>(2.0 / 7);
        p = p * z + new Vector<double>(2.0 / 5);
        p = p * z + new Vector<double>(2.0 / 3);
        Vector<double> series = p * z * s + (s + s);
        return ToDouble(exponent) * 0.6931471805599453 + series;
    }

    /// <summary>sin 2πx and cos 2πx for x in [0, 1].</summary>
    /// <remarks>
    /// Implementation notes: x = q/4 + r with the integer q from adding 1.5·2^52, and r exact, |2πr| ≤ π/4; the Taylor
    /// series to the 17th and 16th power have remainders below 3e-18; q turns them by quarter circles.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SinCosOfTurns(Vector<double> x, out Vector<double> sin, out Vector<double> cos)
    {
        Vector<double> magic = new(6755399441055744.0);
        Vector<double> shifted = x * 4 + magic;
        Vector<double> quarters = shifted - magic;
        Vector<double> angle = (x - quarters * 0.25) * 6.283185307179586;
        Vector<double> z = angle * angle;

        Vector<double> s = new(1 / 355687428096000.0);
        s = s * z + new Vector<double>(-1 / 1307674368000.0);
        s = s * z + new Vector<double>(1 / 6227020800.0);
        s = s * z + new Vector<double>(-1 / 39916800.0);
        s = s * z + new Vector<double>(1 / 362880.0);
        s = s * z + new Vector<double>(-1 / 5040.0);
        s = s * z + new Vector<double>(1 / 120.0);
        s = s * z + new Vector<double>(-1 / 6.0);
        s = s * z * angle + angle;

        Vector<double> c = new(1 / 20922789888000.0);
        c = c * z + new Vector<double>(-1 / 87178291200.0);
        c = c * z + new Vector<double>(1 / 479001600.0);
        c = c * z + new Vector<double>(-1 / 3628800.0);
        c = c * z + new Vector<double>(1 / 40320.0);
        c = c * z + new Vector<double>(-1 / 720.0);
        c = c * z + new Vector<double>(1 / 24.0);
        c = c * z + new Vector<double>(-1 / 2.0);
        c = c * z + Vector<double>.One;

        // The low bits of the shifted sum are q: bit 0 exchanges sine and cosine, bit 1 of q and of q + 1 are their signs.
        Vector<long> q = Vector.AsVectorInt64(shifted);
        Vector<long> odd = Vector.Equals(q & Vector<long>.One, Vector<long>.One);
        Vector<long> sinSign = (q & new Vector<long>(2)) << 62, cosSign = ((q + Vector<long>.One) & new Vector<long>(2)) << 62;
        sin = Vector.AsVectorDouble(Vector.AsVectorInt64(Vector.ConditionalSelect(odd, c, s)) ^ sinSign);
        cos = Vector.AsVectorDouble(Vector.AsVectorInt64(Vector.ConditionalSelect(odd, s, c)) ^ cosSign);
    }

    /// <summary>-2 log u of the uniform u = (w + 1/2) 2^-32 that a word w stands for, within a relative error of 1.6e-7.</summary>
    /// <remarks>
    /// Implementation notes: as a signed integer w is near 0 at both ends of (0, 1), so its conversion, which rounds to 24 bits, loses neither the
    /// smallest u nor the smallest 1 - u. In the lower half u = (1 - g) 2^-e with g in (0, ½] and the integer e ≥ 1, in the upper half u = 1 - g and
    /// e is 0. -2 log(1 - g) = 2g + g² R(g), R of degree 7 by the Remez algorithm for minimum relative error of the sum (2.7e-8 with rounded
    /// coefficients). All four summands are positive: nothing cancels. The maximum error seen is 1.54e-7, at 13 million evenly spaced words and at
    /// words near powers of two and near the ends.
    /// </remarks>
    /// <param name="words">The words.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> MinusTwoLog(Vector<uint> words)
    {
        // u in the lower half, u - 1 in the upper one.
        Vector<float> u = (Vector.ConvertToSingle(Vector.AsVectorInt32(words)) + new Vector<float>(0.5f)) * new Vector<float>(2.3283064365386963e-10f);
        Vector<int> upper = Vector.LessThan(Vector.AsVectorInt32(words), Vector<int>.Zero), bits = Vector.AsVectorInt32(u);
        Vector<int> exponent = (new Vector<int>(0x3F7F_FFFF) - bits) >> 23;
        Vector<float> mantissa = Vector.AsVectorSingle(bits + (exponent << 23));
        Vector<float> g = Vector.ConditionalSelect(Vector.AsVectorSingle(upper), -u, Vector<float>.One - mantissa);
        Vector<float> e = Vector.ConvertToSingle(Vector.AndNot(exponent, upper));
        // By pairs of coefficients: shorter chains than Horner's.
        Vector<float> z = g * g;
        Vector<float> p = new Vector<float>(2.829078435897827f) * g + new Vector<float>(-3.2791476249694824f);
        p = p * z + (new Vector<float>(2.4174046516418457f) * g + new Vector<float>(-0.3618960380554199f));
        p = p * z + (new Vector<float>(0.5273802876472473f) * g + new Vector<float>(0.48736533522605896f));
        p = p * z + (new Vector<float>(0.6672642230987549f) * g + new Vector<float>(0.9999904632568359f));
        return e * new Vector<float>(1.3862943649291992f) + (p * z + (g + g));
    }

    /// <summary>
    /// Sine and cosine of the angle that a word stands for, within an error of 1.2e-7: the middle of one of 2^32 equal parts of the circle.
    /// </summary>
    /// <remarks>
    /// Implementation notes: the word's lower 30 bits, signed, are the position θ in the quarter circle around 0. Its upper bit changes the cosine's
    /// sign and the next exchanges cosine and sine. So no range reduction is needed, and angles near the axes keep their digits. θ + θ³ S(θ²) and 1 +
    /// θ² C(θ²), of degree 2 and 3, are by the Remez algorithm (8.3e-9 relative and 1.7e-9 absolute). The maximum error seen is 1.14e-7, at the same words.
    /// </remarks>
    /// <param name="words">The words.</param>
    /// <param name="sin">Receives the sines.</param>
    /// <param name="cos">Receives the cosines.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SinCos(Vector<uint> words, out Vector<float> sin, out Vector<float> cos)
    {
        // 2π / 2^34: the upper two bits were shifted out.
        Vector<float> angle = (Vector.ConvertToSingle(Vector.AsVectorInt32(words << 2)) + new Vector<float>(2f)) * new Vector<float>(3.6572951981e-10f);
        Vector<float> z = angle * angle;
        Vector<float> s = new Vector<float>(-0.0001951528392964974f) * z + new Vector<float>(0.00833216030150652f);
        s = s * z + new Vector<float>(-0.16666655242443085f);
        s = s * z * angle + angle;
        Vector<float> c = new Vector<float>(2.4390450562350452e-05f) * z + new Vector<float>(-0.0013886763481423259f);
        c = c * z + new Vector<float>(0.04166662320494652f);
        c = c * z + new Vector<float>(-0.5f);
        c = c * z + Vector<float>.One;
        c = Vector.AsVectorSingle(Vector.AsVectorUInt32(c) ^ (words & new Vector<uint>(0x8000_0000)));
        Vector<float> exchanged = Vector.AsVectorSingle(Vector.LessThan(Vector.AsVectorInt32(words << 1), Vector<int>.Zero));
        sin = Vector.ConditionalSelect(exchanged, c, s);
        cos = Vector.ConditionalSelect(exchanged, s, c);
    }

    // Exponents are small: adding them to the bits of 1.5·2^52 converts exactly; AVX2 has no instruction for it.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<double> ToDouble(Vector<long> value)
    {
        Vector<double> magic = new(6755399441055744.0);
        return Vector.AsVectorDouble(value + Vector.AsVectorInt64(magic)) - magic;
    }
}
