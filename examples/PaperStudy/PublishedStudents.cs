namespace FlowDsl.Examples;

// The paper's experiments 1 and 2. Its teacher of experiment 2 takes ten steps that are not stable for narrow modes, and its bounds leave no room for the
// map: both are what is reproduced here. The compiler forecasts the teacher's error (FLOW0315).
#pragma warning disable FLOW0315

/// <summary>
/// The map of experiment 2, from where a² is 1/2 to the data, for modes of deviation 0.1: by the published teacher, and by one that has converged.
/// </summary>
[GaussianMixture(64, File = "Paper-0.1.mixture.json")]
[OrnsteinUhlenbeck(Beta = 5, Horizon = 0.0693147180559945, EarlyStop = 0)]
[Sampler("Published", Steps = 10, Solver = Solver.RungeKutta4, Chart = Chart.State, Grid = Grid.Uniform)]
[Sampler("Converged", Steps = 20, Solver = Solver.RungeKutta4, Grid = Grid.Angle)]
public partial class Modes01;

/// <summary>The same for modes of deviation 0.01.</summary>
[GaussianMixture(64, File = "Paper-0.01.mixture.json")]
[OrnsteinUhlenbeck(Beta = 5, Horizon = 0.0693147180559945, EarlyStop = 0)]
[Sampler("Published", Steps = 10, Solver = Solver.RungeKutta4, Chart = Chart.State, Grid = Grid.Uniform)]
[Sampler("Converged", Steps = 20, Solver = Solver.RungeKutta4, Grid = Grid.Angle)]
public partial class Modes001;

/// <summary>The same for modes of deviation 0.001.</summary>
[GaussianMixture(64, File = "Paper-0.001.mixture.json")]
[OrnsteinUhlenbeck(Beta = 5, Horizon = 0.0693147180559945, EarlyStop = 0)]
[Sampler("Published", Steps = 10, Solver = Solver.RungeKutta4, Chart = Chart.State, Grid = Grid.Uniform)]
[Sampler("Converged", Steps = 20, Solver = Solver.RungeKutta4, Grid = Grid.Angle)]
public partial class Modes0001;

/// <summary>The same for modes of deviation 0.0001.</summary>
[GaussianMixture(64, File = "Paper-0.0001.mixture.json")]
[OrnsteinUhlenbeck(Beta = 5, Horizon = 0.0693147180559945, EarlyStop = 0)]
[Sampler("Published", Steps = 10, Solver = Solver.RungeKutta4, Chart = Chart.State, Grid = Grid.Uniform)]
[Sampler("Converged", Steps = 20, Solver = Solver.RungeKutta4, Grid = Grid.Angle)]
public partial class Modes00001;

/// <summary>The networks of experiment 2: four hidden layers, ReLU and ReQU in turn, every weight within a bound and biases free.</summary>
[GaussianMixture(64, File = "Paper-0.1.mixture.json")]
[OrnsteinUhlenbeck(Beta = 5, Horizon = 0.0693147180559945, EarlyStop = 0)]
[Student("Bound0001", Segments = 1, Width = 512, Depth = 4, Activation = Activation.Alternating, WeightBound = 0.001)]
[Student("Bound001", Segments = 1, Width = 512, Depth = 4, Activation = Activation.Alternating, WeightBound = 0.01)]
[Student("Bound01", Segments = 1, Width = 512, Depth = 4, Activation = Activation.Alternating, WeightBound = 0.1)]
[Student("Bound025", Segments = 1, Width = 512, Depth = 4, Activation = Activation.Alternating, WeightBound = 0.25)]
public partial class OneStepNetworks;

/// <summary>The networks of experiment 1, for the score at a fixed time. Each trial draws means of its own: the law is given when they are trained.</summary>
[GaussianMixture(64, File = "Paper-0.1.mixture.json")]
[OrnsteinUhlenbeck(Beta = 5, Horizon = 1, EarlyStop = 0)]
[Student("Width128", Segments = 1, Width = 128, Depth = 4, Activation = Activation.Alternating)]
[Student("Width256", Segments = 1, Width = 256, Depth = 4, Activation = Activation.Alternating)]
[Student("Width512", Segments = 1, Width = 512, Depth = 4, Activation = Activation.Alternating)]
[Student("Width1024", Segments = 1, Width = 1024, Depth = 4, Activation = Activation.Alternating)]
[Student("Width2048", Segments = 1, Width = 2048, Depth = 4, Activation = Activation.Alternating)]
public partial class ScoreNetworks;
