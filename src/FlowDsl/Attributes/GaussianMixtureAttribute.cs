namespace FlowDsl;

/// <summary>
/// Declares that a partial class, record or struct is a Gaussian mixture: its components follow as
/// <see cref="ComponentAttribute"/>s or come from <see cref="File"/> or <see cref="Data"/>. The generator gives the type the point functions of
/// <see cref="IGaussianMixture{TSelf}"/> and one nested sampler for each <see cref="SamplerAttribute"/>.
/// </summary>
/// <param name="dimension">d, the number of coordinates, at least 1.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, Inherited = false)]
public sealed class GaussianMixtureAttribute(int dimension) : Attribute
{
    /// <summary>d, the number of coordinates.</summary>
    public int Dimension { get; } = dimension;

    /// <summary>
    /// The name of a <c>.mixture.json</c> file among the project's AdditionalFiles that holds the components, with
    /// scikit-learn's names and shapes: <c>weights</c>, <c>means</c>, <c>covariance_type</c> (<c>spherical</c>, <c>diag</c>,
    /// <c>tied</c> or <c>full</c>) and <c>covariances</c>, or <c>precisions_cholesky</c> or <c>precisions</c> instead. Replaces
    /// <see cref="ComponentAttribute"/>. It can be a path relative to the project's folder, a <c>Link</c> of the project, or the end of either.
    /// </summary>
    public string? File { get; set; }

    /// <summary>
    /// The name of one of NumPy's <c>.npy</c> files, beside the program when it runs, every row of which is a component of weight 1/n and variance
    /// <see cref="Variance"/>. Replaces <see cref="ComponentAttribute"/> and <see cref="File"/>. The compiler reads only the plan: <c>name.plan.json</c> among
    /// the project's AdditionalFiles, which the host's command <c>data name.npy</c> writes.
    /// </summary>
    public string? Data { get; set; }

    /// <summary>The variance of every component of <see cref="Data"/>, positive.</summary>
    public double Variance { get; set; }
}
