using System.Buffers;
using System.Numerics;
using FlowDsl.Runtime.Blocks;
using FlowDsl.Runtime.Points;

namespace FlowDsl.Runtime.Laws;

/// <summary>Integrates samples, to the bits of the plain call, and carries their log-densities along. Thread-safe.</summary>
/// <param name="dimension">d.</param>
/// <param name="map">The plain call.</param>
/// <param name="determinants">Its determinants.</param>
internal sealed class LawRun<T>(int dimension, Integration<T> map, MapDeterminants<T> determinants)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // The number of values in a block, which stays in the second-level cache with its copy.
    private const int BlockValues = 16384;

    /// <inheritdoc cref="IFlowSampler{TSelf, T}.Integrate(Span{T}, Span{double})"/>
    public int Integrate(Span<T> states, Span<double> logDensities)
    {
        PointFunctions.CheckRows(states.Length, dimension);
        if (logDensities.Length != states.Length / dimension)
            throw new ArgumentException(
                $"There are {logDensities.Length} log-densities for {states.Length / dimension} samples; there must be one for each sample.",
                nameof(logDensities));
        int block = Math.Max(BlockValues / dimension, 1), reversals = 0;
        T[] pooled = ArrayPool<T>.Shared.Rent(Math.Min(block * dimension, states.Length));
        bool[] flags = ArrayPool<bool>.Shared.Rent(Math.Min(block, logDensities.Length));
        for (int first = 0; first < logDensities.Length; first += block)
        {
            int n = Math.Min(block, logDensities.Length - first);
            Span<T> own = states.Slice(first * dimension, n * dimension), starts = pooled.AsSpan(0, own.Length);
            Span<double> logs = logDensities.Slice(first, n);
            Span<bool> reversed = flags.AsSpan(0, n);
            reversed.Clear();
            own.CopyTo(starts);
            map(own);
            determinants.Subtract(starts, logs, reversed);
            reversals += reversed.Count(true);
            // One coordinate stands for all: a sample is NaN as a whole. Where squares overflow there is no determinant.
            for (int i = 0; i < n; i++)
                if (!T.IsFinite(own[i * dimension]) || !WholeSamples.IsInRange<T>(starts.Slice(i * dimension, dimension))) logs[i] = double.NaN;
        }
        ArrayPool<bool>.Shared.Return(flags);
        ArrayPool<T>.Shared.Return(pooled);
        return reversals;
    }
}
