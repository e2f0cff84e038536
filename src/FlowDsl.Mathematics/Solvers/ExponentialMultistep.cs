using FlowDsl.Mathematics.Numerics;

namespace FlowDsl.Mathematics.Solvers;

/// <summary>
/// DPM-Solver++(2M) and (3M) in the canonical chart of any variance, on any grid (Lu et al., arXiv:2211.01095).
/// </summary>
/// <remarks>
/// With ℓ = log ζ, ζ = a/ω the chart's clock, h the step of ℓ and m_i the slopes (data predictions):
/// <code>
/// x' = (ω'/ω) x + a'(e m_i + D-terms),   e = 1 - exp(-h)
/// 2M:  (e/2) D1⁰                                 D1⁰ = q0 (m_i - m_{i-1}),   q0 = h/(ℓ_i - ℓ_{i-1})
/// 3M:  (1 - e/h) D1 - 2((h - e)/h² - ½) D2       D1¹ = q1 (m_{i-1} - m_{i-2}),   q1 = h/(ℓ_{i-1} - ℓ_{i-2})
///      D1 = D1⁰ + q1/(q0 + q1) (D1⁰ - D1¹),   D2 = q0 q1/(q0 + q1) (D1⁰ - D1¹)
/// </code>
/// D2 is h²m''/2, so the exact integral of the quadratic interpolant needs the factor 2, which widely used implementations omit; without it the order is 2.
/// <para>
/// At the ends ℓ is infinite: -∞ where a = 0, +∞ where s = 0 in data prediction. A step to or from such a node, where h is infinite, uses only its
/// own slope, by the limit of a'e = ω'(ζ' - ζ): a' towards the data, -ω'ζ towards the noise, 0 between two nodes at which a = 0. A polynomial in ℓ
/// through a node at infinity is constant: an earlier difference over an infinite distance has q = 0 and drops out. So does one over zero distance,
/// between nodes whose ζ are equal in double precision.
/// </para>
/// </remarks>
internal static class ExponentialMultistep
{
    /// <summary>The results of step i with 0, 1, … earlier slopes available; with more, the last one holds.</summary>
    public static Combination[] Results(ChartFrame frame, ProcessPoint[] points, int i, int historyLength)
    {
        double scale = frame.Scale(points[i]), nextScale = frame.Scale(points[i + 1]), a = points[i + 1].A;
        double h = LogClock(i + 1) - LogClock(i);
        // NaN between two nodes at infinity.
        bool finite = h > LongestBack && h <= double.MaxValue;
        double e = -PortableMath.Expm1(-h);

        Combination own = Result(e, 0, 0, 0, 0);
        double q0 = i == 0 ? 0 : Share(LogClock(i) - LogClock(i - 1));
        if (q0 == 0 || historyLength == 0) return [own];
        Combination two = Result(e, finite ? 0.5 * e : 0, q0, 0, 0);
        if (i == 1 || historyLength == 1) return [own, two];

        double q1 = Share(LogClock(i - 1) - LogClock(i - 2));
        double ratio = q0 + q1 == 0 ? 0 : q1 / (q0 + q1);
        double first = finite ? FirstWeight(h) : 0, second = finite ? SecondWeight(h) : 0;
        // D1 weight f and D2 weight g, in terms of D1⁰ and D1¹.
        double newer = first * (1 + ratio) + second * q0 * ratio, older = -first * ratio - second * q0 * ratio;
        return [own, two, Result(e, newer, q0, older, q1)];

        double LogClock(int node) => PortableMath.Log(frame.Clock(points[node]));

        // h in units of an earlier step; 0 if that step is unusable.
        double Share(double length) => finite && length != 0 && Math.Abs(length) <= double.MaxValue ? h / length : 0;

        // a'e, the factor of the step's own slope if it is the only one.
        double Own() => finite || h > 0 ? a * e : nextScale * (frame.Clock(points[i + 1]) - frame.Clock(points[i]));

        Combination Result(double share, double newerWeight, double q0, double olderWeight, double q1)
        {
            if (q0 == 0 && q1 == 0) return new Combination(nextScale / scale, [Own()]);
            double d0 = newerWeight * q0, d1 = olderWeight * q1;
            double[] slopes = [a * (share + d0), a * (d1 - d0), -a * d1];
            return new Combination(nextScale / scale, [.. slopes.Take(q1 == 0 ? 2 : 3)]);
        }
    }

    // A longer step towards the noise is treated like one to a = 0: exp(-h) would overflow.
    private const double LongestBack = -StepQuadrature.Longest;

    // 1 - e/h, e = 1 - exp(-h), by its series Σ_{n≥2} (-1)ⁿ h^{n-1}/n! if the subtraction would lose digits.
    private static double FirstWeight(double h) => Math.Abs(h) > 0.5 ? 1 + PortableMath.Expm1(-h) / h : Series(h, 2);

    // -2((h - e)/h² - ½), by its series 2 Σ_{n≥3} (-1)^{n+1} h^{n-2}/n!.
    private static double SecondWeight(double h)
        => Math.Abs(h) > 0.5 ? 1 - 2 * (h + PortableMath.Expm1(-h)) / (h * h) : 2 * Series(h, 3);

    private static double Series(double h, int first)
    {
        double term = 1, sum = 0;
        for (int n = 2; n <= first; n++) term /= n;
        term *= h;
        for (int n = first; n < 25; n++)
        {
            sum += term;
            term *= -h / (n + 1);
        }
        return sum;
    }
}
