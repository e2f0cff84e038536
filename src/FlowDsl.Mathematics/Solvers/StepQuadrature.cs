using FlowDsl.Mathematics.Numerics;

namespace FlowDsl.Mathematics.Solvers;

/// <summary>Weights that integrate the polynomial through some slopes over a step, and the moments of the integrals.</summary>
internal static class StepQuadrature
{
    // In units of the step, or of the distance so far: from nearer slopes a polynomial would extrapolate their rounding.
    private const double LeastDistance = 1e-4;

    /// <summary>The e-folds of the clock over which no polynomial in its logarithm is accurate.</summary>
    public const double Longest = 300;

    private const double SeriesBelow = 2;

    /// <summary>Whether a polynomial can go through an earlier slope too.</summary>
    /// <param name="node">Its place, in units of the step from its start; NaN and -∞ are allowed.</param>
    /// <param name="last">The place of the slope that follows it, at most 0.</param>
    public static bool IsUsable(double node, double last)
        => node <= last - LeastDistance * Math.Max(1, -last) && node >= double.MinValue;

    /// <summary>The weights w_j with Σ w_j θ_jⁿ = M_n for as many n as there are nodes.</summary>
    /// <param name="nodes">The places θ_j of the slopes, distinct; 0 is the start of the step and 1 its end.</param>
    /// <param name="moments">The integrals M_n of θⁿ.</param>
    public static double[] Weights(double[] nodes, double[] moments)
    {
        double[] weights = new double[nodes.Length];
        for (int j = 0; j < nodes.Length; j++)
        {
            // The coefficients of Lagrange's polynomial, 1 at θ_j and 0 at the others.
            double[] polynomial = [1];
            for (int k = 0; k < nodes.Length; k++)
            {
                if (k == j) continue;
                double[] product = new double[polynomial.Length + 1];
                for (int n = 0; n < polynomial.Length; n++)
                {
                    product[n + 1] += polynomial[n] / (nodes[j] - nodes[k]);
                    product[n] -= polynomial[n] * nodes[k] / (nodes[j] - nodes[k]);
                }
                polynomial = product;
            }
            for (int n = 0; n < polynomial.Length; n++) weights[j] += polynomial[n] * moments[n];
        }
        return weights;
    }

    /// <summary>M_n = 1/(n + 1), of ∫θⁿ dθ.</summary>
    /// <param name="count">How many.</param>
    public static double[] Plain(int count) => [.. Enumerable.Range(1, count).Select(n => 1.0 / n)];

    /// <summary>M_n = ∫ h exp(-h(1 - θ)) θⁿ dθ, the integrals of the variation of constants over a step of h in the logarithm of the clock.</summary>
    /// <param name="h">h.</param>
    /// <param name="count">How many.</param>
    public static double[] Exponential(double h, int count)
    {
        double[] moments = new double[count];
        moments[0] = -PortableMath.Expm1(-h);
        for (int n = 1; n < count; n++)
        {
            // Parts: M_n = 1 - n M_(n-1)/h; short steps by the series, which loses no digits.
            if (Math.Abs(h) >= SeriesBelow)
            {
                moments[n] = 1 - n / h * moments[n - 1];
                continue;
            }
            double term = h * PortableMath.Exp(-h);
            for (int k = 0; k < 40; k++)
            {
                moments[n] += term / (n + k + 1);
                term *= h / (k + 1);
            }
        }
        return moments;
    }
}
