namespace FlowDsl.Tests;

/// <summary>
/// The flow of a mixture on the line as its quantile map: Φ_{s→t} = F_t⁻¹∘F_s, in double precision without cancellation.
/// </summary>
/// <remarks>
/// Between modes F is flat, so F itself says nothing. With the components split into those left and right of a point, the
/// difference of the mass of the right ones below it and of the left ones above it, G, is F less the left weights and keeps its
/// digits; the same split at both times makes G_t(y) = G_s(x) equivalent to F_t(y) = F_s(x).
/// </remarks>
internal sealed class QuantileMap(double[] weights, double[] means, double[] variances)
{
    public double Map(double a0, double s20, double a1, double s21, double x) => Solve(a1, s21, Split(a0, s20, x));

    /// <summary>p_s(x)/p_t(y), the derivative of the map.</summary>
    public double Derivative(double a0, double s20, double a1, double s21, double x, double y)
        => Density(a0, s20, x) / Density(a1, s21, y);

    private double Density(double a, double s2, double x)
    {
        double sum = 0;
        for (int k = 0; k < weights.Length; k++)
        {
            double spread = a * a * variances[k] + s2, y = x - a * means[k];
            sum += weights[k] * Math.Exp(-0.5 * y * y / spread) / Math.Sqrt(2 * Math.PI * spread);
        }
        return sum;
    }

    /// <summary>The split whose two masses are least, and their difference: as many digits as the point itself has.</summary>
    private (double Mean, double Value) Split(double a, double s2, double x)
    {
        // Splits between neighbouring means, and beyond the outermost ones.
        double[] order = [double.NegativeInfinity, .. means.Order().Distinct()];
        return order.Select(mean => (mean, Parts(mean, a, s2, x)))
            .OrderBy(candidate => candidate.Item2.Below + candidate.Item2.Above)
            .Select(candidate => (candidate.mean, candidate.Item2.Below - candidate.Item2.Above)).First();
    }

    /// <summary>The mass below x of components right of the split, and above x of the others.</summary>
    private (double Below, double Above) Parts(double split, double a, double s2, double x)
    {
        double below = 0, above = 0;
        for (int k = 0; k < weights.Length; k++)
        {
            double z = (x - a * means[k]) / Math.Sqrt(2 * (a * a * variances[k] + s2));
            if (means[k] > split) below += 0.5 * weights[k] * ComplementaryErrorFunction.Of(-z);
            else above += 0.5 * weights[k] * ComplementaryErrorFunction.Of(z);
        }
        return (below, above);
    }

    private double Solve(double a, double s2, (double Mean, double Value) target)
    {
        double reach = 40 * Math.Sqrt(a * a * variances.Max() + s2);
        double low = a * means.Min() - reach, high = a * means.Max() + reach, y = 0.5 * (low + high);
        for (int i = 0; i < 300; i++)
        {
            (double below, double above) = Parts(target.Mean, a, s2, y);
            double excess = below - above - target.Value;
            if (excess == 0) return y;
            if (excess > 0) high = y;
            else low = y;
            double next = y - excess / Density(a, s2, y);
            // Newton within the bracket, else bisection.
            if (!(next > low && next < high)) next = 0.5 * (low + high);
            if (Math.Abs(next - y) <= 2e-16 * Math.Abs(y) || next == low || next == high) return next;
            y = next;
        }
        return y;
    }
}
