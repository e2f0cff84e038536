// These are the paper's blocks: x against t, at equal times. Better samplers are known, and the generator says so.
#pragma warning disable FLOW0315, FLOW0316

namespace FlowDsl.Examples;

/// <summary>
/// Deep residual compositions as in the paper's Definition 10: Euler's method with the score of a constructed network, one residual block a step.
/// Here for eight modes on a circle.
/// </summary>
[GaussianMixture(2)]
[Component(0.125, 4, 0, Variance = 0.09)]
[Component(0.125, 2.828427124746190, 2.828427124746190, Variance = 0.09)]
[Component(0.125, 0, 4, Variance = 0.09)]
[Component(0.125, -2.828427124746190, 2.828427124746190, Variance = 0.09)]
[Component(0.125, -4, 0, Variance = 0.09)]
[Component(0.125, -2.828427124746190, -2.828427124746190, Variance = 0.09)]
[Component(0.125, 0, -4, Variance = 0.09)]
[Component(0.125, 2.828427124746190, -2.828427124746190, Variance = 0.09)]
[ScoreNetwork("Net", Accuracy = 1e-3)]
[Sampler("Blocks4", Steps = 4, Solver = Solver.Euler, Chart = Chart.State, Grid = Grid.Uniform, Precision = Precision.Double, Score = "Net")]
[Sampler("Blocks8", Steps = 8, Solver = Solver.Euler, Chart = Chart.State, Grid = Grid.Uniform, Precision = Precision.Double, Score = "Net")]
[Sampler("Blocks16", Steps = 16, Solver = Solver.Euler, Chart = Chart.State, Grid = Grid.Uniform, Precision = Precision.Double, Score = "Net")]
[Sampler("Blocks32", Steps = 32, Solver = Solver.Euler, Chart = Chart.State, Grid = Grid.Uniform, Precision = Precision.Double, Score = "Net")]
[Sampler("Blocks64", Steps = 64, Solver = Solver.Euler, Chart = Chart.State, Grid = Grid.Uniform, Precision = Precision.Double, Score = "Net")]
[Sampler("Blocks128", Steps = 128, Solver = Solver.Euler, Chart = Chart.State, Grid = Grid.Uniform, Precision = Precision.Double, Score = "Net")]
public partial class DeepRing;

/// <summary>The same for a grid of 5×5 modes.</summary>
[GaussianMixture(2)]
[Component(0.04, -4, -4, Variance = 0.01)]
[Component(0.04, -4, -2, Variance = 0.01)]
[Component(0.04, -4, 0, Variance = 0.01)]
[Component(0.04, -4, 2, Variance = 0.01)]
[Component(0.04, -4, 4, Variance = 0.01)]
[Component(0.04, -2, -4, Variance = 0.01)]
[Component(0.04, -2, -2, Variance = 0.01)]
[Component(0.04, -2, 0, Variance = 0.01)]
[Component(0.04, -2, 2, Variance = 0.01)]
[Component(0.04, -2, 4, Variance = 0.01)]
[Component(0.04, 0, -4, Variance = 0.01)]
[Component(0.04, 0, -2, Variance = 0.01)]
[Component(0.04, 0, 0, Variance = 0.01)]
[Component(0.04, 0, 2, Variance = 0.01)]
[Component(0.04, 0, 4, Variance = 0.01)]
[Component(0.04, 2, -4, Variance = 0.01)]
[Component(0.04, 2, -2, Variance = 0.01)]
[Component(0.04, 2, 0, Variance = 0.01)]
[Component(0.04, 2, 2, Variance = 0.01)]
[Component(0.04, 2, 4, Variance = 0.01)]
[Component(0.04, 4, -4, Variance = 0.01)]
[Component(0.04, 4, -2, Variance = 0.01)]
[Component(0.04, 4, 0, Variance = 0.01)]
[Component(0.04, 4, 2, Variance = 0.01)]
[Component(0.04, 4, 4, Variance = 0.01)]
[ScoreNetwork("Net", Accuracy = 1e-3)]
[Sampler("Blocks4", Steps = 4, Solver = Solver.Euler, Chart = Chart.State, Grid = Grid.Uniform, Precision = Precision.Double, Score = "Net")]
[Sampler("Blocks8", Steps = 8, Solver = Solver.Euler, Chart = Chart.State, Grid = Grid.Uniform, Precision = Precision.Double, Score = "Net")]
[Sampler("Blocks16", Steps = 16, Solver = Solver.Euler, Chart = Chart.State, Grid = Grid.Uniform, Precision = Precision.Double, Score = "Net")]
[Sampler("Blocks32", Steps = 32, Solver = Solver.Euler, Chart = Chart.State, Grid = Grid.Uniform, Precision = Precision.Double, Score = "Net")]
[Sampler("Blocks64", Steps = 64, Solver = Solver.Euler, Chart = Chart.State, Grid = Grid.Uniform, Precision = Precision.Double, Score = "Net")]
[Sampler("Blocks128", Steps = 128, Solver = Solver.Euler, Chart = Chart.State, Grid = Grid.Uniform, Precision = Precision.Double, Score = "Net")]
public partial class DeepGrid;

/// <summary>The same for the paper's mixture with σ0 = 1.</summary>
[GaussianMixture(64, File = "Paper.mixture.json")]
[OrnsteinUhlenbeck(Beta = 5, Horizon = 1, EarlyStop = 0)]
[ScoreNetwork("Net", Accuracy = 1e-3)]
[Sampler("Blocks4", Steps = 4, Solver = Solver.Euler, Chart = Chart.State, Grid = Grid.Uniform, Precision = Precision.Double, Score = "Net")]
[Sampler("Blocks8", Steps = 8, Solver = Solver.Euler, Chart = Chart.State, Grid = Grid.Uniform, Precision = Precision.Double, Score = "Net")]
[Sampler("Blocks16", Steps = 16, Solver = Solver.Euler, Chart = Chart.State, Grid = Grid.Uniform, Precision = Precision.Double, Score = "Net")]
[Sampler("Blocks32", Steps = 32, Solver = Solver.Euler, Chart = Chart.State, Grid = Grid.Uniform, Precision = Precision.Double, Score = "Net")]
[Sampler("Blocks64", Steps = 64, Solver = Solver.Euler, Chart = Chart.State, Grid = Grid.Uniform, Precision = Precision.Double, Score = "Net")]
[Sampler("Blocks128", Steps = 128, Solver = Solver.Euler, Chart = Chart.State, Grid = Grid.Uniform, Precision = Precision.Double, Score = "Net")]
public partial class DeepPaper;
