namespace FlowDsl.Mathematics.Structure;

/// <summary>Whether logits that are affine in x, as with one shared covariance, keep the digits that decide between neighbours.</summary>
/// <remarks>
/// Far from the common origin, the logits of two components are large numbers whose rounding swamps a small difference: means at 10^6 and 10^6 + 1
/// besides one at -10^6, with variance 1, have logits of 10^12 bits. Squared distances from each mean lose nothing.
/// </remarks>
internal static class LogitScales
{
    private const double HalfLogTwoE = 0.72134752044448170368;

    // Bits of a logit whose rounding, 2^-25 and 2^-54 of it, is half a thousandth of a bit, and 10^-11. Less would cost more and gain nothing: over 113
    // widths, 2^13 bits, forty modes have the same error in single precision with affine logits as with squares.
    private const double MaxSingle = 1 << 14, MaxDouble = 1 << 17;

    // Neighbours farther apart share no samples, and between closer ones the choice makes no difference to x.
    private const double Apart = 100, Together = 1e-6;

    /// <summary>Whether two components that share samples lie so far from a third that affine logits cannot distinguish them.</summary>
    /// <param name="mixture">A mixture of one covariance.</param>
    /// <param name="point">The process at t.</param>
    /// <param name="precision">The precision of the logits.</param>
    public static bool AreLost(Mixture mixture, ProcessPoint point, Precision precision)
    {
        double[][] places = Places(mixture, point);
        double[] first = places[0];
        if (!(places.Max(place => Distance2(place, first)) > (precision == Precision.Single ? MaxSingle : MaxDouble))) return false;

        // Neighbours are close along the widest axis.
        int axis = Enumerable.Range(0, first.Length).OrderByDescending(j => places.Max(place => place[j]) - places.Min(place => place[j])).First();
        double[][] sorted = [.. places.OrderBy(place => place[axis])];
        for (int i = 0; i < sorted.Length; i++)
        {
            for (int j = i + 1; j < sorted.Length && Square(sorted[j][axis] - sorted[i][axis]) < Apart; j++)
                if (Distance2(sorted[i], sorted[j]) is > Together and < Apart) return true;
        }
        return false;
    }

    /// <summary>The means in coordinates whose squared distances are logits in bits.</summary>
    private static double[][] Places(Mixture mixture, ProcessPoint point)
    {
        int d = mixture.Dimension;
        Covariance covariance = mixture.Covariances[0];
        double[] scales = [.. covariance.Variances.Select(variance => point.A * Math.Sqrt(HalfLogTwoE / point.Spread(variance)))];
        ImmutableArray<double> origin = mixture.Means[0];
        return [.. mixture.Means.Select(mean =>
        {
            double[] place = new double[d];
            for (int axis = 0; axis < d; axis++)
            {
                double along = 0;
                if (covariance.Basis is not { } basis) along = mean[axis] - origin[axis];
                else
                    for (int j = 0; j < d; j++) along += basis[j * d + axis] * (mean[j] - origin[j]);
                place[axis] = scales[axis] * along;
            }
            return place;
        })];
    }

    private static double Distance2(double[] left, double[] right)
    {
        double sum = 0;
        for (int j = 0; j < left.Length; j++) sum += Square(left[j] - right[j]);
        return sum;
    }

    private static double Square(double value) => value * value;
}
