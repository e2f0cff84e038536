using System.Numerics;

namespace FlowDsl;

/// <summary>Samples with their log-densities under the law of the sampler that drew them.</summary>
/// <typeparam name="T">float or double.</typeparam>
public sealed class DensitySamples<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    internal DensitySamples(T[] states, double[] logDensities, long foldCount)
        => (States, LogDensities, FoldCount) = (states, logDensities, foldCount);

    /// <summary>n×d values, row-major.</summary>
    public ReadOnlyMemory<T> States { get; }

    /// <summary>log q of each sample, q the law of the few-step sampler itself, in nats.</summary>
    public ReadOnlyMemory<double> LogDensities { get; }

    /// <summary>
    /// The number of samples at which the sampler's map, or a step of it, does not keep the orientation. If it is not 0, several starts share an end, and
    /// log-densities there are lower bounds.
    /// </summary>
    public long FoldCount { get; }
}
