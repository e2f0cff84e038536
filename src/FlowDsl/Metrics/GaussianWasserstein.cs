using System.Numerics;
using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Numerics;

namespace FlowDsl.Metrics;

/// <summary>The Wasserstein-2 distance of two Gaussians, exactly, and that of an affine sampler from its target. In the units of x.</summary>
/// <remarks>
/// W2² = |m₁ - m₂|² + tr C₁ + tr C₂ - 2 tr (C₂^½ C₁ C₂^½)^½ (Dowson and Landau, The Fréchet distance between multivariate normal distributions, Journal of
/// Multivariate Analysis 12, 1982). The traces cancel where the laws are close, so the covariances' part is computed as the least |A - BU|² over
/// orthogonal U, for any A, B with AAᵀ = C₁ and BBᵀ = C₂, which is the same (Bhatia, Jain and Lim, On the Bures-Wasserstein distance between positive
/// definite matrices, 2019): small distances keep their digits down to 1e-15 of the standard deviations.
/// </remarks>
public static class GaussianWasserstein
{
    /// <summary>W2 of N(mean, covariance) and N(otherMean, otherCovariance), in O(d³).</summary>
    /// <param name="mean">d values.</param>
    /// <param name="covariance">The covariance; it may be singular.</param>
    /// <param name="otherMean">d values.</param>
    /// <param name="otherCovariance">The other covariance; it may be singular.</param>
    /// <exception cref="ArgumentException">The lengths or dimensions differ.</exception>
    public static double Between(ReadOnlySpan<double> mean, Covariance covariance, ReadOnlySpan<double> otherMean, Covariance otherCovariance)
    {
        ArgumentNullException.ThrowIfNull(covariance);
        ArgumentNullException.ThrowIfNull(otherCovariance);
        int d = covariance.Dimension;
        Check(mean.Length, d, "values", nameof(mean));
        Check(otherMean.Length, d, "values", nameof(otherMean));
        Check(otherCovariance.Dimension, d, "dimensions", nameof(otherCovariance));
        return Distance(mean, Root(covariance, variance => variance), otherMean, Root(otherCovariance, variance => variance));
    }

    /// <summary>The exact W2 of a sampler's law from p_t of a model with one component; t is the options' time, by default the early stop.</summary>
    /// <param name="model">The model, of one component.</param>
    /// <param name="map">The sampler's map from the horizon to t.</param>
    /// <param name="prior">The law of its starts.</param>
    /// <param name="options">Time.</param>
    /// <exception cref="ArgumentException">
    /// The model has more than one component or the map another dimension, or the covariance is singular and the time is 0.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">The prior or an option is out of its range.</exception>
    public static double OfSampler(GaussianMixtureModel model, AffineMap map, Prior prior = Prior.Exact, MetricOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(map);
        var law = TargetLaw.Of(model, MetricOptions.Of(options));
        if (model.ComponentCount != 1)
            throw new ArgumentException($"The model has {model.ComponentCount} components; the distance is known for one only.", nameof(model));
        int d = model.Dimension;
        Check(map.Dimension, d, "dimensions", nameof(map));
        ProcessPoint horizon = model.Process.At(model.Process.Horizon);
        ReadOnlySpan<double> mean = model.Mixture.Means[0].AsSpan();
        (double signal, Covariance start) = prior switch
        {
            Prior.Exact => (horizon.A, model.Mixture.Covariances[0]),
            Prior.Gaussian => (0, Covariance.Isotropic(d, model.Mixture.MeanVariance)),
            _ => throw new ArgumentOutOfRangeException(nameof(prior), prior, $"The prior must be {nameof(Prior.Exact)} or {nameof(Prior.Gaussian)}."),
        };
        double[] root = Product(map.Matrix.AsSpan(), Root(start, horizon.Spread), d), end = [.. map.Offset], target = new double[d];
        for (int i = 0; i < d; i++)
        {
            for (int j = 0; j < d; j++) end[i] += map.Matrix[i * d + j] * signal * mean[j];
            target[i] = law.Point.A * mean[i];
        }
        return Distance(end, root, target, Root(model.Mixture.Covariances[0], law.Point.Spread));
    }

    /// <summary>The exact W2 of a generated sampler's law from its model's p_t at the early stop.</summary>
    /// <typeparam name="TSampler">The sampler, of a model with one component.</typeparam>
    /// <typeparam name="T">float or double, as the sampler's precision.</typeparam>
    /// <param name="prior">The law of its starts.</param>
    /// <exception cref="ArgumentException">The sampler's model has more than one component.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The prior is neither of the two.</exception>
    public static double OfSampler<TSampler, T>(Prior prior = Prior.Exact)
        where TSampler : IFlowSampler<TSampler, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => OfSampler(TSampler.Descriptor.Model, AffineMap.Of<TSampler, T>(), prior);

    // Column j is the principal axis j times its standard deviation.
    private static double[] Root(Covariance covariance, Func<double, double> spread)
    {
        int d = covariance.Dimension;
        double[] root = new double[d * d];
        for (int axis = 0; axis < d; axis++)
        {
            double deviation = Math.Sqrt(spread(covariance.Variances[axis]));
            if (covariance.Basis is not { } basis) root[axis * d + axis] = deviation;
            else for (int i = 0; i < d; i++) root[i * d + axis] = deviation * basis[i * d + axis];
        }
        return root;
    }

    private static double Distance(ReadOnlySpan<double> mean, double[] root, ReadOnlySpan<double> otherMean, double[] otherRoot)
    {
        int d = mean.Length;
        // U is the orthogonal factor of BᵀA's polar decomposition.
        double[] rotated = Product(otherRoot, Procrustes.OrthogonalFactor(Product(SymmetricMatrix.Transpose(otherRoot, d), root, d), d), d);
        double sum = 0;
        for (int i = 0; i < d; i++) sum += (mean[i] - otherMean[i]) * (mean[i] - otherMean[i]);
        for (int i = 0; i < root.Length; i++) sum += (root[i] - rotated[i]) * (root[i] - rotated[i]);
        return Math.Sqrt(sum);
    }

    private static double[] Product(ReadOnlySpan<double> left, double[] right, int d)
    {
        double[] product = new double[d * d];
        for (int i = 0; i < d; i++)
            for (int l = 0; l < d; l++)
                for (int j = 0; j < d; j++) product[i * d + j] += left[i * d + l] * right[l * d + j];
        return product;
    }

    private static void Check(int length, int d, string noun, string name)
    {
        if (length != d) throw new ArgumentException($"It has {length} {noun}; it must have {d}.", name);
    }
}
