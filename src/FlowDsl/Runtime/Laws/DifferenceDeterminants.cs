using System.Buffers;
using System.Numerics;
using FlowDsl.Runtime.Blocks;

namespace FlowDsl.Runtime.Laws;

/// <summary>The determinants of any map, from central differences of fourth order: four runs of the map for each coordinate.</summary>
/// <remarks>
/// The distances are eps^¼ of the narrowest width of the law at the horizon. Rounding alone would ask for a little more, but between two modes maps bend
/// over shorter distances than that width. Entries of the derivative are good to some 1e-5 in float and 1e-11 in double where the map is smooth.
/// </remarks>
internal sealed class DifferenceDeterminants<T> : MapDeterminants<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int _d;
    private readonly Integration<T> _map;
    private readonly T _distance;

    /// <summary>Prepares differences.</summary>
    /// <param name="model">The model whose horizon the map starts from.</param>
    /// <param name="map">The map.</param>
    public DifferenceDeterminants(GaussianMixtureModel model, Integration<T> map)
    {
        (_d, _map) = (model.Dimension, map);
        double width = Math.Sqrt(model.Process.At(model.Process.Horizon).Spread(model.Mixture.MinVariance));
        double unit = double.CreateTruncating(T.BitIncrement(T.One) - T.One);
        // A power of two: places at a distance from a start are then rounded least.
        _distance = T.CreateTruncating(Math.ScaleB(1, (int)Math.Round(Math.Log2(width * Math.Pow(unit, 0.25)))));
    }

    /// <inheritdoc/>
    public override void Subtract(ReadOnlySpan<T> starts, Span<double> logDensities, Span<bool> reversed)
    {
        int n = logDensities.Length, length = n * _d;
        T[] pooled = ArrayPool<T>.Shared.Rent(length);
        double[] matrices = ArrayPool<double>.Shared.Rent(length * _d);
        matrices.AsSpan(0, length * _d).Clear();
        Span<T> places = pooled.AsSpan(0, length);
        for (int column = 0; column < _d; column++)
        {
            // f' = (8 (f(h) - f(-h)) - (f(2h) - f(-2h))) / 12h
            Add(starts, places, matrices, column, 1, 8);
            Add(starts, places, matrices, column, -1, -8);
            Add(starts, places, matrices, column, 2, -1);
            Add(starts, places, matrices, column, -2, 1);
        }
        for (int i = 0; i < n; i++)
        {
            logDensities[i] -= Determinant.LogAbs(matrices.AsSpan(i * _d * _d, _d * _d), _d, out bool isPositive);
            reversed[i] |= !isPositive;
        }
        ArrayPool<double>.Shared.Return(matrices);
        ArrayPool<T>.Shared.Return(pooled);
    }

    // Row `column` of each matrix, which is the transposed derivative.
    private void Add(ReadOnlySpan<T> starts, Span<T> places, double[] matrices, int column, int steps, int weight)
    {
        T shift = _distance * T.CreateTruncating(steps);
        double factor = weight / (12 * double.CreateTruncating(_distance));
        starts.CopyTo(places);
        for (int at = column; at < places.Length; at += _d) places[at] += shift;
        _map(places);
        for (int i = 0, at = 0; at < places.Length; i++)
            for (int j = 0; j < _d; j++, at++) matrices[(i * _d + column) * _d + j] += factor * double.CreateTruncating(places[at]);
    }
}
