namespace FlowDsl.Tests;

/// <summary>erfc to about 1e-15, relative in the upper tail: the series of erf, and beyond it the continued fraction.</summary>
internal static class ComplementaryErrorFunction
{
    public static double Of(double x)
    {
        if (x < 0) return 2 - Of(-x);
        if (x > 27) return 0;
        // erf x = 2/√π e^{-x²} Σ 2ⁿ x^{2n+1}/(2n+1)!!, all terms positive; 1 - erf keeps its digits while erfc is not small.
        if (x < 0.5) return 1 - Series(x);
        // e^{x²} erfc(x) = 1/√π · 1/(x + ½/(x + 1/(x + 3/2/(x + …)))), from the tail; 2000/x² terms are more than enough.
        int terms = (int)(60 + 500 / (x * x));
        double fraction = x;
        for (int n = terms; n >= 1; n--) fraction = x + 0.5 * n / fraction;
        // e^{-x²} from a short square and the rest, since x² rounds to x² ulps of the result.
        double head = Math.Round(x * 1024) / 1024, rest = (x - head) * (x + head);
        return Math.Exp(-head * head) * Math.Exp(-rest) / (Math.Sqrt(Math.PI) * fraction);
    }

    private static double Series(double x)
    {
        double term = x, sum = x;
        for (int n = 1; n < 60; n++)
        {
            term *= 2 * x * x / (2 * n + 1);
            sum += term;
        }
        return 2 / Math.Sqrt(Math.PI) * Math.Exp(-x * x) * sum;
    }
}
