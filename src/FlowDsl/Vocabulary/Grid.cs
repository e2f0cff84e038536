namespace FlowDsl;

/// <summary>How the step times are placed between the process's horizon and its early stop.</summary>
public enum Grid
{
    /// <summary>ErrorBalanced for one-step solvers; UniformLogSnr for multistep solvers, Angle where log-SNR is infinite at an end.</summary>
    Auto,

    /// <summary>Equal steps of t.</summary>
    Uniform,

    /// <summary>Equal steps of log t. Needs a positive early stop.</summary>
    LogTime,

    /// <summary>Equal steps of the log signal-to-noise ratio. Needs a finite one at both ends.</summary>
    UniformLogSnr,

    /// <summary>Equal steps of (s/a)^(1/Rho) (Karras et al.). Needs a finite s/a at the horizon.</summary>
    Edm,

    /// <summary>Equal steps of atan(s/a): the cosine schedule.</summary>
    Angle,

    /// <summary>Equal steps of (v + (s/a)²)^(-1/2), v the mixture's mean variance.</summary>
    Zeta,

    /// <summary>Equal steps of log(v + (s/a)²), v the mixture's mean variance.</summary>
    LogVariance,

    /// <summary>Equal shares of the integral of the Lipschitz bound L(t) of the velocity (arXiv:2606.03820).</summary>
    StabilityBalanced,

    /// <summary>Equal shares of the integral of the positive part of the one-sided Lipschitz bound μ(t) of the reverse flow.</summary>
    OneSidedStability,

    /// <summary>Equal shares of the integral of E‖∇v(x,t)‖₂, x from the process's own density at t.</summary>
    ExpectedStability,

    /// <summary>
    /// Equal shares of the integral of ψ^(1/(p+1)), ψ the root mean square of what a step of this solver, of order p, adds to the final error:
    /// its own error times the Jacobian of the exact flow from there on, measured on exact trajectories. This density of steps makes the sum
    /// of the errors least (Euler-Lagrange). Solvers that use earlier steps get UniformLogSnr, or Angle where log-SNR is infinite at an end.
    /// </summary>
    ErrorBalanced,

    /// <summary>
    /// The best found for this solver: Angle, ErrorBalanced, Edm, UniformLogSnr, LogVariance, ExpectedStability and the shortest path over
    /// measured step errors, ranked by the relative mean squared error on trajectories, then each time moved as long as that falls (coordinate
    /// descent). The error on other trajectories is reported. From 65 steps on, ErrorBalanced.
    /// </summary>
    Optimal,
}
