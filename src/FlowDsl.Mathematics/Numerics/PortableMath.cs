using System.ComponentModel;

namespace FlowDsl.Mathematics.Numerics;

/// <summary>Elementary functions of doubles with the same bits on every host.</summary>
/// <remarks>
/// <para>
/// The generator runs in whatever process hosts the compiler and the user's program runs elsewhere; both must get the same
/// coefficients. The functions of <see cref="Math"/> call the host's C library, which differs in the last bit. These are built
/// from the operations that IEEE 754 rounds correctly (+, -, *, /, square root), floor and bit patterns, and without fused
/// multiply-add, which not every host has; the C# compiler and the JIT keep a * b + c as two roundings.
/// </para>
/// <para>
/// Errors are given in units in the last place (ulp) of the correctly rounded result: 0.5 is the smallest possible maximum. They are the largest
/// errors seen against 60-digit values at about 30,000 points per function, including hard ones; they are not proven bounds.
/// </para>
/// <para>
/// Where a result would lose bits, an unevaluated sum "high + low" of two doubles carries about 106 bits: the sum of two
/// doubles and its rounding error (Knuth), and the product and its rounding error (Veltkamp's splitting, Dekker's product).
/// </para>
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class PortableMath
{
    private const double InverseLn2 = 1.4426950408889634;

    // ln 2 truncated to 42 bits, so its product with an exponent of at most 11 bits is exact, and the rest.
    private const double Ln2High = 0.6931471805598903, Ln2Low = 5.497923018708371e-14;

    private const double SquareRootOfTwo = 1.4142135623730951;

    private const double TwoOverPi = 0.6366197723675814;

    // pi/2 in four parts: three of 33 bits, of which a multiple of at most 20 bits is exact, and the rest.
    private const double HalfPi1 = 1.5707963267341256, HalfPi2 = 6.077100506303966e-11, HalfPi3 = 2.0222662487111665e-21,
        HalfPi4 = 8.4784276603689e-32;

    private const double HalfPiHigh = 1.5707963267948966, HalfPiLow = 6.123233995736766e-17;
    private const double QuarterPi = 0.7853981633974483;

    private const double TwoThirdsHigh = 0.6666666666666666, TwoThirdsLow = 3.700743415417188e-17;
    private const double SixthHigh = 0.16666666666666666, SixthLow = 9.25185853854297e-18;

    private const double TwoToMinus54 = 1 / 18014398509481984.0;

    /// <summary>The largest |x| that <see cref="Sin"/>, <see cref="Cos"/>, <see cref="SinCos"/> and <see cref="Tan"/> take: 2^20.</summary>
    public const double MaxAngle = 1048576;

    // atan(i / 16), high and low part.
    private static readonly double[] s_arctangents =
    [
        0.0, 0.06241880999595735, 0.12435499454676144, 0.18534794999569476, 0.24497866312686414, 0.3028848683749714,
        0.35877067027057225, 0.4124104415973873, 0.4636476090008061, 0.5123894603107377, 0.5585993153435624, 0.6022873461349642,
        0.6435011087932844, 0.6823165548747481, 0.7188299996216245, 0.7531512809621944, 0.7853981633974483,
    ];

    private static readonly double[] s_arctangentsLow =
    [
        0.0, -1.5490756308295046e-18, -3.1253241424539383e-18, 4.180692268843079e-18, 1.0698755618734451e-17, -1.1010827903001369e-17,
        -2.4623815582638635e-17, -1.587652227770689e-17, 2.2698777452961687e-17, -2.5462781472855804e-17, -5.4556305485916264e-18, 2.950430737228402e-17,
        1.5834785051444286e-17, 6.943223671560008e-18, -2.1478388444456983e-17, -2.4256934659182068e-17, 3.061616997868383e-17,
    ];

    // The four pieces of the normal quantile; see NormalQuantile.
    private static readonly double[] s_centreNumerator =
    [
        3.3871328727963665, 148.75654077063152, 2548.2248573022625, 21627.48116049056, 95692.73551269759, 213550.16248438213,
        214247.3801984238, 74060.81462563902, 3907.007639023816,
    ];

    private static readonly double[] s_centreDenominator =
    [
        1.0, 46.92338689522055, 871.2838940641986, 8176.878340636071, 41169.98166790856, 109244.70555458817, 140376.82723612545,
        72342.69749284587, 9398.46451720659,
    ];

    private static readonly double[] s_nearTailNumerator =
    [
        1.4234371107496837, 4.623769890117681, 5.774223832125747, 3.7011167228890076, 1.342301583750006, 0.2814080955288863,
        0.032734401798901136, 0.0018491347702877005, 3.568785705178986e-05,
    ];

    private static readonly double[] s_nearTailDenominator =
    [
        1.0, 2.0485774740424447, 1.6852411566179453, 0.716165530262213, 0.16785155245121902, 0.021194465109129118,
        0.0012673088484278935, 2.523438346136211e-05,
    ];

    private static readonly double[] s_farTailNumerator =
    [
        6.657904643501103, 5.387856524672515, 1.7259779191845368, 0.27880007377672883, 0.023900367270236124, 0.0010452824386531267,
        2.02665667243742e-05, 1.2015222444234895e-07,
    ];

    private static readonly double[] s_farTailDenominator =
    [
        1.0, 0.588427959941193, 0.13060918935099963, 0.013588596130472958, 0.0006699041381397017, 1.3905949142984522e-05,
        8.496038455664907e-08,
    ];

    private static readonly double[] s_lastTailNumerator =
    [
        15.319771592987887, 5.855599250067672, 0.9056676870001286, 0.07250531892304571, 0.0031836167333564695, 7.453009892742659e-05,
        8.243872260701874e-07, 3.0928653758188688e-09,
    ];

    private static readonly double[] s_lastTailDenominator =
    [
        1.0, 0.28888085438135896, 0.0322295323940929, 0.0017406240498248529, 4.6561417791322544e-05, 5.588755292218978e-07,
        2.1869834961228516e-09,
    ];

    /// <summary>e^x. Infinite above 709.78, subnormal below -708.4, 0 below -745.14.</summary>
    /// <remarks>
    /// Implementation notes: x = k ln 2 + r with |r| ≤ ln 2 / 2, r as high + low; e^r = 1 + r + r² P(r) with P of degree 10
    /// interpolated at Chebyshev nodes (error 3e-19), summed from the small end with the rounding error of r + r² P kept; then
    /// scaled by 2^k with one rounding if the result is subnormal. Error 0.60 ulp, 0.74 if subnormal.
    /// </remarks>
    /// <param name="x">Any double.</param>
    public static double Exp(double x)
    {
        if (double.IsNaN(x)) return x;
        if (x > 710) return double.PositiveInfinity;
        if (x < -746) return 0;
        return ExpOfSum(x, 0);
    }

    /// <summary>e^x - 1, accurate for small x too.</summary>
    /// <remarks>
    /// Implementation notes: with k, r and the sum s = e^r - 1 of <see cref="Exp"/>, the result is 2^k ((1 - 2^-k) + s), where
    /// 1 - 2^-k is exact for |k| ≤ 53 and its sum with s keeps its rounding error. Error 0.80 ulp.
    /// </remarks>
    /// <param name="x">Any double.</param>
    public static double Expm1(double x)
    {
        if (double.IsNaN(x)) return x;
        if (x > 710) return double.PositiveInfinity;
        if (x < -40) return -1;
        if (Math.Abs(x) < TwoToMinus54) return x;

        double k = ExpMinusOneOfReduced(x, 0, out double s, out double sLow);
        if (k == 0) return s + sLow;
        double offset = 1, offsetLow = 0, inverse = PowerOfTwo(-(int)Math.Max(Math.Min(k, 1000), -1000));
        if (k <= 53) offset = 1 - inverse;
        else offsetLow = -inverse;
        double sum = TwoSum(offset, s, out double error);
        return Scale(sum + (error + (sLow + offsetLow)), (int)k);
    }

    /// <summary>The natural logarithm: -infinity of 0, NaN of negative numbers.</summary>
    /// <remarks>
    /// Implementation notes: x = 2^k (1 + f) with 1 + f in [sqrt(1/2), sqrt(2)], s = f / (2 + f) and z = s²; log(1 + f) =
    /// 2 atanh(s) = f - f²/2 + s (f²/2 + z L(z)) with L of degree 7 interpolated at Chebyshev nodes (error 5e-19 of the
    /// result). The large terms k ln 2, f and f²/2 are exact, or carry their errors along. Error 0.58 ulp.
    /// </remarks>
    /// <param name="x">Any double.</param>
    public static double Log(double x)
    {
        if (double.IsNaN(x) || x < 0) return double.NaN;
        if (x == 0) return double.NegativeInfinity;
        if (double.IsPositiveInfinity(x)) return x;
        double k = Normalize(x, out double significand);
        return LogOfReduced(significand - 1, k, 0);
    }

    /// <summary>log(1 + x), accurate for small x too: -infinity of -1, NaN below.</summary>
    /// <remarks>
    /// Implementation notes: as <see cref="Log"/>; near 0, f is x itself; elsewhere log(u + e) = log u + e/u, with u + e the
    /// exact sum of 1 and x. Error 0.59 ulp.
    /// </remarks>
    /// <param name="x">Any double.</param>
    public static double Log1p(double x)
    {
        if (double.IsNaN(x) || x < -1) return double.NaN;
        if (x == -1) return double.NegativeInfinity;
        if (double.IsPositiveInfinity(x) || Math.Abs(x) < TwoToMinus54) return x;
        double u = TwoSum(1, x, out double error);
        if (u > 0.70711 && u < 1.41421) return LogOfReduced(x, 0, 0);
        double k = Normalize(u, out double significand);
        return LogOfReduced(significand - 1, k, error / u);
    }

    /// <summary>x^y, with the special cases of IEEE 754's pow; NaN for a negative x if y is not an integer.</summary>
    /// <remarks>
    /// Implementation notes: e^(y log x), where log x as high + low has a relative error of about 2^-64, so y log x, at most 745, has an error of
    /// about 2^-55; the exponential takes both parts. log(1 + f) = 2s + (2/3) s³ + s^5 Q(s²), the first two terms as high + low, Q of degree 8
    /// interpolated at Chebyshev nodes (error 2^-66 of the result). Error 0.61 ulp, 0.73 if subnormal.
    /// </remarks>
    /// <param name="x">The base.</param>
    /// <param name="y">The exponent.</param>
    public static double Pow(double x, double y)
    {
        if (y == 0 || x == 1) return 1;
        if (double.IsNaN(x) || double.IsNaN(y)) return double.NaN;
        double size = Math.Abs(x);
        if (double.IsInfinity(y)) return size == 1 ? 1 : (size > 1) == (y > 0) ? double.PositiveInfinity : 0;

        // Doubles of 2^53 and more are even integers.
        bool odd = Math.Abs(y) < 9007199254740992 && Math.Floor(y) == y && Math.Floor(y / 2) != y / 2;
        bool negative = BitConverter.DoubleToInt64Bits(x) < 0;
        if (size == 0 || double.IsInfinity(size))
        {
            double limit = (size == 0) == (y > 0) ? 0 : double.PositiveInfinity;
            return negative && odd ? -limit : limit;
        }
        if (negative && Math.Floor(y) != y) return double.NaN;
        double sign = negative && odd ? -1 : 1;
        if (size == 1) return sign;

        LogAsSum(size, out double high, out double low);
        double product = y * high;
        if (product > 710) return sign * double.PositiveInfinity;
        if (product < -746) return sign * 0;
        if (Math.Abs(product) < TwoToMinus54) return sign;
        return sign * ExpOfSum(product, ProductError(y, high, product) + y * low);
    }

    /// <summary>The sine of an angle in radians of at most <see cref="MaxAngle"/> in size; NaN beyond.</summary>
    /// <remarks>
    /// Implementation notes: the angle less the nearest multiple of π/2 (Cody and Waite's reduction, π/2 in four parts of 152
    /// bits together) is r as high + low, |r| ≤ π/4; sin r = r - r³/6 + r^5 S(r²) and cos r = 1 - r²/2 + r⁴ C(r²), S and C of
    /// degree 5 interpolated at Chebyshev nodes (error below 1e-18); all terms but the last are sums high + low. Error 0.56 ulp.
    /// </remarks>
    /// <param name="x">The angle.</param>
    public static double Sin(double x)
    {
        if (Math.Abs(x) < 1e-8) return x;
        SinCos(x, out double sin, out _);
        return sin;
    }

    /// <summary>The cosine of an angle in radians of at most <see cref="MaxAngle"/> in size; NaN beyond.</summary>
    /// <remarks>Implementation notes: see <see cref="Sin"/>. Error 0.54 ulp.</remarks>
    /// <param name="x">The angle.</param>
    public static double Cos(double x)
    {
        SinCos(x, out _, out double cos);
        return cos;
    }

    /// <summary>The sine and the cosine of an angle in radians of at most <see cref="MaxAngle"/> in size, for the cost of one; NaN beyond.</summary>
    /// <param name="x">The angle.</param>
    /// <param name="sin">The bits of <see cref="Sin"/>.</param>
    /// <param name="cos">The bits of <see cref="Cos"/>.</param>
    public static void SinCos(double x, out double sin, out double cos)
    {
        if (!(Math.Abs(x) <= MaxAngle))
        {
            (sin, cos) = (double.NaN, double.NaN);
            return;
        }
        if (Math.Abs(x) < 1e-8)
        {
            (sin, cos) = (x, 1);
            return;
        }
        int quadrant = ReduceAngle(x, out double r, out double rLow);
        SinCosOfReduced(r, rLow, out double s, out double sLow, out double c, out double cLow);
        (s, c) = (s + sLow, c + cLow);
        (sin, cos) = quadrant switch
        {
            0 => (s, c),
            1 => (c, -s),
            2 => (-s, -c),
            _ => (-c, s),
        };
    }

    /// <summary>The tangent of an angle in radians of at most <see cref="MaxAngle"/> in size; NaN beyond.</summary>
    /// <remarks>Implementation notes: the quotient of the sine and the cosine of <see cref="Sin"/>, both as high + low. Error 0.55 ulp.</remarks>
    /// <param name="x">The angle.</param>
    public static double Tan(double x)
    {
        if (!(Math.Abs(x) <= MaxAngle)) return double.NaN;
        if (Math.Abs(x) < 1e-8) return x;
        int quadrant = ReduceAngle(x, out double r, out double rLow);
        SinCosOfReduced(r, rLow, out double s, out double sLow, out double c, out double cLow);
        return (quadrant & 1) == 0 ? Quotient(s, sLow, c, cLow) : -Quotient(c, cLow, s, sLow);
    }

    /// <summary>The arc tangent, in [-π/2, π/2].</summary>
    /// <remarks>
    /// Implementation notes: |x| = p/q with p ≤ q, one of them 1; if p was x, the result is the angle, else π/2 minus it. With
    /// c = i/16 nearest to p/q, atan(p/q) = atan c + atan t, t = (p - c q) / (q + c p) as high + low, |t| ≤ 1/32; atan t =
    /// t + t³ A(t²), A of degree 4 interpolated at Chebyshev nodes (error 2e-20). Error 0.51 ulp.
    /// </remarks>
    /// <param name="x">Any double.</param>
    public static double Atan(double x)
    {
        double size = Math.Abs(x);
        if (double.IsNaN(x) || size < 1e-9) return x;
        double angle;
        if (size > 1e18)
        {
            angle = HalfPiHigh;
        }
        else
        {
            bool steep = size > 1;
            double p = steep ? 1 : size, q = steep ? size : 1;
            int i = (int)Math.Floor(p / q * 16 + 0.5);
            double c = i / 16.0;

            double cq = c * q;
            double numerator = TwoSum(p, -cq, out double numeratorLow);
            numeratorLow -= ProductError(c, q, cq);
            double cp = c * p;
            double denominator = TwoSum(q, cp, out double denominatorLow);
            denominatorLow += ProductError(c, p, cp);

            double t = numerator / denominator;
            double tLow = QuotientError(t, numerator, numeratorLow, denominator, denominatorLow);
            double z = t * t;
            double a = -0.3333333333333333 + z * (0.1999999999999931 + z * (-0.1428571428007483 + z * (0.11111094990102899 + z * -0.09072094862765073)));
            double low = s_arctangentsLow[i] + (t * z * a + tLow);
            double high = TwoSum(s_arctangents[i], t, out double error);
            low += error;
            if (steep)
            {
                high = TwoSum(HalfPiHigh, -high, out error);
                low = error + (HalfPiLow - low);
            }
            angle = high + low;
        }
        return x < 0 ? -angle : angle;
    }

    /// <summary>The inverse of the standard normal distribution function: -infinity of 0, infinity of 1, NaN outside [0, 1].</summary>
    /// <remarks>
    /// Implementation notes: with q = p - 1/2, for |q| ≤ 0.425 the result is q N(y)/D(y), y = 0.180625 - q²; else, with
    /// r = sqrt(-log(min(p, 1 - p))), it is ∓N(r - a)/D(r - a) for a = 1.6 to r = 5, a = 5 to r = 11 and a = 11 to the smallest double, r = 27.3.
    /// This is the division of Wichura, Algorithm AS 241 (Applied Statistics 37, 1988), with one more piece; the rational functions, of degrees up to
    /// 8 over 8, were recomputed by interpolation at Chebyshev nodes with 60 digits (error below 3e-16), with variables that keep the terms positive.
    /// q and 1 - p are exact when they are used. Error 4.9 ulp, below 1.1e-15 of the result.
    /// </remarks>
    /// <param name="p">A probability.</param>
    public static double NormalQuantile(double p)
    {
        if (!(p >= 0 && p <= 1)) return double.NaN;
        if (p == 0) return double.NegativeInfinity;
        if (p == 1) return double.PositiveInfinity;
        double q = p - 0.5;
        if (Math.Abs(q) <= 0.425)
        {
            double y = 0.180625 - q * q;
            return q * (Polynomial(s_centreNumerator, y) / Polynomial(s_centreDenominator, y));
        }
        double r = Math.Sqrt(-Log(q < 0 ? p : 1 - p));
        double size = r <= 5 ? Polynomial(s_nearTailNumerator, r - 1.6) / Polynomial(s_nearTailDenominator, r - 1.6)
            : r <= 11 ? Polynomial(s_farTailNumerator, r - 5) / Polynomial(s_farTailDenominator, r - 5)
            : Polynomial(s_lastTailNumerator, r - 11) / Polynomial(s_lastTailDenominator, r - 11);
        return q < 0 ? -size : size;
    }

    // e^(x + low), x in [-746, 710].
    private static double ExpOfSum(double x, double low)
    {
        double k = ExpMinusOneOfReduced(x, low, out double s, out double sLow);
        double sum = 1 + s;
        double error = (1 - sum) + s;
        return Scale(sum + (error + sLow), (int)k);
    }

    // e^(x + low) = 2^k (1 + s + sLow); returns k.
    private static double ExpMinusOneOfReduced(double x, double low, out double s, out double sLow)
    {
        double k = Math.Floor(x * InverseLn2 + 0.5);
        double high = x - k * Ln2High;
        double minus = k * Ln2Low - low;
        double r = high - minus;
        double rLow = (high - r) - minus;
        double p = 0.5 + r * (0.1666666666666667 + r * (0.04166666666666667 + r * (0.008333333333326106 + r * (0.001388888888888081
            + r * (0.0001984126987492355 + r * (2.4801587333382252e-05 + r * (2.7557255269785664e-06 + r * (2.755726525241958e-07
            + r * (2.5105271231322874e-08 + r * 2.091779227978372e-09)))))))));
        double tail = r * r * p + (rLow + rLow * r);
        s = r + tail;
        sLow = (r - s) + tail;
        return k;
    }

    // k ln 2 + log(1 + f) + low, f within [sqrt(1/2) - 1, sqrt(2) - 1].
    private static double LogOfReduced(double f, double k, double low)
    {
        double s = f / (2 + f);
        double z = s * s;
        double l = z * (0.6666666666666666 + z * (0.40000000000000885 + z * (0.28571428570799784 + z * (0.22222222392581045
            + z * (0.18181795547521137 + z * (0.15386244737621665 + z * (0.13268638369266825 + z * 0.13088034850927555)))))));

        // f²/2 as the square of f's upper half, which is exact, and the rest.
        double upper = UpperHalf(f);
        double halfSquare = 0.5 * upper * upper;
        double rest = 0.5 * (f - upper) * (f + upper);

        double high = TwoSum(k * Ln2High, f, out double error);
        double sum = TwoSum(high, -halfSquare, out double secondError);
        return sum + ((error + secondError) + ((s * ((halfSquare + rest) + l) - rest) + (k * Ln2Low + low)));
    }

    // log x = high + low to about 2^-64 of itself, x positive and finite.
    private static void LogAsSum(double x, out double high, out double low)
    {
        double k = Normalize(x, out double significand);
        double f = significand - 1;
        double divisor = TwoSum(2, f, out double divisorLow);
        double s = f / divisor;
        double sLow = QuotientError(s, f, 0, divisor, divisorLow);
        double z = s * s;
        double zLow = ProductError(s, s, z) + 2 * s * sLow;
        double cube = s * z;
        double cubeLow = ProductError(s, z, cube) + (s * zLow + sLow * z);
        double second = cube * TwoThirdsHigh;
        double secondLow = ProductError(cube, TwoThirdsHigh, second) + (cube * TwoThirdsLow + cubeLow * TwoThirdsHigh);
        double q = 0.4 + z * (0.28571428571428564 + z * (0.2222222222222847 + z * (0.1818181817964499 + z * (0.1538461576290815
            + z * (0.13333296397963834 + z * (0.11766819021629554 + z * (0.10456195110401492 + z * 0.1076362151501126)))))));

        double sum = TwoSum(k * Ln2High, 2 * s, out double error);
        sum = TwoSum(sum, second, out double secondError);
        double tail = (error + secondError) + (2 * sLow + secondLow + cube * z * q + k * Ln2Low);
        high = sum + tail;
        low = (sum - high) + tail;
    }

    // x = n π/2 + r + rLow; returns n modulo 4.
    private static int ReduceAngle(double x, out double r, out double rLow)
    {
        if (Math.Abs(x) <= QuarterPi)
        {
            (r, rLow) = (x, 0);
            return 0;
        }
        double n = Math.Floor(x * TwoOverPi + 0.5);
        double first = TwoSum(x - n * HalfPi1, -(n * HalfPi2), out double error);
        double second = TwoSum(first, -(n * HalfPi3), out double secondError);
        double tail = (error + secondError) - n * HalfPi4;
        r = second + tail;
        rLow = (second - r) + tail;
        return (int)n & 3;
    }

    // sin and cos of r + rLow, |r| <= pi/4, each as high + low.
    private static void SinCosOfReduced(double r, double rLow, out double sin, out double sinLow, out double cos, out double cosLow)
    {
        double z = r * r;
        double zLow = ProductError(r, r, z) + 2 * r * rLow;
        double cube = r * z;
        double cubeLow = ProductError(r, z, cube) + (r * zLow + rLow * z);
        double sixth = cube * SixthHigh;
        double sixthLow = ProductError(cube, SixthHigh, sixth) + (cube * SixthLow + cubeLow * SixthHigh);
        double s = 0.008333333333333333 + z * (-0.00019841269841268963 + z * (2.7557319222323764e-06 + z * (-2.5052107235693167e-08
            + z * (1.6058684257431606e-10 + z * -7.595301509942013e-13))));
        double high = r - sixth;
        double tail = ((r - high) - sixth) + ((rLow - sixthLow) + cube * z * s);
        sin = high + tail;
        sinLow = (high - sin) + tail;

        double c = 0.041666666666666664 + z * (-0.0013888888888887395 + z * (2.4801587298763433e-05 + z * (-2.7557317270560326e-07
            + z * (2.0876146024689747e-09 + z * -1.1382614868556325e-11))));
        double half = 0.5 * z;
        high = 1 - half;
        tail = ((1 - high) - half) + (z * z * c - 0.5 * zLow);
        cos = high + tail;
        cosLow = (high - cos) + tail;
    }

    // x = significand * 2^k with the significand in [sqrt(1/2), sqrt(2)]; x positive and finite. Returns k.
    private static double Normalize(double x, out double significand)
    {
        int k = 0;
        if (x < 2.2250738585072014E-308)
        {
            x *= 18014398509481984.0;
            k = -54;
        }
        long bits = BitConverter.DoubleToInt64Bits(x);
        k += (int)(bits >> 52) - 1023;
        significand = BitConverter.Int64BitsToDouble((bits & 0xFFFFFFFFFFFFF) | 0x3FF0000000000000);
        if (significand > SquareRootOfTwo)
        {
            significand *= 0.5;
            k++;
        }
        return k;
    }

    // x 2^k, rounded once; k in [-1100, 1100], |x| in [1/4, 2] or so.
    private static double Scale(double x, int k)
    {
        if (k > 1000) return x * PowerOfTwo(k - 100) * PowerOfTwo(100);
        if (k < -1000) return x * PowerOfTwo(k + 200) * PowerOfTwo(-200);
        return x * PowerOfTwo(k);
    }

    private static double PowerOfTwo(int k) => BitConverter.Int64BitsToDouble((long)(k + 1023) << 52);

    private static double Polynomial(double[] coefficients, double x)
    {
        double sum = coefficients[coefficients.Length - 1];
        for (int i = coefficients.Length - 2; i >= 0; i--) sum = sum * x + coefficients[i];
        return sum;
    }

    private static double TwoSum(double a, double b, out double error)
    {
        double sum = a + b;
        double other = sum - a;
        error = (a - (sum - other)) + (b - other);
        return sum;
    }

    // The upper 26 bits of a double below 2^996, so that products of halves are exact.
    private static double UpperHalf(double a)
    {
        double scaled = 134217729 * a;
        return scaled - (scaled - a);
    }

    private static double ProductError(double a, double b, double product)
    {
        double aHigh = UpperHalf(a), bHigh = UpperHalf(b);
        double aLow = a - aHigh, bLow = b - bHigh;
        return ((aHigh * bHigh - product) + aHigh * bLow + aLow * bHigh) + aLow * bLow;
    }

    // The remainder of the quotient, which is close to numerator / denominator.
    private static double QuotientError(double quotient, double numerator, double numeratorLow, double denominator, double denominatorLow)
    {
        double product = quotient * denominator;
        double remainder = (numerator - product) - ProductError(quotient, denominator, product);
        return (remainder + numeratorLow - quotient * denominatorLow) / denominator;
    }

    private static double Quotient(double numerator, double numeratorLow, double denominator, double denominatorLow)
    {
        double quotient = numerator / denominator;
        return quotient + QuotientError(quotient, numerator, numeratorLow, denominator, denominatorLow);
    }
}
