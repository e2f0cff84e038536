namespace FlowDsl.Metrics;

/// <summary>Functions of the χ² law.</summary>
internal static class SpecialFunctions
{
    private const int MaxTerms = 100_000;
    private const double Epsilon = 1e-16, HalfLogTwoPi = 0.91893853320467274178;

    // From here on Stirling's series has all digits.
    private const double Asymptotic = 16;

    /// <summary>The probability that χ² with some degrees of freedom is at least as large as a value: the p-value.</summary>
    /// <param name="statistic">The value, at least 0.</param>
    /// <param name="degrees">The degrees of freedom; 0 gives 1, as there is nothing that could differ.</param>
    public static double ChiSquareTail(double statistic, int degrees) => degrees == 0 ? 1 : UpperGamma(0.5 * degrees, 0.5 * statistic);

    /// <summary>Γ(a, x)/Γ(a), the regularised upper incomplete gamma function.</summary>
    /// <remarks>
    /// The series of the lower function (DLMF 8.11.4) below a + 1, the continued fraction (DLMF 8.9.2) by Lentz's method above: the function that is
    /// computed is never the one close to 1.
    /// </remarks>
    /// <param name="a">Positive.</param>
    /// <param name="x">At least 0.</param>
    public static double UpperGamma(double a, double x)
    {
        if (double.IsNaN(x) || x < 0) return double.NaN;
        if (x == 0) return 1;
        if (double.IsPositiveInfinity(x)) return 0;
        double factor = Math.Exp(LogFactor(a, x));
        if (x < a + 1)
        {
            double term = 1 / a, sum = term;
            for (int i = 1; i < MaxTerms && term > Epsilon * sum; i++) sum += term *= x / (a + i);
            return 1 - factor * sum;
        }
        double b = x + 1 - a, c = 1e300, d = 1 / b, fraction = d;
        for (int i = 1; i < MaxTerms; i++)
        {
            double numerator = -i * (i - a);
            b += 2;
            d = 1 / (numerator * d + b);
            c = b + numerator / c;
            double change = d * c;
            fraction *= change;
            if (Math.Abs(change - 1) < Epsilon) break;
        }
        return factor * fraction;
    }

    /// <summary>log Γ(a).</summary>
    /// <param name="a">Positive.</param>
    public static double LogGamma(double a)
    {
        double product = 1;
        while (a < Asymptotic) product *= a++;
        return (a - 0.5) * Math.Log(a) - a + HalfLogTwoPi + Stirling(a) - Math.Log(product);
    }

    // log(x^a e^-x / Γ(a)). For large a the three terms nearly cancel, so they are taken together: a log(x/a) - (x - a) is a times a small number there.
    private static double LogFactor(double a, double x)
    {
        if (a < Asymptotic) return a * Math.Log(x) - x - LogGamma(a);
        double ratio = (x - a) / a;
        return 0.5 * Math.Log(a) - HalfLogTwoPi - Stirling(a) + a * LogOnePlusMinus(ratio);
    }

    // log(1 + u) - u, without loss of digits for small u.
    private static double LogOnePlusMinus(double u)
    {
        if (Math.Abs(u) > 0.3) return Math.Log(1 + u) - u;
        // log(1 + u) = 2 artanh(u/(2 + u)).
        double r = u / (2 + u), square = r * r, power = square, sum = 0;
        for (int i = 3; i < 60; i += 2)
        {
            sum += power / i;
            power *= square;
        }
        return 2 * r * sum - r * u;
    }

    // The rest of Stirling's series (DLMF 5.11.1); for a ≥ 16 the first term left out is below 1e-17.
    private static double Stirling(double a)
    {
        double inverse = 1 / a, square = inverse * inverse;
        return inverse * (1 / 12.0 - square * (1 / 360.0 - square * (1 / 1260.0 - square * (1 / 1680.0 - square * (1 / 1188.0 - square * (691 / 360360.0))))));
    }
}
