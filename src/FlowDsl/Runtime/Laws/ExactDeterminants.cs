using System.Buffers;
using System.Numerics;
using FlowDsl.Runtime.Blocks;
using FlowDsl.Runtime.Evaluations;

namespace FlowDsl.Runtime.Laws;

/// <summary>The determinants of the exact flow, which no solver need follow: it carries the density at the horizon into that at the end.</summary>
/// <remarks>log|det ∂y/∂x| = log p_T(x) - log p_0(y), by conservation of mass. A tabulated map differs from the exact one by its proved error.</remarks>
internal sealed class ExactDeterminants<T> : MapDeterminants<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int _d;
    private readonly Integration<T> _map;
    private readonly LogDensityTable<double> _starts, _ends;

    /// <summary>Prepares the densities.</summary>
    /// <param name="sampler">The sampler.</param>
    /// <param name="map">Its map.</param>
    public ExactDeterminants(SamplerDescriptor sampler, Integration<T> map)
    {
        GaussianMixtureModel model = sampler.Model;
        (_d, _map) = (model.Dimension, map);
        _starts = new LogDensityTable<double>(model.Mixture, model.Process.At(sampler.Times[0]));
        _ends = new LogDensityTable<double>(model.Mixture, model.Process.At(sampler.Times[^1]));
    }

    /// <inheritdoc/>
    public override void Subtract(ReadOnlySpan<T> starts, Span<double> logDensities, Span<bool> reversed)
    {
        T[] pooled = ArrayPool<T>.Shared.Rent(starts.Length);
        double[] points = ArrayPool<double>.Shared.Rent(starts.Length), logs = ArrayPool<double>.Shared.Rent(logDensities.Length);
        Span<T> ends = pooled.AsSpan(0, starts.Length);
        Span<double> own = logs.AsSpan(0, logDensities.Length);
        Evaluate(starts, _starts);
        for (int i = 0; i < own.Length; i++) logDensities[i] -= own[i];
        starts.CopyTo(ends);
        _map(ends);
        Evaluate(ends, _ends);
        for (int i = 0; i < own.Length; i++) logDensities[i] += own[i];
        ArrayPool<double>.Shared.Return(logs);
        ArrayPool<double>.Shared.Return(points);
        ArrayPool<T>.Shared.Return(pooled);

        void Evaluate(ReadOnlySpan<T> from, LogDensityTable<double> table)
        {
            Span<double> values = points.AsSpan(0, from.Length);
            for (int i = 0; i < values.Length; i++) values[i] = double.CreateTruncating(from[i]);
            table.Evaluate(values, logs.AsSpan(0, from.Length / _d), default);
        }
    }
}
