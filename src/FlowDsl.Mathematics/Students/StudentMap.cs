using FlowDsl.Mathematics.Numerics;

namespace FlowDsl.Mathematics.Students;

/// <summary>Closed forms of a segment's exact map, known before training.</summary>
/// <remarks>
/// <para>
/// Under one isotropic covariance vI the exact flow is dz/dζ = Σ_k r_k μ_k in z = x/√λ, ζ = a/√λ, λ = a²v + s². So a segment from λ_0 to λ_1 maps x
/// to αx + (a_1 - αa_0) Σ_k w_k μ_k, α = √(λ_1/λ_0) and w the mean of the responsibilities over ζ along the path: a point of the simplex.
/// </para>
/// <para>
/// A Gaussian of mean m and covariance C maps by √((a_1²c + s_1²)/(a_0²c + s_0²)) along each principal axis, c its variance, from a_0 m to a_1 m.
/// </para>
/// </remarks>
internal sealed class StudentMap
{
    private readonly Mixture _mixture;
    private readonly ProcessPoint _from, _to;

    /// <summary>Analyses a segment.</summary>
    /// <param name="mixture">The mixture, in the mapped coordinates.</param>
    /// <param name="process">Its process.</param>
    /// <param name="from">The time at which the segment starts.</param>
    /// <param name="to">The time at which it ends.</param>
    public StudentMap(Mixture mixture, Process process, double from, double to)
    {
        _mixture = mixture;
        (_from, _to) = (process.At(from), process.At(to));
    }

    /// <summary>α, the factor of a deviation from a component's mean, for the mean variance.</summary>
    public double Start => Stretch(_mixture.MeanVariance);

    /// <summary>For each coordinate at the segment's start the reciprocal of its standard deviation, and minus its mean divided by it.</summary>
    public (float[] Scales, float[] Shifts) Standardization()
    {
        int d = _mixture.Dimension;
        double[] covariance = Moments(out double[] mean);
        float[] scales = new float[d], shifts = new float[d];
        for (int j = 0; j < d; j++)
        {
            double deviation = Math.Sqrt(_from.Spread(covariance[j * d + j]));
            (scales[j], shifts[j]) = ((float)(1 / deviation), (float)(-_from.A * mean[j] / deviation));
        }
        return (scales, shifts);
    }

    /// <summary>The logits log w_k + (a/λ) x·μ_k - a²|μ_k|²/(2λ) at the segment's start as a layer: K×d weights, K biases.</summary>
    public double[] Logits() => Logits(_from);

    /// <summary>The same at the segment's end.</summary>
    public double[] EndLogits() => Logits(_to);

    private double[] Logits(ProcessPoint point)
    {
        int d = _mixture.Dimension, count = _mixture.Count;
        double factor = point.A / point.Spread(_mixture.MeanVariance);
        double[] layer = new double[(d + 1) * count];
        for (int k = 0; k < count; k++)
        {
            ImmutableArray<double> mean = _mixture.Means[k];
            for (int j = 0; j < d; j++) layer[k * d + j] = factor * mean[j];
            layer[d * count + k] = _mixture.LogWeights[k] - 0.5 * factor * point.A * mean.Sum(value => value * value);
        }
        return layer;
    }

    /// <summary>(a_1 - αa_0) μ_k in column k as a layer: d×K weights, d zeros.</summary>
    public double[] Means()
    {
        int d = _mixture.Dimension, count = _mixture.Count;
        double factor = _to.A - Start * _from.A;
        double[] layer = new double[(count + 1) * d];
        for (int j = 0; j < d; j++)
            for (int k = 0; k < count; k++) layer[j * count + k] = factor * _mixture.Means[k][j];
        return layer;
    }

    /// <summary>The exact map of the Gaussian that has the mixture's mean and covariance, as a layer: d×d weights, d biases.</summary>
    public double[] ClosedForm()
    {
        int d = _mixture.Dimension;
        double[] covariance = Moments(out double[] mean), variances = SymmetricMatrix.Eigen(covariance, d, out double[] axes);
        double[] layer = new double[(d + 1) * d];
        for (int i = 0; i < d; i++)
        {
            double stretch = Stretch(variances[i]);
            for (int row = 0; row < d; row++)
                for (int column = 0; column < d; column++) layer[row * d + column] += stretch * axes[row * d + i] * axes[column * d + i];
        }
        for (int row = 0; row < d; row++)
        {
            double image = 0;
            for (int column = 0; column < d; column++) image += layer[row * d + column] * mean[column];
            layer[d * d + row] = _to.A * mean[row] - _from.A * image;
        }
        return layer;
    }

    /// <summary>The largest factor by which <see cref="ClosedForm"/> stretches.</summary>
    public double ClosedFormNorm => SymmetricMatrix.Eigen(Moments(out _), _mixture.Dimension, out _).Max(Stretch);

    private double Stretch(double variance) => Math.Sqrt(_to.Spread(variance) / _from.Spread(variance));

    private double[] Moments(out double[] mean) => _mixture.CovarianceAbout(mean = _mixture.Mean());
}
