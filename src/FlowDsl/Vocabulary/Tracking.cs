namespace FlowDsl;

/// <summary>How the error of each sample is estimated.</summary>
public enum Tracking
{
    /// <summary>As <see cref="Companion"/>, but in the library's shared loops: no code is generated.</summary>
    Auto,

    /// <summary>No estimate; only the branch margin is known.</summary>
    None,

    /// <summary>
    /// The sum of the lengths of the steps' own errors. An embedded method estimates them from slopes that are evaluated anyway. How the flow
    /// amplifies them is not included. Multistep solvers: as <see cref="Companion"/>.
    /// </summary>
    Local,

    /// <summary>
    /// The steps' own errors, each carried to the end by the exact tangents of the later steps. It also gives the amplification of a small error at
    /// x_T. Multistep solvers: the estimate of <see cref="Companion"/>, plus the amplification.
    /// </summary>
    Tangent,

    /// <summary>
    /// The distance from a second run on half steps, extrapolated, which is one order more accurate; for multistep solvers, from one of higher order on quarter
    /// steps. If the sampler is straight-line code, so is the second run.
    /// </summary>
    Companion,

    /// <summary>
    /// As <see cref="Companion"/>, plus a proven upper bound: a tube around an accurate path encloses the exact flow from the sample's start,
    /// rounding included. This takes a fraction of a millisecond per sample where all components have the same isotropic covariance, and milliseconds
    /// elsewhere.
    /// </summary>
    Certified,
}
