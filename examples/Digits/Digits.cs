namespace FlowDsl.Examples;

/// <summary>
/// Handwritten digits of 8×8 pixels, from 0 (paper) to 16 (ink): 28 components with one full covariance, fitted to 1797 of them. Noise of a deviation
/// of 100 hides a digit, and one of 0.3 is less than a step between two grey levels.
/// </summary>
[GaussianMixture(64, File = "Digits.mixture.json")]
[VarianceExploding(SigmaMin = 0.3, SigmaMax = 100)]
[Sampler("Fast", Steps = 8, Solver = Solver.Heun, Grid = Grid.Edm)]
[Sampler("Fine", Steps = 16, Solver = Solver.RungeKutta4, Grid = Grid.Edm)]
public partial class Digits;
