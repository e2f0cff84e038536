namespace FlowDsl;

/// <summary>The one-step and multistep solvers of the probability-flow ODE.</summary>
public enum Solver
{
    /// <summary>Explicit Euler, order 1, one function evaluation per step.</summary>
    Euler,

    /// <summary>DDIM: Euler in the canonical chart with variance 0 (data prediction), order 1, one evaluation per step.</summary>
    Ddim,

    /// <summary>Explicit midpoint, order 2, two evaluations per step.</summary>
    Midpoint,

    /// <summary>Heun (explicit trapezoid), order 2, two evaluations per step.</summary>
    Heun,

    /// <summary>The classical Runge-Kutta method, order 4, four evaluations per step.</summary>
    RungeKutta4,

    /// <summary>The third-order method of the Bogacki-Shampine 3(2) pair, three evaluations per step.</summary>
    BogackiShampine32,

    /// <summary>The fifth-order method of the Dormand-Prince 5(4) pair, six evaluations per step.</summary>
    DormandPrince54,

    /// <summary>DPM-Solver++(2M): exponential two-step method, order 2, one evaluation per step.</summary>
    DpmSolverPlusPlus2M,

    /// <summary>
    /// DPM-Solver++(3M): exponential three-step method, order 3, one evaluation per step. The coefficient of the second
    /// difference is the one third order requires; the widely published one is half of it and second order. The first step has
    /// no history and is first order, which leaves one error of the square of its length.
    /// </summary>
    DpmSolverPlusPlus3M,

    /// <summary>DPM-Solver++(2S): exponential midpoint method, order 2, two evaluations per step.</summary>
    DpmSolverPlusPlus2S,

    /// <summary>DPM-Solver++(3S): exponential one-step method, order 3, three evaluations per step.</summary>
    DpmSolverPlusPlus3S,

    /// <summary>Adams-Bashforth with two slopes (linear multistep, LMS) in any chart, order 2, one evaluation per step.</summary>
    AdamsBashforth2,

    /// <summary>
    /// Adams-Bashforth with three slopes in any chart, order 3, one evaluation per step. The first step has no history and is first order, which leaves
    /// one error of the square of its length.
    /// </summary>
    AdamsBashforth3,

    /// <summary>
    /// UniPC with a predictor of order 2: exponential multistep method that corrects each step by the slope that the next one evaluates anyway, order 3, one
    /// evaluation per step.
    /// </summary>
    UniPC2,

    /// <summary>
    /// UniPC with a predictor of order 3, order 4, one evaluation per step. The first steps have less history, which leaves one error of the cube of
    /// their length.
    /// </summary>
    UniPC3,

    /// <summary>DEIS, tAB with two slopes: the noise prediction is extrapolated linearly in t, order 2, one evaluation per step.</summary>
    Deis2,

    /// <summary>
    /// DEIS, tAB with three slopes, order 3, one evaluation per step. The first step has no history and is first order, which leaves one error of the
    /// square of its length.
    /// </summary>
    Deis3,

    /// <summary>
    /// A method of the mixture's own, one evaluation per step: times, and weights of all slopes so far for every step, found while the project is built by
    /// measuring exact trajectories. For 3 to 12 steps, in <see cref="Chart.DataPrediction"/> or <see cref="Chart.Canonical"/>; it has no other grid.
    /// </summary>
    Bespoke,

    /// <summary>
    /// The generator's choice of solver, chart, steps and times, by their errors on exact trajectories: the default of a sampler that gives
    /// <c>Evaluations</c> or <c>Error</c>, and for those alone.
    /// </summary>
    Auto,
}
