using FlowDsl.Examples.Baselines;
using FlowDsl.Examples.Flows;
using FlowDsl.Mathematics;

namespace FlowDsl.Examples;

/// <summary>
/// The map of the paper's second experiment for one σ0: the flow over a half-life of the signal's power, a(Δ)² = 1/2, to the data. The modes are so far
/// apart that every sample keeps its own: x ↦ μ_k + (σ0/s)(x - aμ_k), s the deviation of a mode at Δ.
/// </summary>
internal sealed class HalfLifeMap
{
    private readonly Modes _modes;

    /// <summary>Makes the map.</summary>
    /// <param name="sigma">σ0.</param>
    public HalfLifeMap(double sigma)
    {
        Sigma = sigma;
        var mixture = new StudyMixture(PublishedMeans.Draw(0), sigma);
        _modes = new Modes(mixture);
        Model = mixture.At(Start);
        ProcessPoint point = Model.Process.At(Start);
        (Signal, Deviation) = (point.A, Math.Sqrt(point.Spread(sigma * sigma)));
    }

    /// <summary>Δ.</summary>
    public static double Start => OneStepBaselines.Start;

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
        double[] states = Array.ConvertAll(samples, value => (double)value);
        return Array.ConvertAll(_modes.Map(states, Signal, _modes.Nearest(states, Signal), Inside), value => (float)value);
    }
}
