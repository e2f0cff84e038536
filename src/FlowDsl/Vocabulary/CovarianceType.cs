namespace FlowDsl;

/// <summary>The forms of covariances.</summary>
public enum CovarianceType
{
    /// <summary>One variance in all directions. scikit-learn's <c>spherical</c>.</summary>
    Isotropic,

    /// <summary>A variance per coordinate. scikit-learn's <c>diag</c>.</summary>
    Diagonal,

    /// <summary>A symmetric matrix. scikit-learn's <c>full</c>.</summary>
    Full,

    /// <summary>One symmetric matrix that all components share. Only fits use it; each component of the result then has a <see cref="Full"/> one.</summary>
    Tied,
}
