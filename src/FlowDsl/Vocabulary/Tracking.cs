namespace FlowDsl;

/// <summary>How the error of each sample is estimated.</summary>
public enum Tracking
{
    /// <summary>As <see cref="Companion"/>, by loops that the library shares: no code is generated for it.</summary>
    Auto,

    /// <summary>Not at all: only the branch margin is known.</summary>
    None,

    /// <summary>
    /// The sum of the lengths of the steps' own errors, from slopes that are evaluated anyway by an embedded method: what the
    /// steps do wrong, not what the flow makes of it. Multistep solvers: as <see cref="Companion"/>.
    /// </summary>
    Local,

    /// <summary>
    /// The steps' own errors, each carried to the end by the exact tangents of the steps after it, and with them how much a small error at x_T
    /// is amplified. Multistep solvers: the estimate of <see cref="Companion"/> and the amplification.
    /// </summary>
    Tangent,

    /// <summary>
    /// The distance from a twin run an order more exact, by local extrapolation; Richardson's extrapolation for multistep solvers. The twin is
    /// generated too where the sampler itself is straight-line code.
    /// </summary>
    Companion,

    /// <summary>
    /// As <see cref="Companion"/>, and a proved upper bound beside it: the exact flow from the sample's start is enclosed by a tube about an
    /// accurate path, rounding included. It takes milliseconds a sample.
    /// </summary>
    Certified,
}
