namespace FlowDsl;

/// <summary>
/// One component w N(μ, Σ) of a <see cref="GaussianMixtureAttribute"/>. Exactly one of <see cref="Variance"/>,
/// <see cref="Variances"/> and <see cref="Covariance"/> gives Σ.
/// </summary>
/// <remarks>Means have lengths of at most 1e50, variances are 0 or from 1e-100 to 1e100: see <see cref="FlowDsl.Mathematics.SupportedRange"/>.</remarks>
/// <param name="weight">
/// w, positive; the weights of a mixture sum to 1 within 1e-9, or within 1e-6 if they were rounded to single precision (FLOW0117).
/// </param>
/// <param name="mean">μ, d values.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class ComponentAttribute(double weight, params double[] mean) : Attribute
{
    /// <summary>w.</summary>
    public double Weight { get; } = weight;

    /// <summary>μ, d values.</summary>
    public double[] Mean { get; } = mean;

    /// <summary>σ² of the isotropic covariance σ²I.</summary>
    public double Variance { get; set; }

    /// <summary>The d variances of a diagonal covariance.</summary>
    public double[]? Variances { get; set; }

    /// <summary>A full covariance, row-major d×d, symmetric and positive semidefinite.</summary>
    public double[]? Covariance { get; set; }
}
