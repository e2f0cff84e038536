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
}
