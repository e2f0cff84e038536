namespace FlowDsl;

/// <summary>The one-step and multistep solvers of the probability-flow ODE.</summary>
public enum Solver
{
    /// <summary>Explicit Euler, order 1, one function evaluation a step.</summary>
    Euler,

    /// <summary>DDIM: Euler in the canonical chart with variance 0 (data prediction), order 1, one evaluation a step.</summary>
    Ddim,

    /// <summary>Explicit midpoint, order 2, two evaluations a step.</summary>
    Midpoint,

    /// <summary>Heun (explicit trapezoid), order 2, two evaluations a step.</summary>
    Heun,

    /// <summary>The classical Runge-Kutta method, order 4, four evaluations a step.</summary>
    RungeKutta4,

    /// <summary>The third-order method of the Bogacki-Shampine 3(2) pair, three evaluations a step.</summary>
    BogackiShampine32,

    /// <summary>The fifth-order method of the Dormand-Prince 5(4) pair, six evaluations a step.</summary>
    DormandPrince54,

    /// <summary>DPM-Solver++(2M): exponential two-step method, order 2, one evaluation a step.</summary>
    DpmSolverPlusPlus2M,

    /// <summary>
    /// DPM-Solver++(3M): exponential three-step method, order 3, one evaluation a step. The coefficient of the second
    /// difference is the one third order requires; the widely published one is half of it and second order. The first step has
    /// no history and is first order, which leaves one error of the square of its length.
    /// </summary>
    DpmSolverPlusPlus3M,
}

/// <summary>The coordinates in which a solver integrates; states are x whatever the chart.</summary>
public enum Chart
{
    /// <summary>Canonical for Runge-Kutta solvers, DataPrediction for Ddim and DPM-Solver++.</summary>
    Auto,

    /// <summary>x against t.</summary>
    State,

    /// <summary>x/a against the noise-to-signal ratio s/a (Karras et al., "EDM").</summary>
    Edm,

    /// <summary>x/sqrt(a²v + s²) against a/sqrt(a²v + s²), v the mixture's mean variance: no stiffness as t goes to 0.</summary>
    Canonical,

    /// <summary>x/s against a/s, the canonical chart of variance 0: the chart in which Ddim and DPM-Solver++ are defined. For those solvers only.</summary>
    DataPrediction,
}

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

/// <summary>The floating-point type of a sampler's states and arithmetic.</summary>
public enum Precision
{
    /// <summary>32-bit: <see cref="float"/>.</summary>
    Single,

    /// <summary>64-bit: <see cref="double"/>.</summary>
    Double,
}

/// <summary>How the error of each sample is estimated.</summary>
public enum Tracking
{
    /// <summary>As <see cref="Companion"/>, by loops that the library shares: no code is generated for it.</summary>
    Auto,

    /// <summary>Not at all: only the branch margin is known.</summary>
    None,

    /// <summary>
    /// The sum of the lengths of the steps' own errors, from slopes that are evaluated anyway (<see cref="Analysis.LocalErrors"/>): what the
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

/// <summary>The nonlinearity behind the hidden layers of a learned map.</summary>
public enum Activation
{
    /// <summary>max(0, z).</summary>
    ReLU,

    /// <summary>max(0, z)².</summary>
    ReQU,

    /// <summary>ReLU in odd hidden layers (the first, the third, ...), ReQU in even ones.</summary>
    Alternating,

    /// <summary>z/(1 + e^-z).</summary>
    SiLU,
}

/// <summary>How a student makes a segment's map of its network f.</summary>
public enum StudentForm
{
    /// <summary>x ← f(x): the network is the map (arXiv:2606.03820).</summary>
    Plain,

    /// <summary>x ← x + f(x).</summary>
    Residual,

    /// <summary>
    /// x ← Gx + g + f(x), Gx + g the exact map of the one Gaussian that has the mixture's mean and covariance; in the span of the means, with the
    /// rest in closed form, where the components share one isotropic covariance.
    /// </summary>
    ClosedFormPlusResidual,

    /// <summary>
    /// x ← αx + c Σ_k softmax(ℓ + f(x, r))_k μ_k, ℓ and r the exact logits and responsibilities at the segment's start: the exact map has this form,
    /// because it averages the responsibilities along its path. In the span of the means. Needs components that share one isotropic covariance.
    /// </summary>
    ResponsibilityCorrected,

    /// <summary>
    /// x ← αx + c Σ_k softmax(½(ℓ + ℓ') + f(x, r, r'))_k μ_k: as <see cref="ResponsibilityCorrected"/>, and besides the exact logits and
    /// responsibilities ℓ' and r' at the segment's end, where the step with f = 0 and ℓ alone leads. Without f it is an order more exact.
    /// </summary>
    TrapezoidCorrected,
}
