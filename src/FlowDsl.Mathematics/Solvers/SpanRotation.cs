using FlowDsl.Mathematics.Structure;

namespace FlowDsl.Mathematics.Solvers;

/// <summary>
/// Where all covariances are the same, a sampler can integrate the coordinates along the axes of a <see cref="MeansSpan"/>: it pays
/// for the rotation at the start and at the end, and for r instead of d coordinates in every evaluation between.
/// </summary>
internal static class SpanRotation
{
    // Samplers in the given coordinates compose bit for bit and are shorter to read: what replaces them must be clearly faster.
    private const double MinGain = 0.75;

    /// <summary>Whether a sampler along the axes is clearly faster.</summary>
    /// <param name="rotated">Its cost, with the rotation's.</param>
    /// <param name="direct">The cost of the best one in the given coordinates, in the same unit.</param>
    public static bool Pays(double rotated, double direct) => rotated < MinGain * direct;

    /// <summary>Instructions a vector of samples for the rotation there and back, and for the coordinates in closed form.</summary>
    /// <param name="span">The axes.</param>
    public static double Operations(MeansSpan span)
    {
        double d = span.Complement.Length, r = span.Axes.Length;
        // Besides the products: each coordinate is read, and read and written; along the axes there is the change to be found.
        return 2 * d * r + (span.IsWhole ? 3 * d : 6 * d + 4 * r);
    }
}
