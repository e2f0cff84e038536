namespace FlowDsl.Hosting.Reports.Gathering;

/// <summary>Regions of highest density: the smallest regions that hold a share of the probability.</summary>
internal static class HighDensity
{
    /// <summary>The log densities at the regions' borders.</summary>
    /// <param name="logDensities">The log densities at the points of a rule.</param>
    /// <param name="masses">The probability at each.</param>
    /// <param name="shares">Shares between 0 and 1.</param>
    public static double[] Levels(ReadOnlySpan<double> logDensities, ReadOnlySpan<double> masses, IEnumerable<double> shares)
    {
        double[] sorted = logDensities.ToArray(), above = masses.ToArray();
        Array.Sort(sorted, above);
        double whole = Accumulate(above);
        return [.. shares.Select(Level)];

        double Level(double share)
        {
            // The mass above a level falls with the level: the last point, counted upwards, at which it still suffices.
            int low = 0, high = above.Length - 1;
            while (low < high)
            {
                int middle = (low + high + 1) / 2;
                if (above[middle] >= share * whole) low = middle;
                else high = middle - 1;
            }
            return sorted[low];
        }
    }

    /// <summary>For each point the share of the probability where the density is at least as high: 0 at the highest, 1 far out.</summary>
    /// <param name="logDensities">The log densities at the points of a rule.</param>
    /// <param name="masses">The probability at each.</param>
    public static double[] Shares(ReadOnlySpan<double> logDensities, ReadOnlySpan<double> masses)
    {
        double[] sorted = logDensities.ToArray(), shares = new double[sorted.Length];
        int[] order = [.. Enumerable.Range(0, sorted.Length)];
        Array.Sort(sorted, order);
        double[] above = new double[sorted.Length];
        for (int i = 0; i < order.Length; i++) above[i] = masses[order[i]];
        double whole = Accumulate(above);
        for (int i = 0; i < order.Length; i++)
        {
            // Half of a point's own mass is nearer to the top than it is.
            double next = i + 1 < above.Length ? above[i + 1] : 0;
            shares[order[i]] = whole > 0 ? Math.Min(1, 0.5 * (above[i] + next) / whole) : 1;
        }
        return shares;
    }

    /// <summary>Sums from the end: what is at least as high.</summary>
    /// <returns>
    /// The whole probability. A window cuts off a little, which is known to be there; of a rule that misses more its own sum is the better guide.
    /// </returns>
    private static double Accumulate(double[] masses)
    {
        const double cut = 0.01;
        for (int i = masses.Length - 2; i >= 0; i--) masses[i] += masses[i + 1];
        return Math.Abs(masses[0] - 1) < cut ? 1 : masses[0];
    }
}
