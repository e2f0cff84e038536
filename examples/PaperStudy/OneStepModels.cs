namespace FlowDsl.Examples;

/// <summary>
/// One-step maps under bounds of the weights: the same means with modes of deviation 0.01, over a half-life of the signal's power, a² = 1/2 at the
/// horizon. The reference is converged; the published teacher takes ten steps of x against t, which are not stable here (FLOW0405).
/// </summary>
[GaussianMixture(64, File = "Paper-0.01.mixture.json")]
[OrnsteinUhlenbeck(Beta = 5, Horizon = 0.069314718055994531, EarlyStop = 0)]
[Sampler("Teacher", Steps = 16, Solver = Solver.RungeKutta4, Grid = Grid.Angle)]
[Student("Bound001", Segments = 1, Width = 512, Depth = 4, WeightBound = 0.01, Reference = "Teacher")]
[Student("Bound01", Segments = 1, Width = 512, Depth = 4, WeightBound = 0.1, Reference = "Teacher")]
[Student("Bound025", Segments = 1, Width = 512, Depth = 4, WeightBound = 0.25, Reference = "Teacher")]
public partial class NarrowModes;

/// <summary>The same with modes of deviation 0.1.</summary>
[GaussianMixture(64, File = "Paper-0.1.mixture.json")]
[OrnsteinUhlenbeck(Beta = 5, Horizon = 0.069314718055994531, EarlyStop = 0)]
[Sampler("Teacher", Steps = 16, Solver = Solver.RungeKutta4, Grid = Grid.Angle)]
[Student("Bound001", Segments = 1, Width = 512, Depth = 4, WeightBound = 0.01, Reference = "Teacher")]
[Student("Bound01", Segments = 1, Width = 512, Depth = 4, WeightBound = 0.1, Reference = "Teacher")]
[Student("Bound025", Segments = 1, Width = 512, Depth = 4, WeightBound = 0.25, Reference = "Teacher")]
public partial class WideModes;

/// <summary>Networks for the score at a fixed time: as deep as the paper's, of growing width; modes of deviation 0.1, as in its table of widths.</summary>
[GaussianMixture(64, File = "Paper-0.1.mixture.json")]
[OrnsteinUhlenbeck(Beta = 5, Horizon = 1, EarlyStop = 0)]
[Student("Width32", Segments = 1, Width = 32, Depth = 4)]
[Student("Width64", Segments = 1, Width = 64, Depth = 4)]
[Student("Width128", Segments = 1, Width = 128, Depth = 4)]
[Student("Width256", Segments = 1, Width = 256, Depth = 4)]
[Student("Width512", Segments = 1, Width = 512, Depth = 4)]
public partial class ScoreNetworks;
