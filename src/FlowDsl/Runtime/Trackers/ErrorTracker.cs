using System.Buffers;
using System.Numerics;
using FlowDsl.Mathematics.Solvers;

namespace FlowDsl.Runtime.Trackers;

/// <summary>Runs a sampler and estimates the error of each sample.</summary>
internal abstract class ErrorTracker<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static ErrorTracker<T> Create(SamplerDescriptor descriptor, SamplerPath<T> path) => descriptor.Tracking switch
    {
        Tracking.None => new CompanionTracker<T>(path, companion: null),
        Tracking.Local when descriptor.HistoryLength == 0 => new LoopTangentTracker<T>(descriptor, path, tangentCount: 0),
        Tracking.Tangent => new LoopTangentTracker<T>(descriptor, path, LocalErrors.TangentCount(descriptor.Dimension)),
        Tracking.Certified => new CertifiedTracker<T>(descriptor, path),
        _ => new CompanionTracker<T>(path, Twin<T>.Of(descriptor)),
    };

    /// <summary>Integrates, to the bits of the untracked call, and estimates the errors.</summary>
    /// <param name="states">n×d values, in place.</param>
    /// <param name="errors">Receives one error per sample.</param>
    public abstract void Integrate(Span<T> states, Span<FlowError> errors);
}

/// <summary>A tracker that needs the starts again, in blocks that stay in the cache.</summary>
internal abstract class BlockTracker<T>(int dimension) : ErrorTracker<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // The number of values in a block, which stays in the second-level cache with its copy.
    private const int BlockValues = 16384;

    /// <inheritdoc/>
    public override void Integrate(Span<T> states, Span<FlowError> errors)
    {
        int block = Math.Max(BlockValues / dimension, 1) * dimension;
        T[] copy = ArrayPool<T>.Shared.Rent(Math.Min(block, states.Length));
        for (int first = 0; first < states.Length; first += block)
        {
            Span<T> part = states.Slice(first, Math.Min(block, states.Length - first)), starts = copy.AsSpan(0, part.Length);
            part.CopyTo(starts);
            Track(part, starts, errors.Slice(first / dimension, part.Length / dimension));
        }
        ArrayPool<T>.Shared.Return(copy);
    }

    /// <summary>Integrates a block and estimates its errors.</summary>
    /// <param name="states">The block, in place.</param>
    /// <param name="starts">The same, to write to.</param>
    /// <param name="errors">Receives one error per sample.</param>
    protected abstract void Track(Span<T> states, Span<T> starts, Span<FlowError> errors);
}

/// <summary>The distance from a companion, or no estimate and only the branch margins.</summary>
internal sealed class CompanionTracker<T>(SamplerPath<T> path, Twin<T>? companion) : ErrorTracker<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public override void Integrate(Span<T> states, Span<FlowError> errors) => path.Integrate(states, errors, companion);
}
