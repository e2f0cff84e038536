using FlowDsl.Hosting.Registry;
using FlowDsl.Metrics;

namespace FlowDsl.Hosting.Measurements;

/// <summary>How far the law of a sampler's samples is from the one that they should have, by several measures.</summary>
/// <param name="Name">The sampler's name.</param>
/// <param name="ExcessNll">E(-log p) of the samples less that of the exact ends of the same starts, in nats.</param>
/// <param name="KullbackLeibler">KL(q || p), in nats.</param>
/// <param name="SlicedWasserstein">The sliced 2-Wasserstein distance, in units of x.</param>
/// <param name="MaximumMeanDiscrepancy">MMD², unbiased.</param>
/// <param name="EnergyDistance">The energy distance, unbiased.</param>
/// <param name="Strays">The share of samples that ended in another mode than the exact flow from the same start.</param>
/// <param name="ModeWeights">The share of each mode, with a χ² test.</param>
/// <param name="ExactWasserstein">The 2-Wasserstein distance in closed form, if the model is one Gaussian; else null.</param>
internal sealed record LawDistances(
    string Name, MetricEstimate ExcessNll, MetricEstimate KullbackLeibler, MetricEstimate SlicedWasserstein, MetricEstimate MaximumMeanDiscrepancy,
    MetricEstimate EnergyDistance, MetricEstimate Strays, ModeWeights ModeWeights, double? ExactWasserstein)
{
    private const int Neighbours = 5;

    /// <summary>The most samples of the measures that compare all pairs.</summary>
    public const int MostPaired = 4000;

    /// <summary>The fewest samples: 20 blocks for an interval, each with neighbours enough.</summary>
    public const int LeastSamples = 20 * (Neighbours + 2);

    /// <summary>Measures a sampler.</summary>
    /// <param name="comparison">The starts and their exact ends, <see cref="LeastSamples"/> at least.</param>
    /// <param name="sampler">The sampler.</param>
    /// <param name="cancellationToken">Stops within a measure.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static LawDistances Measure(FlowComparison comparison, SamplerEntry sampler, CancellationToken cancellationToken)
    {
        GaussianMixtureModel model = comparison.Model;
        double[] ends = sampler.Ends(comparison.Starts, cancellationToken);
        ReadOnlySpan<double> all = ends, some = ends.AsSpan(0, Math.Min(comparison.SampleCount, MostPaired) * model.Dimension);
        return new LawDistances(
            sampler.Name,
            NegativeLogLikelihood.Excess(model, all, comparison.ExactEnds, cancellationToken: cancellationToken),
            Metrics.KullbackLeibler.Measure(model, some, Neighbours, cancellationToken: cancellationToken),
            Metrics.SlicedWasserstein.ToMixture(model, all, cancellationToken: cancellationToken),
            Metrics.MaximumMeanDiscrepancy.ToMixture(model, some, cancellationToken: cancellationToken),
            Metrics.EnergyDistance.ToMixture(model, some, cancellationToken: cancellationToken),
            Metrics.ModeWeights.Strays(model, all, comparison.ExactEnds, cancellationToken: cancellationToken),
            Metrics.ModeWeights.Measure(model, all, cancellationToken: cancellationToken),
            model.ComponentCount == 1 ? sampler.ExactWasserstein() : null);
    }
}
