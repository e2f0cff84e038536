using FlowDsl.Mathematics;
using FlowDsl.Runtime.Arithmetic;

namespace FlowDsl.Errors.Certification;

/// <summary>A mixture in the canonical chart of variance v, its means shifted to Σ w_k μ_k = 0: the data that all certificates of a model share.</summary>
/// <remarks>
/// With z = x/ω - ζμ̄, ω² = a²v + s² and ζ = a/ω, the probability-flow ODE of every process x = a x_0 + s ε is one equation, regular even at ζ = 0,
/// where no signal is left. With Δ_k = Σ_k - vI,
/// <code>
/// dz/dζ = Σ r_k g_k,   (I + ζ²Δ_k) g_k = μ_k + ζΔ_k z,   r = softmax φ                                       (1)
/// φ_k = log w_k - ½ log det(I + ζ²Δ_k) + ½ζ z·(g_k + μ_k) - ½ζ² μ_k·g_k,   ∂φ_k/∂z = ζ g_k                      (2)
/// ∂(dz/dζ)/∂z = ζ (Σ r_k Δ_k(I + ζ²Δ_k)⁻¹ + Cov_r(g))                                                       (3)
/// </code>
/// φ_k is log w_k N(x; aμ_k, a²Σ_k + s²I) minus terms that all components share. If all covariances are vI, then Δ = 0 and g_k = μ_k.
/// </remarks>
internal sealed class CanonicalMixture
{
    public CanonicalMixture(Mixture mixture)
    {
        int d = mixture.Dimension, count = mixture.Count;
        (Dimension, Count, Variance) = (d, count, mixture.MeanVariance);
        IsTied = mixture.HasSharedIsotropicCovariance;
        LogWeights = [.. mixture.LogWeights];
        Shift = mixture.Mean();

        double[][] means = [.. mixture.Means.Select(mean => mean.Select((value, j) => value - Shift[j]).ToArray())];
        for (int k = 0; k < count; k++)
        {
            for (int j = 0; j < k; j++) Diameter = Math.Max(Diameter, RoundOff.Slack * Vectors.Distance(means[k], means[j]));
            Scale = Math.Max(Scale, Vectors.Norm(means[k]) + Math.Sqrt(mixture.Covariances[k].MaxVariance));
        }

        (Means, Bases, AxisMeans, Offsets) = (means, new double[count][], new double[count][], new double[count][]);
        (MeanNorms, MeanErrors) = (new double[count], new double[count]);
        (MinOffset, MaxOffset, Conditioning) = (new double[count], new double[count], new double[count]);
        if (IsTied && d > count)
        {
            Span = new SpanBasis(means);
            Dimension = Span.Dimension;
            Means = new double[count][];
        }
        for (int k = 0; k < count; k++)
        {
            Covariance covariance = mixture.Covariances[k];
            // The shifted means are rounded; rotations sum d products twice, and their decomposition is accurate to some d rounding units.
            MeanErrors[k] = 2 * RoundOff.Unit * Vectors.Norm(means[k]);
            Conditioning[k] = (d + 12) * (covariance.Basis is null ? 1 : d + 4);
            if (Span is not null)
            {
                Means[k] = new double[Dimension];
                Span.Project(means[k], Means[k]);
                MeanErrors[k] = RoundOff.Slack * Span.Residual(means[k], Means[k]) + 2 * (d + 12) * RoundOff.Unit * Vectors.Norm(means[k]);
                Conditioning[k] *= 4;
            }
            MeanNorms[k] = Vectors.Norm(Means[k]);
            Bases[k] = covariance.Basis?.ToArray();
            AxisMeans[k] = new double[Dimension];
            ToAxes(k, Means[k], AxisMeans[k]);
            Offsets[k] = [.. covariance.Variances.Select(variance => variance - Variance)];
            (MinOffset[k], MaxOffset[k]) = (Offsets[k].Min(), Offsets[k].Max());
        }
    }

    /// <summary>The span of the means, whose coordinates are used here; null if the model's own coordinates are used.</summary>
    public SpanBasis? Span { get; }

    /// <summary>The number of coordinates.</summary>
    public int Dimension { get; }

    /// <summary>K.</summary>
    public int Count { get; }

    /// <summary>v.</summary>
    public double Variance { get; }

    /// <summary>Whether all covariances are vI, so all Δ_k are 0.</summary>
    public bool IsTied { get; }

    /// <summary>μ̄.</summary>
    public double[] Shift { get; }

    /// <summary>log w_k.</summary>
    public double[] LogWeights { get; }

    /// <summary>μ_k minus the shift.</summary>
    public double[][] Means { get; }

    /// <summary>|μ_k| after the shift.</summary>
    public double[] MeanNorms { get; }

    /// <summary>Bounds on the distances between these means and the model's.</summary>
    public double[] MeanErrors { get; }

    /// <summary>The principal axes of Σ_k as columns; null for the coordinate axes.</summary>
    public double[]?[] Bases { get; }

    /// <summary>μ_k, after the shift, along the principal axes.</summary>
    public double[][] AxisMeans { get; }

    /// <summary>The eigenvalues of Δ_k.</summary>
    public double[][] Offsets { get; }

    /// <summary>The smallest eigenvalue of Δ_k.</summary>
    public double[] MinOffset { get; }

    /// <summary>The largest eigenvalue of Δ_k.</summary>
    public double[] MaxOffset { get; }

    /// <summary>The error of a product with component k's matrices in rounding units, before its condition number.</summary>
    public double[] Conditioning { get; }

    /// <summary>The size of the data around its mean.</summary>
    public double Scale { get; }

    /// <summary>An upper bound on max |μ_i - μ_j|.</summary>
    public double Diameter { get; }

    /// <summary>δ/(1 + ζ²δ): an eigenvalue of Δ(I + ζ²Δ)⁻¹. It rises with δ and falls with ζ.</summary>
    public static double Relative(double offset, double zeta) => offset / (1 + zeta * zeta * offset);

    /// <summary>Qᵀ vector.</summary>
    public void ToAxes(int component, ReadOnlySpan<double> vector, Span<double> result)
    {
        if (Bases[component] is not { } basis)
        {
            vector.CopyTo(result);
            return;
        }
        int d = Dimension;
        result.Clear();
        for (int i = 0; i < d; i++) Vectors.AddScaled(vector[i], basis.AsSpan(i * d, d), result);
    }

    /// <summary>result += factor Q vector.</summary>
    public void AddFromAxes(int component, double factor, ReadOnlySpan<double> vector, Span<double> result)
    {
        int d = Dimension;
        if (Bases[component] is not { } basis)
        {
            Vectors.AddScaled(factor, vector, result);
            return;
        }
        for (int i = 0; i < d; i++) result[i] += factor * Vectors.Dot(basis.AsSpan(i * d, d), vector);
    }
}
