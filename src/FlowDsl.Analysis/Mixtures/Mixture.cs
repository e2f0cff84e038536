namespace FlowDsl.Analysis;

/// <summary>A Gaussian mixture Σ_k w_k N(μ_k, Σ_k) on R^d: the data law at time 0.</summary>
public sealed class Mixture
{
    /// <summary>How far the sum of the weights may be from 1.</summary>
    public const double WeightSumTolerance = 1e-9;

    /// <summary>Makes a mixture of K components.</summary>
    /// <param name="weights">K positive weights that sum to 1 within <see cref="WeightSumTolerance"/>; they are used as given.</param>
    /// <param name="means">K means of d finite values each.</param>
    /// <param name="covariances">K covariances of d dimensions each.</param>
    /// <exception cref="ArgumentException">A length, weight or mean is not valid; the message names it.</exception>
    public Mixture(double[] weights, double[][] means, Covariance[] covariances)
    {
        int count = weights.Length;
        if (count == 0) throw new ArgumentException("A mixture needs at least one component.", nameof(weights));
        if (means.Length != count) throw new ArgumentException($"There are {count} weights but {means.Length} means.", nameof(means));
        if (covariances.Length != count) throw new ArgumentException($"There are {count} weights but {covariances.Length} covariances.", nameof(covariances));
        Dimension = means[0].Length;
        if (Dimension == 0) throw new ArgumentException("A mean needs at least one coordinate.", nameof(means));

        double sum = 0;
        for (int k = 0; k < count; k++)
        {
            if (!(weights[k] > 0) || double.IsInfinity(weights[k]))
                throw new ArgumentException($"Weight {k} is {PortableNumber.Format(weights[k])}; weights must be positive and finite.", nameof(weights));
            sum += weights[k];
            if (means[k].Length != Dimension)
                throw new ArgumentException($"Mean {k} has {means[k].Length} coordinates; it must have {Dimension}.", nameof(means));
            for (int j = 0; j < Dimension; j++)
                if (double.IsNaN(means[k][j]) || double.IsInfinity(means[k][j]))
                    throw new ArgumentException($"Coordinate {j} of mean {k} is {PortableNumber.Format(means[k][j])}; it must be finite.", nameof(means));
            if (covariances[k].Dimension != Dimension)
                throw new ArgumentException($"Covariance {k} has {covariances[k].Dimension} dimensions; it must have {Dimension}.", nameof(covariances));
        }
        if (!(Math.Abs(sum - 1) <= WeightSumTolerance))
            throw new ArgumentException($"The weights sum to {PortableNumber.Format(sum)}; they must sum to 1 within {PortableNumber.Format(WeightSumTolerance)}.", nameof(weights));

        // Equal neighbours become one object, so that what depends on the covariance alone is computed once for them.
        covariances = (Covariance[])covariances.Clone();
        for (int k = 1; k < count; k++)
            if (covariances[k].Kind == covariances[k - 1].Kind && covariances[k].Equals(covariances[k - 1])) covariances[k] = covariances[k - 1];
        (Weights, Means, Covariances) = (weights, means, covariances);
        LogWeights = new double[count];
        double meanVariance = 0;
        HasSharedCovariance = true;
        for (int k = 0; k < count; k++)
        {
            LogWeights[k] = PortableMath.Log(weights[k]);
            meanVariance += weights[k] * covariances[k].Trace;
            HasSharedCovariance &= covariances[k].Equals(covariances[0]);
        }
        // One variance for all is the mean itself: a weighted sum would miss it by its rounding, and terms that vanish would not.
        MeanVariance = HasSharedIsotropicCovariance ? covariances[0].Least : meanVariance / Dimension;
    }

    /// <summary>d.</summary>
    public int Dimension { get; }

    /// <summary>K.</summary>
    public int Count => Weights.Length;

    /// <summary>The K weights.</summary>
    public double[] Weights { get; }

    /// <summary>The logarithms of the K weights.</summary>
    public double[] LogWeights { get; }

    /// <summary>The K means, each of d values.</summary>
    public double[][] Means { get; }

    /// <summary>The K covariances.</summary>
    public Covariance[] Covariances { get; }

    /// <summary>Σ_k w_k tr Σ_k / d: the variance of the canonical chart.</summary>
    public double MeanVariance { get; }

    /// <summary>Whether all components have the same covariance.</summary>
    public bool HasSharedCovariance { get; }

    /// <summary>Whether all components have the same covariance σ²I.</summary>
    public bool HasSharedIsotropicCovariance => HasSharedCovariance && Covariances[0].IsIsotropic;

    /// <summary>The smallest variance of any component in any direction.</summary>
    public double LeastVariance => Covariances.Min(c => c.Least);

    /// <summary>The mixture in words, and a line for each of the first 16 components.</summary>
    public override string ToString()
    {
        const int most = 16;
        string size = $"{NumberText.Count(Count, "Gaussian")} in {NumberText.Count(Dimension, "dimension")}";
        string title = $"Mixture of {size}, mean variance {NumberText.Short(MeanVariance)}:";
        IEnumerable<string> components = Enumerable.Range(0, Math.Min(Count, most)).Select(k => "\n  " + Describe(k));
        return title + string.Concat(components) + (Count > most ? $"\n  and {Count - most} more" : "");
    }

    /// <summary>A component in words.</summary>
    /// <param name="k">Which one.</param>
    internal string Describe(int k) => $"weight {NumberText.Short(Weights[k])}, mean {NumberText.List(Means[k])}, {Covariances[k]}";
}
