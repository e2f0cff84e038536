using System.Collections.Immutable;
using System.Numerics;
using FlowDsl.Mathematics.Numerics;
using FlowDsl.Runtime.Arithmetic;

namespace FlowDsl.Metrics;

/// <summary>x ↦ Mx + b: what every sampler does if its model has one component.</summary>
public sealed class AffineMap
{
    // Two points off the axes tell whether a map is affine. Its own rounding, in single precision, is far below this; a mixture's curvature is above.
    private const double Tolerance = 1e-4;
    private const int Probes = 2;

    private AffineMap(ImmutableArray<double> matrix, ImmutableArray<double> offset) => (Matrix, Offset) = (matrix, offset);

    /// <summary>M, d×d values, row-major.</summary>
    public ImmutableArray<double> Matrix { get; }

    /// <summary>b, d values.</summary>
    public ImmutableArray<double> Offset { get; }

    /// <summary>d.</summary>
    public int Dimension => Offset.Length;

    /// <summary>The affine map of a sampler, from the horizon to the early stop: its values at 0 and at the unit vectors, times a scale.</summary>
    /// <typeparam name="TSampler">The sampler, of a model with one component.</typeparam>
    /// <typeparam name="T">float or double, as the sampler's precision.</typeparam>
    /// <returns>The map, up to the sampler's own rounding.</returns>
    /// <exception cref="ArgumentException">The sampler's model has more than one component.</exception>
    public static AffineMap Of<TSampler, T>()
        where TSampler : IFlowSampler<TSampler, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        SamplerDescriptor sampler = TSampler.Descriptor;
        GaussianMixtureModel model = sampler.Model;
        if (model.ComponentCount != 1)
            throw new ArgumentException($"{sampler.Name} samples a mixture of {model.ComponentCount} components; it is affine for one only.", nameof(TSampler));
        return Of(model.Dimension, Integrate, Math.Sqrt(model.Process.At(model.Process.Horizon).Spread(model.Mixture.MeanVariance)));

        static void Integrate(Span<double> states)
        {
            T[] own = new T[states.Length];
            for (int i = 0; i < own.Length; i++) own[i] = T.CreateTruncating(states[i]);
            TSampler.Integrate(own);
            for (int i = 0; i < own.Length; i++) states[i] = double.CreateTruncating(own[i]);
        }
    }

    /// <summary>The affine map that a map of samples is: its values at 0 and at the unit vectors, times a scale.</summary>
    /// <param name="dimension">d, positive.</param>
    /// <param name="map">The map; called once, with d + 3 samples.</param>
    /// <param name="scale">The size of the points at which it is evaluated, positive: a map that rounds is best seen at the size of its samples.</param>
    /// <exception cref="ArgumentOutOfRangeException">The dimension or the scale is not positive and finite.</exception>
    /// <exception cref="ArgumentException">The map is not affine, or has a value that is not finite.</exception>
    public static AffineMap Of(int dimension, SegmentMap map, double scale = 1)
    {
        ArgumentNullException.ThrowIfNull(map);
        if (dimension < 1) throw new ArgumentOutOfRangeException(nameof(dimension), dimension, $"The dimension is {dimension}; it must be at least 1.");
        if (!(scale > 0 && double.IsFinite(scale)))
            throw new ArgumentOutOfRangeException(nameof(scale), scale, $"The scale is {PortableNumber.Format(scale)}; it must be positive and finite.");
        int d = dimension;
        // 0, the unit vectors, and two points that a map that is not affine does not meet by chance.
        double[] starts = new double[(1 + d + Probes) * d];
        for (int j = 0; j < d; j++) starts[(1 + j) * d + j] = scale;
        for (int probe = 0; probe < Probes; probe++)
            for (int j = 0; j < d; j++) starts[(1 + d + probe) * d + j] = 4 * scale * (SplitMix.Uniform(probe, j) - 0.5);
        double[] ends = [.. starts];
        map(ends);
        if (!Vectors.AreFinite<double>(ends)) throw new ArgumentException("The map has a value that is not finite.", nameof(map));

        double[] matrix = new double[d * d], offset = ends[..d];
        for (int i = 0; i < d; i++)
            for (int j = 0; j < d; j++) matrix[i * d + j] = (ends[(1 + j) * d + i] - offset[i]) / scale;
        double size = 0;
        foreach (double end in ends) size = Math.Max(size, Math.Abs(end));
        for (int probe = 1 + d; probe < 1 + d + Probes; probe++)
        {
            for (int i = 0; i < d; i++)
            {
                double expected = offset[i];
                for (int j = 0; j < d; j++) expected += matrix[i * d + j] * starts[probe * d + j];
                double error = Math.Abs(ends[probe * d + i] - expected);
                if (error <= Tolerance * size) continue;
                throw new ArgumentException(
                    $"The map is not affine: at a point between others it differs by {NumberText.Brief(error)} from what its values at 0 and at the unit "
                    + $"vectors say; the greatest value is {NumberText.Brief(size)}.", nameof(map));
            }
        }
        return new AffineMap([.. matrix], [.. offset]);
    }
}
