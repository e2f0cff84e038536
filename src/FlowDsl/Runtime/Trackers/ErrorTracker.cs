using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using FlowDsl.Mathematics.Solvers;
using FlowDsl.Runtime.Blocks;
using FlowDsl.Runtime.Data;

namespace FlowDsl.Runtime.Trackers;

/// <summary>A sampler's flow with the branch margins.</summary>
internal delegate void MarginFlow<T>(Span<T> states, Span<FlowError> errors);

/// <summary>Runs a sampler in blocks that stay in the cache and estimates the error of each sample.</summary>
internal abstract class ErrorTracker<T>(SamplerDescriptor descriptor)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // The number of values in a block, which stays in the second-level cache with its copies.
    private const int BlockValues = 16384;

    private readonly int _d = descriptor.Dimension;

    public static ErrorTracker<T> Create(SamplerDescriptor descriptor, MarginFlow<T> flow) => descriptor.Tracking switch
    {
        Tracking.None => new NoTracker<T>(descriptor, flow),
        Tracking.Local when descriptor.HistoryLength == 0 => new LoopTangentTracker<T>(descriptor, flow, tangentCount: 0),
        Tracking.Tangent => new LoopTangentTracker<T>(descriptor, flow, LocalErrors.TangentCount(descriptor.Dimension)),
        Tracking.Certified => new CertifiedTracker<T>(descriptor, flow),
        _ => new CompanionTracker<T>(descriptor, flow),
    };

    public void Integrate(Span<T> states, Span<FlowError> errors)
    {
        // A pass over a data set has to serve many samples.
        int block = Math.Max(BlockValues / _d, descriptor.Model.Data is null ? 1 : DataKernel.BlockSamples) * _d;
        T[] copy = ArrayPool<T>.Shared.Rent(Math.Min(block, states.Length));
        for (int first = 0; first < states.Length; first += block)
        {
            Span<T> part = states.Slice(first, Math.Min(block, states.Length - first));
            Track(part, copy.AsSpan(0, part.Length), errors.Slice(first / _d, part.Length / _d));
        }
        ArrayPool<T>.Shared.Return(copy);
    }

    /// <summary>Integrates a block, to the bits of the untracked call, and estimates its errors.</summary>
    /// <param name="states">The block, in place.</param>
    /// <param name="copy">Memory of its length.</param>
    /// <param name="errors">Receives one error per sample.</param>
    protected abstract void Track(Span<T> states, Span<T> copy, Span<FlowError> errors);

    /// <summary>The distance of two blocks, sample by sample.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Distance(ReadOnlySpan<T> left, ReadOnlySpan<T> right, int dimension, int sample)
    {
        double sum = 0;
        for (int j = sample * dimension; j < (sample + 1) * dimension; j++)
        {
            double difference = double.CreateTruncating(left[j] - right[j]);
            sum += difference * difference;
        }
        return Math.Sqrt(sum);
    }
}

/// <summary>No estimate, only the branch margins.</summary>
internal sealed class NoTracker<T>(SamplerDescriptor descriptor, MarginFlow<T> flow) : ErrorTracker<T>(descriptor)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    protected override void Track(Span<T> states, Span<T> copy, Span<FlowError> errors) => flow(states, errors);
}

/// <summary>The distance from the end of the <see cref="CompanionProgram"/>.</summary>
/// <param name="descriptor">The sampler.</param>
/// <param name="flow">Its flow.</param>
/// <param name="companion">The companion's flow if there is code for it.</param>
internal sealed class CompanionTracker<T>(SamplerDescriptor descriptor, MarginFlow<T> flow, Integration<T>? companion = null) : ErrorTracker<T>(descriptor)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int _dimension = descriptor.Dimension;

    private readonly Integration<T> _companion = companion ?? ModelFlow.Create<T>(
        descriptor.Model, CompanionProgram.Create(descriptor.Model.Process, descriptor.Frame, descriptor.Solver, descriptor.Times));

    protected override void Track(Span<T> states, Span<T> copy, Span<FlowError> errors) => Follow(states, copy, errors);

    /// <summary>The implementation of <see cref="Track"/>, for trackers that extend it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Follow(Span<T> states, Span<T> copy, Span<FlowError> errors)
    {
        states.CopyTo(copy);
        _companion(copy);
        flow(states, errors);
        for (int i = 0; i < errors.Length; i++) errors[i] = errors[i] with { Estimate = Distance(states, copy, _dimension, i) };
    }
}
