using System.Numerics;

namespace FlowDsl;

/// <summary>Samples with their log-densities under the law of the sampler that drew them.</summary>
/// <typeparam name="T">float or double.</typeparam>
/// <param name="States">n×d values, row-major.</param>
/// <param name="LogDensities">log q of each sample, q the law of the few-step sampler itself, in nats.</param>
/// <param name="FoldCount">
/// The number of samples at which the sampler's map, or a step of it, does not keep the orientation. If it is not 0, several starts share an end, and
/// log-densities there are lower bounds.
/// </param>
public sealed record DensitySamples<T>(T[] States, double[] LogDensities, long FoldCount)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;
