using FlowDsl.Runtime.Arithmetic;

namespace FlowDsl.Errors.Certification;

/// <summary>What certificates in lanes need of a tied mixture: numbers that are the same in every lane.</summary>
internal sealed class LaneMeans
{
    public LaneMeans(CanonicalMixture mixture)
    {
        int count = mixture.Count, d = mixture.Dimension;
        (Count, Dimension, Scale, Diameter, LogWeights) = (count, d, mixture.Scale, mixture.Diameter, mixture.LogWeights);
        Values = [.. mixture.Means.SelectMany(mean => mean)];
        Coordinates = [.. Enumerable.Range(0, d).SelectMany(j => mixture.Means.Select(mean => mean[j]))];
        (Squares, Products) = (new double[count], new double[count * count]);
        for (int k = 0; k < count; k++)
        {
            for (int i = 0; i < count; i++) Products[k * count + i] = Vectors.Dot(mixture.Means[k], mixture.Means[i]);
            Squares[k] = Products[k * count + k];
            LargestNorm = Math.Max(LargestNorm, RoundOff.Slack * mixture.MeanNorms[k]);
            LargestError = Math.Max(LargestError, mixture.MeanErrors[k]);
            LargestLogWeight = Math.Max(LargestLogWeight, Math.Abs(LogWeights[k]));
        }
        ContrastMargin = 16 * (count + d + 8) * RoundOff.Unit * LargestNorm * LargestNorm + 8 * LargestNorm * LargestError;
    }

    /// <summary>K.</summary>
    public int Count { get; }

    /// <summary>The number of coordinates.</summary>
    public int Dimension { get; }

    /// <summary>The means, d values each.</summary>
    public double[] Values { get; }

    /// <summary>The means' coordinates, K values each.</summary>
    public double[] Coordinates { get; }

    /// <summary>|μ_k|².</summary>
    public double[] Squares { get; }

    /// <summary>μ_i·μ_j.</summary>
    public double[] Products { get; }

    /// <summary>log w_k.</summary>
    public double[] LogWeights { get; }

    /// <inheritdoc cref="CanonicalMixture.Scale"/>
    public double Scale { get; }

    /// <inheritdoc cref="CanonicalMixture.Diameter"/>
    public double Diameter { get; }

    /// <summary>An upper bound on max |μ_k|.</summary>
    public double LargestNorm { get; }

    /// <summary>max |log w_k|.</summary>
    public double LargestLogWeight { get; }

    /// <summary>The greatest distance between a mean and the model's.</summary>
    public double LargestError { get; }

    /// <summary>
    /// By how much products of differences of means err where they are computed from products of means: rounding, the error of the means' mean,
    /// and the means' own errors.
    /// </summary>
    public double ContrastMargin { get; }
}
