namespace FlowDsl.Errors.Certification;

/// <summary>The constants of floating-point arithmetic that the certificate relies on.</summary>
/// <remarks>
/// <para>
/// Assumed: doubles of IEEE 754 rounded to nearest; <see cref="Math.Exp"/> and <see cref="Math.Log(double)"/> within two units in the
/// last place, which is twice what common libraries deliver; the process's a and s² within four rounding units of their exact values;
/// no intermediate overflow (one gives NaN or infinity, and those give an infinite bound). A full covariance is taken as its stored
/// decomposition Q diag(σ²) Qᵀ; that Q is orthogonal and the product right to some d² rounding units only is part of the bounds.
/// </para>
/// <para>
/// What enters a bound as a sum of positive terms is computed plainly and multiplied by <see cref="Slack"/>: such sums of up to 10^5
/// terms err by less than 10^-10 of themselves.
/// </para>
/// </remarks>
internal static class RoundOff
{
    /// <summary>u: half the distance of 1 to the next double.</summary>
    public const double Unit = 1.1102230246251565e-16;

    /// <summary>The smallest normal number: an absolute error that results below it may have.</summary>
    public const double Tiny = 2.2250738585072014e-308;

    /// <summary>What a computed sum of positive terms is multiplied by.</summary>
    public const double Slack = 1 + 1e-10;

    /// <summary>|fl(P(s)) - P(s)| of Horner's rule, P with the given norms of coefficients.</summary>
    public static double Horner(ReadOnlySpan<double> norms, double s)
    {
        // Coefficient n meets 2n + 1 roundings; s itself is taken as exact.
        double sum = 0;
        for (int n = norms.Length - 1; n >= 0; n--) sum = sum * s + (2 * n + 1) * norms[n];
        return 2 * Unit * sum;
    }
}
