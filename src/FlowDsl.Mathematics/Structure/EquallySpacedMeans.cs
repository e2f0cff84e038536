namespace FlowDsl.Mathematics.Structure;

/// <summary>Means on a line at equal distances, with equal weights and one variance.</summary>
/// <remarks>Up to a common factor, the weights of such components are powers of one exponential times constants.</remarks>
/// <param name="Centre">The centre of the means.</param>
/// <param name="Spacing">The distance between neighbours.</param>
/// <param name="Count">The number of means.</param>
internal sealed record EquallySpacedMeans(double Centre, double Spacing, int Count)
{
    private const double Tolerance = 8e-16;

    /// <summary>The structure of a mixture, or null if it has another.</summary>
    /// <param name="mixture">The mixture.</param>
    public static EquallySpacedMeans? Find(Mixture mixture)
    {
        if (mixture.Dimension != 1 || mixture.Count < 3 || !mixture.HasSharedCovariance) return null;
        double[] means = [.. mixture.Means.Select(mean => mean[0]).OrderBy(mean => mean)];
        double first = means[0], last = means[means.Length - 1], reach = Math.Max(Math.Abs(first), Math.Abs(last));
        double spacing = (last - first) / (means.Length - 1), centre = 0.5 * (first + last);
        if (spacing == 0) return null;
        for (int i = 0; i < means.Length; i++)
            if (!(Math.Abs(means[i] - (first + i * spacing)) <= 2 * Tolerance * reach)) return null;
        if (mixture.Weights.Any(weight => !(Math.Abs(weight - mixture.Weights[0]) <= Tolerance * weight))) return null;
        return new EquallySpacedMeans(Math.Abs(centre) <= Tolerance * reach ? 0 : centre, spacing, means.Length);
    }
}
