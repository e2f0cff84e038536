using System.ComponentModel;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace FlowDsl.Runtime.Arithmetic;

/// <summary>Vector functions for generated samplers. Not for other use: they omit what samplers do not need.</summary>
/// <remarks>
/// Every lane does the same operations, so a lane's bits do not depend on the vector width. They differ between hardware with and without fused multiply-add.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class SimdMath
{
    /// <summary>2^x for x up to 126. Exponents below -100 count as -100, so that no result is subnormal. 2^0 is exactly 1.</summary>
    /// <remarks>
    /// Implementation notes: adding 1.5·2^23 rounds x to the integer i, which is then in the low bits of the sum;
    /// f = x - i is exact and within 1/2. 2^f = 1 + f Q(f), Q of degree 4, fitted by the Remez algorithm for minimum relative error with the value 1
    /// at 0 (9.1e-8). Its coefficients were then varied among neighbouring floats to minimise the error of the whole computation. i is added to the
    /// exponent. Maximum relative error 1.4984e-7, found by testing every float in [-100, 0] against <see cref="Exp2(Vector{double})"/> on hardware
    /// with fused multiply-add.
    /// </remarks>
    /// <param name="x">Exponents, at most 126; NaN gives an unspecified number.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Exp2(Vector<float> x)
        => Exp2(x, new Vector<float>(Exp2Numbers.MinExponent), new Vector<float>(Exp2Numbers.RoundingMagic), new Vector<float>(Exp2Numbers.Leading),
            Vector<float>.One);

    /// <summary>The same function, to the same bits, with constants that a loop keeps in registers.</summary>
    /// <param name="x">Exponents, at most 126; NaN gives an unspecified number.</param>
    /// <param name="numbers">The numbers.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Exp2(Vector<float> x, Exp2Numbers numbers) => Exp2(x, numbers.Least, numbers.Magic, numbers.First, numbers.Last);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> Exp2(Vector<float> x, Vector<float> least, Vector<float> magic, Vector<float> first, Vector<float> last)
    {
        x = Vector.MaxNative(least, x);
        Vector<float> rounded = x + magic;
        Vector<float> f = x - (rounded - magic);
        Vector<float> p = Vector.MultiplyAddEstimate(f, first, new Vector<float>(Exp2Numbers.Fourth));
        p = Vector.MultiplyAddEstimate(p, f, new Vector<float>(Exp2Numbers.Third));
        p = Vector.MultiplyAddEstimate(p, f, new Vector<float>(Exp2Numbers.Second));
        p = Vector.MultiplyAddEstimate(p, f, new Vector<float>(Exp2Numbers.Linear));
        p = Vector.MultiplyAddEstimate(p, f, last);
        return Vector.AsVectorSingle(Vector.AsVectorInt32(p) + (Vector.AsVectorInt32(rounded) << 23));
    }

    /// <summary>
    /// 2^x with relative error 2.9e-6, for exponents that are no more accurate themselves: those of 70 bits and more, whose rounding has the same effect.
    /// </summary>
    /// <remarks>
    /// Implementation notes: as <see cref="Exp2(Vector{float})"/> with Q of degree 3 (error of the fit 2.82e-6, 2.88e-6 with roundings).
    /// </remarks>
    /// <param name="x">Exponents, at most 126; NaN gives an unspecified number.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Exp2Coarse(Vector<float> x)
    {
        x = Vector.MaxNative(new Vector<float>(Exp2Numbers.MinExponent), x);
        Vector<float> magic = new(Exp2Numbers.RoundingMagic);
        Vector<float> rounded = x + magic;
        Vector<float> f = x - (rounded - magic);
        Vector<float> p = Vector.MultiplyAddEstimate(f, new Vector<float>(0.009582853f), new Vector<float>(0.055906426f));
        p = Vector.MultiplyAddEstimate(p, f, new Vector<float>(0.24024099f));
        p = Vector.MultiplyAddEstimate(p, f, new Vector<float>(0.6931242f));
        p = Vector.MultiplyAddEstimate(p, f, Vector<float>.One);
        return Vector.AsVectorSingle(Vector.AsVectorInt32(p) + (Vector.AsVectorInt32(rounded) << 23));
    }

    /// <summary>Four times <see cref="Exp2(Vector{float})"/> in place, interleaved to hide latency.</summary>
    /// <param name="x0">The first exponents.</param>
    /// <param name="x1">The second exponents.</param>
    /// <param name="x2">The third exponents.</param>
    /// <param name="x3">The fourth exponents.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Exp2(ref Vector<float> x0, ref Vector<float> x1, ref Vector<float> x2, ref Vector<float> x3)
    {
        Vector<float> c = new(Exp2Numbers.MinExponent);
        Vector<float> f0 = Vector.MaxNative(c, x0), f1 = Vector.MaxNative(c, x1), f2 = Vector.MaxNative(c, x2), f3 = Vector.MaxNative(c, x3);
        c = new(Exp2Numbers.RoundingMagic);
        Vector<float> r0 = f0 + c, r1 = f1 + c, r2 = f2 + c, r3 = f3 + c;
        (f0, f1, f2, f3) = (f0 - (r0 - c), f1 - (r1 - c), f2 - (r2 - c), f3 - (r3 - c));
        c = new(Exp2Numbers.Leading);
        Vector<float> p0 = c, p1 = c, p2 = c, p3 = c;
        Step(new(Exp2Numbers.Fourth));
        Step(new(Exp2Numbers.Third));
        Step(new(Exp2Numbers.Second));
        Step(new(Exp2Numbers.Linear));
        Step(Vector<float>.One);
        x0 = Scale(p0, r0);
        x1 = Scale(p1, r1);
        x2 = Scale(p2, r2);
        x3 = Scale(p3, r3);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        void Step(Vector<float> next)
        {
            p0 = Vector.MultiplyAddEstimate(p0, f0, next);
            p1 = Vector.MultiplyAddEstimate(p1, f1, next);
            p2 = Vector.MultiplyAddEstimate(p2, f2, next);
            p3 = Vector.MultiplyAddEstimate(p3, f3, next);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static Vector<float> Scale(Vector<float> p, Vector<float> rounded)
            => Vector.AsVectorSingle(Vector.AsVectorInt32(p) + (Vector.AsVectorInt32(rounded) << 23));
    }

    /// <summary>2^x for x up to 1022. Exponents below -1000 count as -1000, so that no result is subnormal. 2^0 is exactly 1.</summary>
    /// <remarks>
    /// Implementation notes: as the function of floats, with 1.5·2^52 and Q of degree 10 (error of the fit 3.4e-18).
    /// Maximum error 0.93 ulp with fused multiply-add, 1.17 without, seen at 80,000 points against 40-digit values.
    /// </remarks>
    /// <param name="x">Exponents, at most 1022; a NaN gives an unspecified number.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<double> Exp2(Vector<double> x)
    {
        x = Vector.MaxNative(new Vector<double>(-1000.0), x);
        Vector<double> magic = new(6755399441055744.0);
        Vector<double> rounded = x + magic;
        Vector<double> f = x - (rounded - magic);
        Vector<double> p = Vector.MultiplyAddEstimate(f, new Vector<double>(4.434771298200377e-10), new Vector<double>(7.073783248503134e-09));
        p = Vector.MultiplyAddEstimate(p, f, new Vector<double>(1.0178199571842138e-07));
        p = Vector.MultiplyAddEstimate(p, f, new Vector<double>(1.3215435282308488e-06));
        p = Vector.MultiplyAddEstimate(p, f, new Vector<double>(1.5252733493127489e-05));
        p = Vector.MultiplyAddEstimate(p, f, new Vector<double>(0.0001540353045711209));
        p = Vector.MultiplyAddEstimate(p, f, new Vector<double>(0.001333355814677462));
        p = Vector.MultiplyAddEstimate(p, f, new Vector<double>(0.00961812910759412));
        p = Vector.MultiplyAddEstimate(p, f, new Vector<double>(0.055504108664820084));
        p = Vector.MultiplyAddEstimate(p, f, new Vector<double>(0.2402265069591013));
        p = Vector.MultiplyAddEstimate(p, f, new Vector<double>(0.6931471805599453));
        p = Vector.MultiplyAddEstimate(p, f, Vector<double>.One);
        return Vector.AsVectorDouble(Vector.AsVectorInt64(p) + (Vector.AsVectorInt64(rounded) << 52));
    }

    /// <summary>2^x and 2^-x for |x| up to 126, with one range reduction; unspecified beyond.</summary>
    /// <remarks>
    /// Implementation notes: with the reduction and the polynomial of <see cref="Exp2(Vector{float})"/>, 2^±f = E(f²) ± f O(f²),
    /// by a sum and a difference, which do not compete with the multiply-adds for the same units.
    /// The maximum relative error of either is that of the polynomial plus three roundings: below 2.1e-7.
    /// </remarks>
    /// <param name="x">Exponents.</param>
    /// <param name="reciprocal">2^-x.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Exp2Pair(Vector<float> x, out Vector<float> reciprocal)
    {
        Vector<float> magic = new(Exp2Numbers.RoundingMagic);
        Vector<float> rounded = x + magic;
        Vector<float> f = x - (rounded - magic);
        Vector<float> square = f * f;
        Vector<float> odd = Vector.MultiplyAddEstimate(square, new Vector<float>(Exp2Numbers.Leading), new Vector<float>(Exp2Numbers.Third));
        odd = Vector.MultiplyAddEstimate(square, odd, new Vector<float>(Exp2Numbers.Linear));
        Vector<float> even = Vector.MultiplyAddEstimate(square, new Vector<float>(Exp2Numbers.Fourth), new Vector<float>(Exp2Numbers.Second));
        even = Vector.MultiplyAddEstimate(square, even, Vector<float>.One);
        Vector<int> exponent = Vector.AsVectorInt32(rounded) << 23;
        odd *= f;
        reciprocal = Vector.AsVectorSingle(Vector.AsVectorInt32(even - odd) - exponent);
        return Vector.AsVectorSingle(Vector.AsVectorInt32(even + odd) + exponent);
    }

    /// <summary>2^x and 2^-x for |x| up to 1022, with one range reduction; unspecified beyond.</summary>
    /// <remarks>Implementation notes: as the function of floats, with the polynomial of <see cref="Exp2(Vector{double})"/>.</remarks>
    /// <param name="x">Exponents.</param>
    /// <param name="reciprocal">2^-x.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<double> Exp2Pair(Vector<double> x, out Vector<double> reciprocal)
    {
        Vector<double> magic = new(6755399441055744.0);
        Vector<double> rounded = x + magic;
        Vector<double> f = x - (rounded - magic);
        Vector<double> square = f * f;
        Vector<double> odd = Vector.MultiplyAddEstimate(square, new Vector<double>(4.434771298200377e-10), new Vector<double>(1.0178199571842138e-07));
        odd = Vector.MultiplyAddEstimate(square, odd, new Vector<double>(1.5252733493127489e-05));
        odd = Vector.MultiplyAddEstimate(square, odd, new Vector<double>(0.001333355814677462));
        odd = Vector.MultiplyAddEstimate(square, odd, new Vector<double>(0.055504108664820084));
        odd = Vector.MultiplyAddEstimate(square, odd, new Vector<double>(0.6931471805599453));
        Vector<double> even = Vector.MultiplyAddEstimate(square, new Vector<double>(7.073783248503134e-09), new Vector<double>(1.3215435282308488e-06));
        even = Vector.MultiplyAddEstimate(square, even, new Vector<double>(0.0001540353045711209));
        even = Vector.MultiplyAddEstimate(square, even, new Vector<double>(0.00961812910759412));
        even = Vector.MultiplyAddEstimate(square, even, new Vector<double>(0.2402265069591013));
        even = Vector.MultiplyAddEstimate(square, even, Vector<double>.One);
        Vector<long> exponent = Vector.AsVectorInt64(rounded) << 52;
        odd *= f;
        reciprocal = Vector.AsVectorDouble(Vector.AsVectorInt64(even - odd) - exponent);
        return Vector.AsVectorDouble(Vector.AsVectorInt64(even + odd) + exponent);
    }

    /// <summary>log₂ x of positive normal numbers; of anything else an unspecified number.</summary>
    /// <remarks>
    /// Implementation notes: x = 2^k m with m in [√½, √2), and log m = 2 artanh s with s = (m - 1)/(m + 1), whose series in s² is cut after ten terms
    /// (2e-17). The library's function is a call, and a slow one until the runtime has compiled it again.
    /// </remarks>
    /// <param name="x">Positive normal numbers.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector<double> Log2(Vector<double> x)
    {
        Vector<long> bits = Vector.AsVectorInt64(x), above = bits - new Vector<long>(0x3FE6A09E667F3BCD), exponent = above & new Vector<long>(-1L << 52);
        Vector<double> m = Vector.AsVectorDouble(bits - exponent);
        // An integer of few bits, placed behind those of 2^52, is that many ones above it.
        Vector<double> magic = new(4503599627370496.0);
        Vector<long> shifted = Vector.ShiftRightLogical(exponent + new Vector<long>(1L << 62), 52);
        Vector<double> k = Vector.AsVectorDouble(shifted | Vector.AsVectorInt64(magic)) - (magic + new Vector<double>(1024.0));
        Vector<double> s = (m - Vector<double>.One) / (m + Vector<double>.One), square = s * s;
        Vector<double> p = Vector.MultiplyAddEstimate(square, new Vector<double>(1.0 / 21), new Vector<double>(1.0 / 19));
        p = Vector.MultiplyAddEstimate(p, square, new Vector<double>(1.0 / 17));
        p = Vector.MultiplyAddEstimate(p, square, new Vector<double>(1.0 / 15));
        p = Vector.MultiplyAddEstimate(p, square, new Vector<double>(1.0 / 13));
        p = Vector.MultiplyAddEstimate(p, square, new Vector<double>(1.0 / 11));
        p = Vector.MultiplyAddEstimate(p, square, new Vector<double>(1.0 / 9));
        p = Vector.MultiplyAddEstimate(p, square, new Vector<double>(1.0 / 7));
        p = Vector.MultiplyAddEstimate(p, square, new Vector<double>(1.0 / 5));
        p = Vector.MultiplyAddEstimate(p, square, new Vector<double>(1.0 / 3));
        // 2/ln 2
        return Vector.MultiplyAddEstimate(Vector.MultiplyAddEstimate(p * square, s, s), new Vector<double>(2.8853900817779268), k);
    }

    /// <summary>The nearest integer, halves to even, for |x| up to 2^22.</summary>
    /// <remarks>By two additions: without an instruction for it, the library's function is a call.</remarks>
    /// <param name="x">The values to round.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Round(Vector<float> x) => x + new Vector<float>(Exp2Numbers.RoundingMagic) - new Vector<float>(Exp2Numbers.RoundingMagic);

    /// <summary>The nearest integer, halves to even, for |x| up to 2^51.</summary>
    /// <param name="x">The values to round.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<double> Round(Vector<double> x) => x + new Vector<double>(6755399441055744.0) - new Vector<double>(6755399441055744.0);

    /// <summary>The value if left is less than right, else 0.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="left">The left side of the comparison.</param>
    /// <param name="right">The right side.</param>
    /// <param name="value">The value to keep; where it is not kept it may be anything, including NaN.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> KeepIfLess<T>(Vector<T> left, Vector<T> right, Vector<T> value)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Vector.ConditionalSelect(Vector.LessThan(left, right), value, Vector<T>.Zero);

    /// <summary>x·y + z, fused if the hardware supports it.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="x">The first factor.</param>
    /// <param name="y">The second factor.</param>
    /// <param name="z">The summand.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> MultiplyAdd<T>(Vector<T> x, Vector<T> y, Vector<T> z)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // The JIT knows T and keeps only one branch.
        if (typeof(T) == typeof(float))
            return Vector.MultiplyAddEstimate(x.As<T, float>(), y.As<T, float>(), z.As<T, float>()).As<float, T>();
        return Vector.MultiplyAddEstimate(x.As<T, double>(), y.As<T, double>(), z.As<T, double>()).As<double, T>();
    }

    /// <summary>2^x as <see cref="Exp2(Vector{float})"/> or <see cref="Exp2(Vector{double})"/>.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="x">The exponent, at most 0.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Exp2<T>(Vector<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => typeof(T) == typeof(float) ? Exp2(x.As<T, float>()).As<float, T>() : Exp2(x.As<T, double>()).As<double, T>();
}
