using FlowDsl.Mathematics.Structure;

namespace FlowDsl.Mathematics.Solvers;

/// <summary>
/// If all covariances are the same, a sampler can integrate the coordinates along the axes of a <see cref="MeansSpan"/>: it pays for a rotation at
/// the start and the end, and every evaluation has r instead of d coordinates.
/// </summary>
internal static class SpanRotation
{
    // Samplers in the given coordinates compose bit for bit and are easier to read: a replacement must be clearly faster.
    private const double MinGain = 0.75;

    /// <summary>Whether a sampler along the axes is clearly faster.</summary>
    /// <param name="rotated">Its cost, including the rotation.</param>
    /// <param name="direct">The cost of the best one in the given coordinates, in the same unit.</param>
    public static bool Pays(double rotated, double direct) => rotated < MinGain * direct;

    /// <summary>Instructions per vector of samples for the rotations and for the coordinates in closed form.</summary>
    /// <param name="span">The axes.</param>
    public static double Operations(MeansSpan span)
    {
        double d = span.Complement.Length, r = span.Axes.Length;
        // Besides the products, each coordinate is read, then read and written; along the axes the change must be computed.
        return 2 * d * r + (span.IsWhole ? 3 * d : 6 * d + 4 * r);
    }
}
