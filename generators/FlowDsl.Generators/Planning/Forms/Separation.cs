using System.Collections.Immutable;
using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Fields;

namespace FlowDsl.Generators.Planning.Forms;

/// <summary>Whether components lie so far apart that one alone has any weight where samples are.</summary>
internal static class Separation
{
    /// <summary>How many bits above the minimum the second energy must be for all other weights together not to matter.</summary>
    /// <param name="evaluation">The evaluation.</param>
    public static double Needed(Evaluation evaluation) => evaluation.NegligibleBits + PowersOfTwo.Of(evaluation.Components.Length);

    /// <summary>Whether each component's samples, all but a negligible share of them, see every other one that far above it.</summary>
    /// <param name="evaluation">The evaluation.</param>
    public static bool Covers(Evaluation evaluation)
    {
        ComponentCoefficients[] components = evaluation.Components;
        double needed = Needed(evaluation);
        for (int own = 0; own < components.Length; own++)
            for (int other = 0; other < components.Length; other++)
                if (own != other && MinAdvantage(evaluation, own, other) < needed) return false;
        return true;
    }

    /// <summary>The minimum difference of two energies over the samples of a component.</summary>
    private static double MinAdvantage(Evaluation evaluation, int own, int other)
    {
        Mixture mixture = evaluation.Block.Mixture;
        ComponentCoefficients first = evaluation.Components[own], second = evaluation.Components[other];
        double between = Between(first.Centre, second), offsets = second.Offset - first.Offset;
        // With a covariance in common the difference is affine in x: Gaussian, of variance 2 log2(e) times its mean.
        if (mixture.HasSharedCovariance) return between + offsets - Evaluation.Rare * Math.Sqrt(2 * PowersOfTwo.LogTwoE * between);

        double radius = Evaluation.Rare + Math.Sqrt(evaluation.Dimension - 1), apart = Apart(evaluation, own, other, radius);
        return apart * apart + offsets - 0.5 * PowersOfTwo.LogTwoE * radius * radius;
    }

    /// <summary>A lower bound of |Root (x - Centre)| of a component over the samples within so many standard deviations of another one's centre.</summary>
    /// <param name="evaluation">The evaluation.</param>
    /// <param name="own">The component whose samples are meant.</param>
    /// <param name="other">The component they are far from.</param>
    /// <param name="radius">The number of standard deviations.</param>
    public static double Apart(Evaluation evaluation, int own, int other, double radius)
    {
        ImmutableArray<Covariance> covariances = evaluation.Block.Mixture.Covariances;
        ProcessPoint point = evaluation.Field.Point;
        double stretch = Math.Sqrt(point.Spread(covariances[own].MaxVariance) / point.Spread(covariances[other].MinVariance));
        double between = Between(evaluation.Components[own].Centre, evaluation.Components[other]);
        return Math.Max(0, Math.Sqrt(between) - radius * stretch * Math.Sqrt(0.5 * PowersOfTwo.LogTwoE));
    }

    /// <summary>|Root (x - Centre)|².</summary>
    private static double Between(double[] x, ComponentCoefficients component)
    {
        double sum = 0;
        for (int i = 0; i < x.Length; i++)
            for (int j = 0; j < x.Length; j++) sum += (x[i] - component.Centre[i]) * component.Precision(i, j) * (x[j] - component.Centre[j]);
        return sum;
    }
}
