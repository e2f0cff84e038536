using FlowDsl.Mathematics;

namespace FlowDsl.Examples.Flows;

/// <summary>The mixture of an experiment under the paper's process: equal weights, modes of one deviation, β = 5, σ∞ = 1, T = 1.</summary>
/// <param name="Means">The means.</param>
/// <param name="Sigma0">σ0, the deviation of a mode in every coordinate.</param>
internal sealed record StudyMixture(IReadOnlyList<double[]> Means, double Sigma0)
{
    /// <summary>β.</summary>
    public const double Beta = 5;

    /// <summary>T.</summary>
    public const double Horizon = 1;

    /// <summary>The number of coordinates.</summary>
    public int Dimension => Means[0].Length;

    /// <summary>a(t) = exp(-βt), the factor of the means.</summary>
    public static double Signal(double t) => Math.Exp(-Beta * t);

    /// <summary>s²(t) = a²σ0² + 1 - a²; at 0 it is σ0² exactly.</summary>
    public double Variance(double t)
    {
        double square = Math.Exp(-2 * Beta * t);
        return square * Sigma0 * Sigma0 + (1 - square);
    }

    /// <summary>The mixture with a time as its horizon: samples of its prior are samples at that time.</summary>
    public GaussianMixtureModel At(double t)
    {
        double[] weights = new double[Means.Count];
        Array.Fill(weights, 1.0 / Means.Count);
        var covariance = Covariance.Isotropic(Dimension, Sigma0 * Sigma0);
        return new GaussianMixtureModel(
            new Mixture(weights, [.. Means], [.. Means.Select(_ => covariance)]), new OrnsteinUhlenbeckProcess(Beta, horizon: t, earlyStop: 0));
    }
}
