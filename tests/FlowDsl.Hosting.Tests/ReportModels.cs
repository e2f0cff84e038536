namespace FlowDsl.Tests.Hosted;

#pragma warning disable FLOW0315, FLOW0316, FLOW0317, FLOW0318 // few steps: reports are tested, not the samplers
#pragma warning disable FLOW0504 // a student without weights is what is tested

/// <summary>Three modes in the plane, and samplers of several solvers: what docs/report.png shows.</summary>
[GaussianMixture(2)]
[Component(0.45, -1.1, -0.5, Covariance = new[] { 0.10, 0.055, 0.055, 0.06 })]
[Component(0.35, 1.1, -0.35, Covariance = new[] { 0.05, -0.02, -0.02, 0.09 })]
[Component(0.20, 0.15, 1.15, Variance = 0.035)]
[Sampler("Euler16", Steps = 16, Solver = Solver.Euler, Grid = Grid.ExpectedStability)]
[Sampler("Ddim16", Steps = 16, Solver = Solver.Ddim, Grid = Grid.UniformLogSnr)]
[Sampler("Heun4", Steps = 4, Solver = Solver.Heun, Grid = Grid.Angle)]
[Sampler("Heun12", Steps = 12, Solver = Solver.Heun, Grid = Grid.Angle)]
[Sampler("Dpm3M20", Steps = 20, Solver = Solver.DpmSolverPlusPlus3M, Grid = Grid.Angle)]
[Sampler("Rk4x12", Steps = 12, Solver = Solver.RungeKutta4, Grid = Grid.Angle, Precision = Precision.Double)]
public partial class Clover;

/// <summary>One Gaussian, whose flow has a closed form.</summary>
[GaussianMixture(2)]
[Component(1, 0.5, -0.25, Variances = new[] { 0.25, 1.0 })]
[Sampler("Direct", Steps = 4, Solver = Solver.Heun, Grid = Grid.LogTime)]
public partial class Bell;

/// <summary>Five dimensions, under a noise that explodes.</summary>
[GaussianMixture(5)]
[Component(0.5, 1, 0, 0, 0.5, 0, Variance = 0.04)]
[Component(0.3, -1, 0.5, 0, 0, 0, Variances = new[] { 0.04, 0.09, 0.01, 0.04, 0.16 })]
[Component(0.2, 0, -1, 0.5, 0, 1, Variance = 0.09)]
[VarianceExploding(SigmaMin = 0.01, SigmaMax = 40)]
[Sampler("Edm18", Steps = 18, Solver = Solver.Heun, Grid = Grid.Edm)]
[Student("Pupil", Segments = 2, Width = 4)]
public partial class Quintet;

/// <summary>A model without samplers.</summary>
[GaussianMixture(2)]
[Component(0.5, -1, 0, Variance = 0.1)]
[Component(0.5, 1, 0, Variance = 0.1)]
public partial class Alone;

/// <summary>Two narrow modes, and a multistep solver that turns space over on so few steps.</summary>
[GaussianMixture(1)]
[Component(0.5, -1, Variance = 0.01)]
[Component(0.5, 1, Variance = 0.01)]
[OrnsteinUhlenbeck(EarlyStop = 0.01)]
[Sampler("Over", Steps = 6, Solver = Solver.DpmSolverPlusPlus2M, Grid = Grid.Angle, Precision = Precision.Double)]
[Sampler("Along", Steps = 24, Solver = Solver.Heun, Grid = Grid.Angle)]
public partial class Folding;
