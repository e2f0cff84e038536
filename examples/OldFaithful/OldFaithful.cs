namespace FlowDsl.Examples;

#pragma warning disable FLOW0315, FLOW0316 // schedules to compare, bad ones among them

/// <summary>
/// Eruptions and waits of the geyser, standardised: two components with full covariances, fitted to the data. Five grids with
/// 8 steps of two Runge-Kutta solvers, and the multistep solvers with as many function evaluations as Heun's.
/// </summary>
[GaussianMixture(2, File = "OldFaithful.mixture.json")]
[Sampler("HeunUniform", Steps = 8, Solver = Solver.Heun, Grid = Grid.Uniform)]
[Sampler("Rk4Uniform", Steps = 8, Solver = Solver.RungeKutta4, Grid = Grid.Uniform)]
[Sampler("HeunLogSnr", Steps = 8, Solver = Solver.Heun, Grid = Grid.UniformLogSnr)]
[Sampler("Rk4LogSnr", Steps = 8, Solver = Solver.RungeKutta4, Grid = Grid.UniformLogSnr)]
// The two covariances cross, so that the stability bound over all x is infinite and the grid uses the one over the region that
// holds 99.9 % of the probability: finite, and meant to be seen beside the others here.
#pragma warning disable FLOW0310
[Sampler("HeunStability", Steps = 8, Solver = Solver.Heun, Grid = Grid.StabilityBalanced)]
[Sampler("Rk4Stability", Steps = 8, Solver = Solver.RungeKutta4, Grid = Grid.StabilityBalanced)]
#pragma warning restore FLOW0310
[Sampler("HeunExpected", Steps = 8, Solver = Solver.Heun, Grid = Grid.ExpectedStability)]
[Sampler("Rk4Expected", Steps = 8, Solver = Solver.RungeKutta4, Grid = Grid.ExpectedStability)]
[Sampler("HeunAngle", Steps = 8, Solver = Solver.Heun, Grid = Grid.Angle)]
[Sampler("Rk4Angle", Steps = 8, Solver = Solver.RungeKutta4, Grid = Grid.Angle)]
[Sampler("Dpm2M", Steps = 16, Solver = Solver.DpmSolverPlusPlus2M, Grid = Grid.UniformLogSnr)]
[Sampler("Dpm3M", Steps = 16, Solver = Solver.DpmSolverPlusPlus3M, Grid = Grid.UniformLogSnr)]
public partial class OldFaithful;
