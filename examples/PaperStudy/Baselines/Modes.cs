using FlowDsl.Examples.Flows;

namespace FlowDsl.Examples.Baselines;

/// <summary>The modes that samples belong to, and maps that are affine inside each.</summary>
/// <param name="mixture">The mixture.</param>
internal sealed class Modes(StudyMixture mixture)
{
    /// <summary>The nearest of the points a μ_k to each sample.</summary>
    public int[] Nearest(ReadOnlySpan<double> states, double a)
    {
        int d = mixture.Dimension;
        int[] nearest = new int[states.Length / d];
        for (int i = 0; i < nearest.Length; i++)
        {
            ReadOnlySpan<double> x = states.Slice(i * d, d);
            double least = double.PositiveInfinity;
            for (int k = 0; k < mixture.Means.Count; k++)
            {
                double square = 0;
                double[] mean = mixture.Means[k];
                for (int j = 0; j < d; j++) square += (x[j] - a * mean[j]) * (x[j] - a * mean[j]);
                if (square < least) (least, nearest[i]) = (square, k);
            }
        }
        return nearest;
    }

    /// <summary>μ_k + gain (x - a μ_k), k the modes of the samples.</summary>
    public double[] Map(ReadOnlySpan<double> states, double a, int[] modes, double gain)
    {
        int d = mixture.Dimension;
        double[] results = new double[states.Length];
        for (int i = 0; i < states.Length; i++)
        {
            double mean = mixture.Means[modes[i / d]][i % d];
            results[i] = mean + gain * (states[i] - a * mean);
        }
        return results;
    }

    /// <summary>The gain c of y - μ_k = c (x - a μ_k) with the least squared error.</summary>
    public double Gain(ReadOnlySpan<double> states, double a, ReadOnlySpan<double> ends, int[] modes)
    {
        int d = mixture.Dimension;
        double product = 0, square = 0;
        for (int i = 0; i < states.Length; i++)
        {
            double mean = mixture.Means[modes[i / d]][i % d], offset = states[i] - a * mean;
            product += offset * (ends[i] - mean);
            square += offset * offset;
        }
        return product / square;
    }
}
