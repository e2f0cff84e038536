namespace FlowDsl.Mathematics.Structure;

/// <summary>Components with one covariance whose means lie opposite each other around a centre, with equal weights in pairs.</summary>
/// <remarks>
/// With x' = x - a·centre the energies of a pair differ by the sign of one linear function of x', so one exponential and its reciprocal serve both.
/// </remarks>
/// <param name="Centre">The centre of the means, d values.</param>
/// <param name="Pairs">A component of each pair and its opposite.</param>
/// <param name="Middle">The component at the centre, or -1.</param>
internal sealed record MirroredMeans(double[] Centre, (int Component, int Opposite)[] Pairs, int Middle)
{
    // A few roundings of the given coordinates and weights.
    private const double Tolerance = 8e-16;

    /// <summary>The symmetry of a mixture, or null if it has none.</summary>
    /// <param name="mixture">The mixture.</param>
    public static MirroredMeans? Find(Mixture mixture)
    {
        if (!mixture.HasSharedCovariance || mixture.Count < 2) return null;
        int d = mixture.Dimension, count = mixture.Count;
        double[] centre = new double[d], reach = new double[d];
        for (int j = 0; j < d; j++)
        {
            double least = mixture.Means.Min(mean => mean[j]), greatest = mixture.Means.Max(mean => mean[j]);
            reach[j] = Math.Max(Math.Abs(least), Math.Abs(greatest));
            centre[j] = 0.5 * (least + greatest);
            if (Math.Abs(centre[j]) <= Tolerance * reach[j]) centre[j] = 0;
        }

        var pairs = new List<(int, int)>();
        bool[] taken = new bool[count];
        int middle = -1;
        for (int k = 0; k < count; k++)
        {
            if (taken[k]) continue;
            int opposite = k;
            while (opposite < count && (taken[opposite] || !AreOpposite(k, opposite))) opposite++;
            if (opposite == count || (opposite == k && middle >= 0)) return null;
            taken[k] = taken[opposite] = true;
            if (opposite == k) middle = k;
            else pairs.Add((k, opposite));
        }
        return new MirroredMeans(centre, [.. pairs], middle);

        bool AreOpposite(int k, int l)
        {
            if (!(Math.Abs(mixture.Weights[k] - mixture.Weights[l]) <= Tolerance * mixture.Weights[k])) return false;
            for (int j = 0; j < d; j++)
                if (!(Math.Abs(mixture.Means[k][j] + mixture.Means[l][j] - 2 * centre[j]) <= Tolerance * 2 * reach[j])) return false;
            return true;
        }
    }
}
