using FlowDsl.Mathematics.Numerics;

namespace FlowDsl.Errors.Certification;

/// <summary>The constants of floating-point arithmetic that the certificate relies on.</summary>
/// <remarks>
/// <para>
/// Assumed: doubles of IEEE 754 rounded to nearest; <see cref="Math.Exp"/> and <see cref="Math.Log(double)"/> within two units in the
/// last place, which is twice what common libraries deliver; the process's a and s² within four rounding units of their exact values;
/// no intermediate overflow (it gives NaN or infinity, and these give an infinite bound). A full covariance is taken as its stored decomposition Q
/// diag(σ²) Qᵀ; the bounds allow for Q being orthogonal, and the product being right, only to some d² rounding units.
/// </para>
/// <para>
/// Sums of positive terms in a bound are computed plainly and multiplied by <see cref="Slack"/>: with up to 10^5 terms their relative error is less
/// than 10^-10.
/// </para>
/// </remarks>
internal static class RoundOff
{
    /// <summary>u: half the distance from 1 to the next double.</summary>
    public const double Unit = RoundingUnit.Double;

    /// <summary>The smallest normal number: a bound on the absolute error of results below it.</summary>
    public const double Tiny = 2.2250738585072014e-308;

    /// <summary>The factor for a computed sum of positive terms.</summary>
    public const double Slack = 1 + 1e-10;

    /// <summary>|fl(P(s)) - P(s)| for Horner's rule, given the norms of P's coefficients.</summary>
    public static double Horner(ReadOnlySpan<double> norms, double s)
    {
        // Coefficient n is rounded 2n + 1 times; s itself is taken as exact.
        double sum = 0;
        for (int n = norms.Length - 1; n >= 0; n--) sum = sum * s + (2 * n + 1) * norms[n];
        return 2 * Unit * sum;
    }
}
