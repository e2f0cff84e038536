using FlowDsl.Metrics;

namespace FlowDsl;

/// <summary>The law of a sampler itself against the true one, from the density of each of its samples; see <see cref="ImportanceWeights"/>.</summary>
/// <param name="Divergence">KL(q‖p) in nats, q the sampler's law.</param>
/// <param name="EffectiveSampleSize">As many samples of the true law would have means as exact as the weighted ones.</param>
/// <param name="FoldCount">The samples at which the sampler's map does not keep the orientation; if there are any, KL is a lower bound.</param>
public sealed record ComparedLaw(MetricEstimate Divergence, double EffectiveSampleSize, long FoldCount);
