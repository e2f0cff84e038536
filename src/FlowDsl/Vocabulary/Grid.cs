namespace FlowDsl;

/// <summary>How the step times are placed between the process's horizon and its early stop.</summary>
public enum Grid
{
    /// <summary>
    /// ErrorBalanced for one-step solvers, whose errors add up. Optimal for multistep solvers: their steps share slopes, and the best grids let errors
    /// cancel, which no balance of single steps shows.
    /// </summary>
    Auto,

    /// <summary>Equal steps of t.</summary>
    Uniform,

    /// <summary>Equal steps of log t. Needs a positive early stop.</summary>
    LogTime,

    /// <summary>Equal steps of the log signal-to-noise ratio (log-SNR), which must be finite at both ends.</summary>
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
    /// Equal shares of the integral of ψ^(1/(p+1)). ψ is the root mean square of what a step of this solver, of order p, adds to the final error: its
    /// own error, after exact steps of the same length if it uses earlier ones, times the Jacobian of the exact flow from there on, measured on exact
    /// trajectories. This step density minimises the sum of the errors (Euler-Lagrange). It exists on whole intervals, from pure noise to the data.
    /// </summary>
    ErrorBalanced,

    /// <summary>
    /// The best grid found for this solver. Angle, ErrorBalanced, Edm, UniformLogSnr, LogVariance, ExpectedStability and the shortest path over
    /// measured step errors are ranked by their relative mean squared error on trajectories; then each time is moved as long as the error falls
    /// (coordinate descent). For multistep solvers all times are moved at once (Gauss-Newton), from several grids between ErrorBalanced and equal
    /// steps of log-SNR. The error on other trajectories is reported. For 65 steps or more it is ErrorBalanced.
    /// </summary>
    Optimal,

    /// <summary>The same times as <see cref="Edm"/>, under the name by which samplers know them (Karras et al., arXiv:2206.00364).</summary>
    Karras,

    /// <summary>Equal steps of log(s/a), k-diffusion's exponential schedule. The same times as <see cref="UniformLogSnr"/>.</summary>
    Exponential,

    /// <summary>
    /// Quantiles of the Beta(Alpha, Beta) distribution over t, in equal steps of probability: dense at both ends for parameters below 1
    /// (Lee et al., arXiv:2407.12173).
    /// </summary>
    Beta,

    /// <summary>
    /// Equal steps of the linear interpolant's time before a shift of the noise level: s/a is Shift times that of the unshifted time. On the linear
    /// interpolant from 1 to 0 this is t' = Shift·t/(1 + (Shift - 1) t) of uniform t (Esser et al., arXiv:2403.03206). A shift that depends on
    /// the resolution is Shift = exp(μ).
    /// </summary>
    Shift,

    /// <summary>
    /// The ten steps published for Stable Diffusion 1.5 (Sabour et al., arXiv:2404.14507), interpolated linearly in log(s/a), which is scaled so that
    /// its ends are the process's. Needs a finite log-SNR at both ends.
    /// </summary>
    AlignYourSteps,

    /// <summary>The same with the ten steps published for Stable Diffusion XL.</summary>
    AlignYourStepsXL,

    /// <summary>
    /// Equal shares of the integral of (E‖d²x/dt²‖)^Gamma over t, x on exact trajectories (Gupta et al., arXiv:2605.11547). The published schedule
    /// estimates the acceleration on trajectories of the network.
    /// </summary>
    SharpEuler,

    /// <summary>
    /// The best grid found for this solver on one Gaussian with the mixture's mean and covariance, by the solver's exact error on it. Above 64 steps
    /// the best 64 are interpolated.
    /// </summary>
    GaussianOptimal,

    /// <summary>
    /// ErrorBalanced, measured on a trained network instead of the mixture: a file that NetworkProfile.Save or the host's command <c>profile</c> writes holds
    /// the measurements, and the sampler's Profile names it. At run time NetworkProfile.CreateTimes has these times; no model has them by itself.
    /// </summary>
    Profile,
}
