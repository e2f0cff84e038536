using System.Runtime.CompilerServices;

namespace FlowDsl.Mathematics.Numerics;

/// <summary>The upper tail of the standard normal distribution, with the same bits on every host.</summary>
internal static class NormalTail
{
    // Beyond this, the tail is smaller than the smallest double.
    private const double Greatest = 39;

    // Chebyshev coefficients of Q(z) e^{z²/2}/t in 2t - 1, t = 3/(3 + z).
    private static readonly double[] s_coefficients =
    [
        0.28014513209581043, 0.1803080238567641, 0.036724151860193656, 0.0033113857822765044, -0.00038566487334868496, -0.00011355928945022169,
        7.066641184040323e-06, 3.910623515168102e-06, -3.272157761237449e-07, -1.4590723518077366e-07, 2.3079842620070583e-08, 4.949050381173485e-09,
        -1.6135145151307223e-09, -7.344108538979121e-11, 9.663960983667234e-11, -9.578345136312656e-12, -4.1719461587216656e-12, 1.2790432120424116e-12,
        3.2327991562919147e-14, -8.87291474937541e-14, 1.564545993903764e-14, 2.7602873212341277e-15, -1.7019110746317553e-15, 1.9214888020683842e-16,
        7.901630884870591e-17, -3.383550411837623e-17, 2.564076381637995e-18,
    ];

    /// <summary>Q(z) = P(Z > z) = erfc(z/√2)/2, with relative error 1e-15 wherever it is a normal number.</summary>
    /// <param name="z">Any double.</param>
    public static double Of(double z) => Of(z, out _);

    /// <summary>Q(z) and the density, for little more than the cost of one.</summary>
    /// <remarks>
    /// Implementation notes: t = 3/(3 + z) maps z ≥ 0 to (0, 1], where Q(z) e^{z²/2}/t is smooth; its interpolant at 48 Chebyshev nodes, computed with 60
    /// digits, is cut where the coefficients fall below 5e-18. z² loses its last bits where e^{-z²/2} needs them, so z is split into a head of few bits,
    /// whose square is exact, and the rest. Below 0, 1 - Q(-z).
    /// </remarks>
    /// <param name="z">Any double.</param>
    /// <param name="density">Receives e^{-z²/2}/√(2π).</param>
    [MethodImpl(Lanes.AggressiveOptimization)]
    public static double Of(double z, out double density)
    {
        double size = Math.Abs(z);
        if (!(size <= Greatest))
        {
            density = double.IsNaN(z) ? z : 0;
            return double.IsNaN(z) ? z : z > 0 ? 0 : 1;
        }
        double head = Math.Floor(size * 1024) / 1024, rest = (size - head) * (size + head);
        double exponential = PortableMath.Exp(-0.5 * head * head) * PortableMath.Exp(-0.5 * rest);
        density = 0.3989422804014327 * exponential;
        double tail = Scaled(size) * exponential;
        return z >= 0 ? tail : 1 - tail;
    }

    /// <summary>Q(z) e^{z²/2}, which does not vanish however far z is; relative error 1e-15.</summary>
    /// <param name="z">Not negative.</param>
    [MethodImpl(Lanes.AggressiveOptimization)]
    public static double Scaled(double z)
    {
        double t = 3 / (3 + z), twice = 2 * (2 * t - 1), next = 0, sum = 0;
        // Clenshaw's recurrence.
        for (int i = s_coefficients.Length - 1; i > 0; i--) (sum, next) = (twice * sum - next + s_coefficients[i], sum);
        return t * (0.5 * twice * sum - next + s_coefficients[0]);
    }

    /// <summary>The mass between z and z + width, with relative error 2e-14 however small it is.</summary>
    /// <remarks>
    /// Where the density changes little, the integral of its series at the middle: φ(m) h Σ He_2j(m) (h/2)^2j/(2j + 1)! Else the difference of two tails.
    /// </remarks>
    /// <param name="z">The lower end.</param>
    /// <param name="width">The width, not negative.</param>
    /// <param name="density">Receives the density at the upper end.</param>
    [MethodImpl(Lanes.AggressiveOptimization)]
    public static double Between(double z, double width, out double density)
    {
        double end = z + width, middle = z + 0.5 * width;
        double last = Of(Math.Abs(end), out density);
        if (width * Math.Max(1, Math.Abs(middle)) < 0.3)
        {
            Of(Math.Abs(middle), out double height);
            double m = middle * middle, h = 0.25 * width * width;
            double h4 = 3 + m * (m - 6), h6 = -15 + m * (45 + m * (m - 15)), h8 = 105 + m * (-420 + m * (210 + m * (m - 28)));
            double h10 = -945 + m * (4725 + m * (-3150 + m * (630 + m * (m - 45))));
            double series = h * ((m - 1) / 6 + h * (h4 / 120 + h * (h6 / 5040 + h * (h8 / 362880 + h * h10 / 39916800))));
            return height * width * (1 + series);
        }
        double first = Of(Math.Abs(z), out _);
        return z >= 0 ? first - last : end <= 0 ? last - first : 1 - first - last;
    }

    /// <summary>Bounds on the Taylor coefficients of <see cref="Scaled"/> at z + step τ, for every z of an interval.</summary>
    /// <param name="z">Not negative.</param>
    /// <param name="step">The unit of τ.</param>
    /// <param name="order">The number of coefficients.</param>
    public static Interval[] ScaledSeries(Interval z, Interval step, int order)
    {
        Interval below = z + 3, factor = (Interval)0 - step / below;
        var t = new Interval[order];
        t[0] = (Interval)3 / below;
        for (int n = 1; n < order; n++) t[n] = t[n - 1] * factor;
        Interval[] twice = [.. t.Select(coefficient => coefficient * 4)];
        twice[0] -= 2;
        var sum = new Interval[order];
        var next = new Interval[order];
        for (int i = s_coefficients.Length - 1; i > 0; i--)
        {
            Interval[] own = IntervalSeries.Multiply(twice, sum);
            for (int n = 0; n < order; n++) own[n] -= next[n];
            own[0] += s_coefficients[i];
            (sum, next) = (own, sum);
        }
        Interval[] last = IntervalSeries.Multiply(twice, sum);
        for (int n = 0; n < order; n++) last[n] = last[n] * 0.5 - next[n];
        last[0] += s_coefficients[0];
        return IntervalSeries.Multiply(t, last);
    }
}
