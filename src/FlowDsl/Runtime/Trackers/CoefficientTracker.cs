using System.Collections.Concurrent;
using System.Numerics;
using System.Runtime.CompilerServices;
using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Solvers;
using FlowDsl.Runtime.Arithmetic;
using FlowDsl.Runtime.Blocks;
using FlowDsl.Runtime.Loops;

namespace FlowDsl.Runtime.Trackers;

/// <summary>The steps' own errors, or tangents, of a one-step method in the coefficients of the means: states, errors and margins in one pass.</summary>
internal sealed class CoefficientTracker<T> : ErrorTracker<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly CoefficientKernel<T> _kernel;
    private readonly BranchMargins<T> _margins;
    private readonly bool _hasTangents;

    // A watch belongs to one thread at a time.
    private readonly ConcurrentBag<MarginWatch<T>> _watches = [];

    /// <summary>Makes the kernel.</summary>
    /// <param name="sampler">The sampler.</param>
    /// <param name="errors">The estimates of its steps' own errors.</param>
    /// <param name="tangentCount">The number of tangents.</param>
    public CoefficientTracker(SamplerDescriptor sampler, LocalErrors errors, int tangentCount)
    {
        (Mixture mixture, Process process) = (sampler.Model.Mixture, sampler.Model.Process);
        _hasTangents = tangentCount > 0;
        _kernel = new CoefficientKernel<T>(
            mixture,
            sampler.Program,
            errors,
            [.. Enumerable.Range(1, Math.Max(tangentCount - 1, 0)).Select(tangent => TangentDirections.Of(mixture.Dimension, tangentCount, tangent))]);
        _margins = new BranchMargins<T>(mixture, process, sampler.Times);
    }

    /// <inheritdoc/>
    public override void Integrate(Span<T> states, Span<FlowError> errors)
    {
        if (!_watches.TryTake(out MarginWatch<T>? watch)) watch = new MarginWatch<T>(_margins, _kernel.Stride);
        int d = _kernel.Dimension, stride = _kernel.Stride;
        using var rows = new PooledRows<T>(_kernel.RowCount * stride);
        for (int first = 0; first < errors.Length; first += stride)
        {
            int n = Math.Min(stride, errors.Length - first);
            Span<T> block = states.Slice(first * d, n * d);
            BlockDriver.Load(_kernel, rows.Span, block, n);
            BlockDriver.Advance(_kernel, rows.Span, block, n, watch);
            BlockDriver.Store(_kernel, rows.Span, block, n);
            Write(rows.Span, watch.Least, errors.Slice(first, n));
        }
        _watches.Add(watch);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Write(ReadOnlySpan<T> rows, ReadOnlySpan<T> margins, Span<FlowError> errors)
    {
        ReadOnlySpan<T> estimates = rows[(_kernel.EstimateRow * _kernel.Stride)..], growths = rows[(_kernel.GrowthRow * _kernel.Stride)..];
        for (int i = 0; i < errors.Length; i++)
        {
            errors[i] = new FlowError(
                double.CreateTruncating(estimates[i]), double.PositiveInfinity, _hasTangents ? double.CreateTruncating(growths[i]) : double.NaN,
                double.CreateTruncating(margins[i]));
        }
    }
}
