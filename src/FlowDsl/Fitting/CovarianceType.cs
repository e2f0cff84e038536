namespace FlowDsl;

/// <summary>What a fit may choose of the covariances, with the names of scikit-learn's <c>covariance_type</c>.</summary>
public enum CovarianceType
{
    /// <summary>A symmetric matrix for each component.</summary>
    Full,

    /// <summary>One symmetric matrix that all components share.</summary>
    Tied,

    /// <summary>One variance a coordinate for each component.</summary>
    Diagonal,

    /// <summary>One variance for each component.</summary>
    Spherical,
}
