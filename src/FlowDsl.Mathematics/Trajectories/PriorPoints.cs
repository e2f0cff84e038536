using FlowDsl.Mathematics.Numerics;

namespace FlowDsl.Mathematics.Trajectories;

/// <summary>Equally likely points of a mixture under a process, the same on every host.</summary>
internal static class PriorPoints
{
    // With few points the sequence is even only in a few coordinates. In many, pairs of coordinates are correlated, and the rare points that dominate
    // a sampler's error may be missing.
    private const int MaxSequenceDimension = 4;

    /// <summary>Two disjoint sets of points at the horizon, one to choose by and one to check the choice with.</summary>
    /// <param name="mixture">The mixture.</param>
    /// <param name="process">The process.</param>
    /// <param name="samples">The number of points of each set.</param>
    public static (double[][] Pilot, double[][] HeldOut) Draw(Mixture mixture, Process process, int samples)
        => Draw(mixture, process.At(process.Horizon), samples);

    /// <summary>The same at any time.</summary>
    /// <param name="mixture">The mixture.</param>
    /// <param name="at">The process at the time.</param>
    /// <param name="samples">The number of points of each set.</param>
    public static (double[][] Pilot, double[][] HeldOut) Draw(Mixture mixture, ProcessPoint at, int samples)
    {
        (PriorLine[] pilot, PriorLine[] heldOut) = DrawLines(mixture, at, samples);
        return ([.. pilot.Select(line => line.Point())], [.. heldOut.Select(line => line.Point())]);
    }

    /// <summary>The same points with a line through each.</summary>
    /// <param name="mixture">The mixture.</param>
    /// <param name="at">The process at the time.</param>
    /// <param name="samples">The number of points of each set.</param>
    public static (PriorLine[] Pilot, PriorLine[] HeldOut) DrawLines(Mixture mixture, ProcessPoint at, int samples)
    {
        int d = mixture.Dimension, component = 0;
        // The first coordinate runs through the components in proportion to their weights, the others are those of the normal.
        double[][] uniforms = LowDiscrepancy.Uniforms(2 * samples, d <= MaxSequenceDimension ? d + 1 : 1);
        PriorLine[][] sets = [new PriorLine[samples], new PriorLine[samples]];
        double cumulative = mixture.Weights[0];
        for (int i = 0; i < uniforms.Length; i++)
        {
            while (component < mixture.Count - 1 && cumulative < uniforms[i][0]) cumulative += mixture.Weights[++component];
            double[] normal = new double[d];
            for (int j = 0; j < d; j++) normal[j] = PortableMath.NormalQuantile(d <= MaxSequenceDimension ? uniforms[i][j + 1] : SplitMix.Uniform(i, j));
            sets[i % 2][i / 2] = new PriorLine(mixture, at, component, normal, i);
        }
        return (sets[0], sets[1]);
    }
}
