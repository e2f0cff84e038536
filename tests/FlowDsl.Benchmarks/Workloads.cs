namespace FlowDsl.Benchmarks;

// Four mixtures of one solver and grid: Heun's method in 8 steps, 16 evaluations a sample, in single precision.

/// <summary>Eight modes of one variance on a circle of radius 4 in the plane.</summary>
[GaussianMixture(2)]
[Component(0.125, 4, 0, Variance = 0.09)]
[Component(0.125, 2.8284271247461903, 2.8284271247461903, Variance = 0.09)]
[Component(0.125, 0, 4, Variance = 0.09)]
[Component(0.125, -2.8284271247461903, 2.8284271247461903, Variance = 0.09)]
[Component(0.125, -4, 0, Variance = 0.09)]
[Component(0.125, -2.8284271247461903, -2.8284271247461903, Variance = 0.09)]
[Component(0.125, 0, -4, Variance = 0.09)]
[Component(0.125, 2.8284271247461903, -2.8284271247461903, Variance = 0.09)]
[Sampler("Heun8", Steps = 8, Solver = Solver.Heun, Grid = Grid.Angle)]
public partial class Ring8;

/// <summary>Two full covariances in the plane: Old Faithful, standardised.</summary>
[GaussianMixture(2)]
[Component(0.3559, -1.2740, -1.2099, Covariance = new[] { 0.0533, 0.0281, 0.0281, 0.1830 })]
[Component(0.6441, 0.7039, 0.6685, Covariance = new[] { 0.1310, 0.0608, 0.0608, 0.1957 })]
[Sampler("Heun8", Steps = 8, Solver = Solver.Heun, Grid = Grid.Angle)]
public partial class TwoFull;

/// <summary>Ten random diagonal covariances in 16 dimensions.</summary>
[GaussianMixture(16, File = "Diagonal16.mixture.json")]
[Sampler("Heun8", Steps = 8, Solver = Solver.Heun, Grid = Grid.Angle)]
public partial class Diagonal16;

/// <summary>Twenty random isotropic covariances in 64 dimensions.</summary>
[GaussianMixture(64, File = "Spherical64.mixture.json")]
[Sampler("Heun8", Steps = 8, Solver = Solver.Heun, Grid = Grid.Angle)]
public partial class Spherical64;
