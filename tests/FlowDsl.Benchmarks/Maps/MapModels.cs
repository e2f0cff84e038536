using static FlowDsl.Benchmarks.StepTimes;

#pragma warning disable FLOW0315, FLOW0316 // the grid is the workloads'

namespace FlowDsl.Benchmarks;

/// <summary>The 5×5 grid of W2 with flow maps, Heun's method and Runge-Kutta's.</summary>
[GaussianMixture(2, File = "Grid25.mixture.json")]
[OrnsteinUhlenbeck(EarlyStop = T8)]
[FlowMap("Jump", Accuracy = 1e-6)]
[Sampler("Heun8", Times = new[] { T0, T1, T2, T3, T4, T5, T6, T7, T8 })]
[Sampler("Runge32", Solver = Solver.RungeKutta4, Steps = 32, Grid = Grid.Angle)]
[Sampler("Runge64", Solver = Solver.RungeKutta4, Steps = 64, Grid = Grid.Angle)]
[Sampler("Runge128", Solver = Solver.RungeKutta4, Steps = 128, Grid = Grid.Angle)]
public partial class MapGrid;

/// <summary>Two modes in 64 dimensions.</summary>
[GaussianMixture(64, File = "Pair64.mixture.json")]
[OrnsteinUhlenbeck(EarlyStop = T8)]
[FlowMap("Jump", Accuracy = 1e-6)]
[Sampler("Heun8", Times = new[] { T0, T1, T2, T3, T4, T5, T6, T7, T8 })]
[Sampler("Runge32", Solver = Solver.RungeKutta4, Steps = 32, Grid = Grid.Angle)]
[Sampler("Runge64", Solver = Solver.RungeKutta4, Steps = 64, Grid = Grid.Angle)]
[Sampler("Runge128", Solver = Solver.RungeKutta4, Steps = 128, Grid = Grid.Angle)]
public partial class MapPair;
