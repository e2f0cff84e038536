using FlowDsl.Mathematics.Numerics;

namespace FlowDsl.Mathematics;

/// <summary>A Gaussian mixture Σ_k w_k N(μ_k, Σ_k) on R^d: the data law at time 0.</summary>
public sealed class Mixture
{
    /// <summary>The maximum deviation from 1 of the sum of weights that are used as given.</summary>
    public const double WeightSumTolerance = 1e-9;

    /// <summary>Makes a mixture of K components from copies of the arguments.</summary>
    /// <param name="weights">
    /// K positive weights. They are used as given if they sum to 1 within <see cref="WeightSumTolerance"/>, and divided by their sum if they do so
    /// within <see cref="MixtureAdjustment.Tolerance"/>, as weights in single precision do; see <see cref="Adjustment"/>.
    /// </param>
    /// <param name="means">K means of d values each, in <see cref="SupportedRange"/>.</param>
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

        for (int k = 0; k < count; k++)
        {
            if (!(weights[k] > 0) || double.IsInfinity(weights[k]))
                throw new ArgumentException($"Weight {k} is {PortableNumber.Format(weights[k])}; weights must be positive and finite.", nameof(weights));
            if (means[k].Length != Dimension)
                throw new ArgumentException($"Mean {k} has {means[k].Length} coordinates; it must have {Dimension}.", nameof(means));
            for (int j = 0; j < Dimension; j++)
                if (double.IsNaN(means[k][j]) || double.IsInfinity(means[k][j]))
                    throw new ArgumentException($"Coordinate {j} of mean {k} is {PortableNumber.Format(means[k][j])}; it must be finite.", nameof(means));
            if (SupportedRange.OfMean(means[k]) is { } size) throw new ArgumentException($"Mean {k} {size}.", nameof(means));
            if (covariances[k].Dimension != Dimension)
                throw new ArgumentException($"Covariance {k} has {covariances[k].Dimension} dimensions; it must have {Dimension}.", nameof(covariances));
        }
        double[] given = weights;
        weights = TryNormalize(given, out double sum) ?? throw new ArgumentException($"The weights {SumProblem(sum)}.", nameof(weights));
        Adjustment = MixtureAdjustment.Of(ReferenceEquals(weights, given) ? 1 : sum, covariances);

        // Equal neighbours become one object, so data that depend only on the covariance are computed once.
        covariances = (Covariance[])covariances.Clone();
        for (int k = 1; k < count; k++)
            if (covariances[k].Type == covariances[k - 1].Type && covariances[k].Equals(covariances[k - 1])) covariances[k] = covariances[k - 1];
        (Weights, Means, Covariances) = ([.. weights], [.. means.Select(mean => mean.ToImmutableArray())], [.. covariances]);
        double[] logWeights = new double[count];
        double meanVariance = 0;
        HasSharedCovariance = true;
        for (int k = 0; k < count; k++)
        {
            logWeights[k] = PortableMath.Log(weights[k]);
            meanVariance += weights[k] * covariances[k].Trace;
            HasSharedCovariance &= covariances[k].Equals(covariances[0]);
        }
        LogWeights = [.. logWeights];
        // If all variances are equal, take that value: a weighted sum would round, and terms that should vanish would not.
        MeanVariance = HasSharedIsotropicCovariance ? covariances[0].MinVariance : meanVariance / Dimension;
    }

    /// <summary>
    /// The adjustments to numbers in single precision; null if all are used as given. Generated code holds numbers that were already adjusted;
    /// FLOW0117 and the type's documentation report it.
    /// </summary>
    public MixtureAdjustment? Adjustment { get; }

    /// <summary>d.</summary>
    public int Dimension { get; }

    /// <summary>K.</summary>
    public int Count => Weights.Length;

    /// <summary>The K weights.</summary>
    public ImmutableArray<double> Weights { get; }

    /// <summary>The logarithms of the K weights.</summary>
    public ImmutableArray<double> LogWeights { get; }

    /// <summary>The K means, each of d values.</summary>
    public ImmutableArray<ImmutableArray<double>> Means { get; }

    /// <summary>The K covariances.</summary>
    public ImmutableArray<Covariance> Covariances { get; }

    /// <summary>Σ_k w_k tr Σ_k / d: the variance of the canonical chart.</summary>
    public double MeanVariance { get; }

    /// <summary>Whether all components have the same covariance.</summary>
    public bool HasSharedCovariance { get; }

    /// <summary>Whether all components have the same covariance σ²I.</summary>
    public bool HasSharedIsotropicCovariance => HasSharedCovariance && Covariances[0].IsIsotropic;

    /// <summary>The smallest variance of any component in any direction.</summary>
    public double MinVariance => Covariances.Min(c => c.MinVariance);

    /// <summary>Σ w_k μ_k, the mean of the law.</summary>
    internal double[] Mean()
    {
        double[] mean = new double[Dimension];
        for (int k = 0; k < Count; k++)
            for (int j = 0; j < mean.Length; j++) mean[j] += Weights[k] * Means[k][j];
        return mean;
    }

    /// <summary>Σ w_k (Σ_k + (μ_k - m)(μ_k - m)ᵀ), the covariance of the law, row-major.</summary>
    /// <param name="mean">m, the mean of the law.</param>
    internal double[] CovarianceAbout(double[] mean)
    {
        int d = Dimension;
        double[] covariance = new double[d * d];
        for (int k = 0; k < Count; k++)
        {
            ImmutableArray<double> own = Covariances[k].Matrix, centre = Means[k];
            for (int i = 0; i < d; i++)
                for (int j = 0; j < d; j++) covariance[i * d + j] += Weights[k] * (own[i * d + j] + (centre[i] - mean[i]) * (centre[j] - mean[j]));
        }
        return covariance;
    }

    /// <summary>Describes the mixture, with a line for each of the first 16 components.</summary>
    public override string ToString()
    {
        const int most = 16;
        string size = $"{NumberText.Count(Count, "Gaussian")} in {NumberText.Count(Dimension, "dimension")}";
        string title = $"Mixture of {size}, mean variance {NumberText.Short(MeanVariance)}:";
        IEnumerable<string> components = Enumerable.Range(0, Math.Min(Count, most)).Select(k => "\n  " + Describe(k));
        return title + string.Concat(components) + (Count > most ? $"\n  and {Count - most} more" : "");
    }

    /// <summary>Describes a component.</summary>
    /// <param name="k">Which one.</param>
    internal string Describe(int k) => $"weight {NumberText.Short(Weights[k])}, mean {NumberText.List(Means[k])}, {Covariances[k]}";

    /// <summary>
    /// Weights that sum to 1: the given ones if they do within <see cref="WeightSumTolerance"/>; the given ones divided by their sum if they do
    /// within <see cref="MixtureAdjustment.Tolerance"/>; else null.
    /// </summary>
    /// <param name="weights">Positive weights.</param>
    /// <param name="sum">Their sum.</param>
    public static double[]? TryNormalize(double[] weights, out double sum)
    {
        double total = sum = weights.Sum();
        if (Math.Abs(total - 1) <= WeightSumTolerance) return weights;
        return Math.Abs(total - 1) <= MixtureAdjustment.Tolerance ? [.. weights.Select(weight => weight / total)] : null;
    }

    /// <summary>The message for weights with another sum.</summary>
    internal static string SumProblem(double sum)
        => $"sum to {PortableNumber.Format(sum)}; divide each by the sum: they must sum to 1 within {PortableNumber.Format(MixtureAdjustment.Tolerance)}";
}
