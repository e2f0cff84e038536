using FlowDsl.Mathematics;

namespace FlowDsl.Examples;

/// <summary>
/// The map of the paper's second experiment for one σ0: the flow over a half-life of the signal's power, a(Δ)² = 1/2, to the data. The modes are so far
/// apart that every sample keeps its own: x ↦ μ_k + (σ0/s)(x - aμ_k), s the deviation of a mode at Δ.
/// </summary>
internal sealed class HalfLifeMap
{
    private const double Beta = 5;

    /// <summary>Makes the map.</summary>
    /// <param name="sigma">σ0.</param>
    public HalfLifeMap(double sigma)
    {
        Sigma = sigma;
        Mixture means = GaussianMixtureModel.From<SpectralStudents>().Mixture;
        var covariance = Covariance.Isotropic(means.Dimension, sigma * sigma);
        Model = new GaussianMixtureModel(
            new Mixture([.. means.Weights], [.. means.Means.Select(mean => mean.ToArray())], [.. means.Means.Select(_ => covariance)]),
            new OrnsteinUhlenbeckProcess(Beta, Start, earlyStop: 0));
        ProcessPoint point = Model.Process.At(Start);
        (Signal, Deviation) = (point.A, Math.Sqrt(point.Spread(sigma * sigma)));
    }

    /// <summary>Δ.</summary>
    public static double Start { get; } = Math.Log(2) / (2 * Beta);

    /// <summary>σ0.</summary>
    public double Sigma { get; }

    /// <summary>a(Δ).</summary>
    public double Signal { get; }

    /// <summary>s: the deviation of a mode at Δ.</summary>
    public double Deviation { get; }

    /// <summary>The mixture, and the process with Δ as its horizon.</summary>
    public GaussianMixtureModel Model { get; }

    /// <summary>d.</summary>
    public int Dimension => Model.Dimension;

    /// <summary>The variance of the means: the mean of their squared distances from their centre.</summary>
    public double SpreadOfMeans
    {
        get
        {
            Mixture mixture = Model.Mixture;
            double sum = 0;
            for (int j = 0; j < Dimension; j++)
            {
                double centre = mixture.Means.Average(mean => mean[j]);
                sum += mixture.Means.Average(mean => (mean[j] - centre) * (mean[j] - centre));
            }
            return sum;
        }
    }

    /// <summary>E|x_0|².</summary>
    public double MeanSquare => Model.Mixture.Means.Average(mean => mean.Sum(value => value * value)) + Dimension * Sigma * Sigma;

    /// <summary>The map's Lipschitz constant inside a mode.</summary>
    public double Inside => Sigma / Deviation;

    /// <summary>That of the centres of modes.</summary>
    public double Across => 1 / Signal;

    /// <summary>The relative MSE of the best map M(x - E x) + E g with M ≤ Λ: what any network should reach that can be linear.</summary>
    /// <param name="lipschitz">Λ.</param>
    public double LinearError(double lipschitz)
    {
        double spread = SpreadOfMeans;
        double best = (Signal * spread + Dimension * Sigma * Deviation) / (Signal * Signal * spread + Dimension * Deviation * Deviation);
        double slope = Math.Min(lipschitz, best), between = 1 - slope * Signal, within = Sigma - slope * Deviation;
        return (between * between * spread + Dimension * within * within) / MeanSquare;
    }

    /// <summary>Samples at Δ, row-major.</summary>
    public float[] Draw(ulong seed, long first, int count)
        => FlowSampling.DrawPrior<float>(Model, count, seed, new SamplingOptions { FirstIndex = first, MaxThreads = 1 });

    /// <summary>The images of samples.</summary>
    public float[] Apply(float[] samples)
    {
        int d = Dimension;
        float[] images = new float[samples.Length];
        for (int first = 0; first < samples.Length; first += d)
        {
            IReadOnlyList<double> mean = Nearest(samples.AsSpan(first, d));
            for (int j = 0; j < d; j++) images[first + j] = (float)(mean[j] + Inside * (samples[first + j] - Signal * mean[j]));
        }
        return images;
    }

    private IReadOnlyList<double> Nearest(ReadOnlySpan<float> x)
    {
        double least = double.PositiveInfinity;
        IReadOnlyList<double> nearest = Model.Mixture.Means[0];
        foreach (IReadOnlyList<double> mean in Model.Mixture.Means)
        {
            double square = 0;
            for (int j = 0; j < x.Length; j++) square += (x[j] - Signal * mean[j]) * (x[j] - Signal * mean[j]);
            if (square < least) (least, nearest) = (square, mean);
        }
        return nearest;
    }
}
