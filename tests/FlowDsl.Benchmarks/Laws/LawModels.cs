using static FlowDsl.Benchmarks.StepTimes;

#pragma warning disable FLOW0315, FLOW0316 // the mixtures and step times are the workloads'

namespace FlowDsl.Benchmarks;

/// <summary>The mixture of <see cref="Ring8"/> with a multistep method.</summary>
[GaussianMixture(2, File = "Ring8.mixture.json")]
[OrnsteinUhlenbeck(EarlyStop = T8)]
[Sampler("Multistep12", Solver = Solver.DpmSolverPlusPlus2M, Steps = 12, Grid = Grid.UniformLogSnr)]
public partial class LawRing8;

/// <summary>The mixture of <see cref="Paper64"/> with a multistep method.</summary>
[GaussianMixture(64, File = "Paper64.mixture.json")]
[OrnsteinUhlenbeck(EarlyStop = T8)]
[Sampler("Multistep12", Solver = Solver.DpmSolverPlusPlus2M, Steps = 12, Grid = Grid.UniformLogSnr)]
public partial class LawPaper64;

/// <summary>One Gaussian, on which Heun's method is an affine map: its law is known in closed form.</summary>
[GaussianMixture(2)]
[OrnsteinUhlenbeck(EarlyStop = T8)]
[Component(1, 0.6, -0.4, Covariance = new[] { 0.3, 0.1, 0.1, 0.05 })]
[Sampler("Heun8", Times = new[] { T0, T1, T2, T3, T4, T5, T6, T7, T8 })]
public partial class LawGaussian;

/// <summary>Two modes on the line, where the map's slope is a difference of its values and the divergence an integral.</summary>
[GaussianMixture(1)]
[OrnsteinUhlenbeck(EarlyStop = T8)]
[Component(0.3, -1, Variance = 0.09)]
[Component(0.7, 0.8, Variance = 0.09)]
[Sampler("Heun8", Times = new[] { T0, T1, T2, T3, T4, T5, T6, T7, T8 })]
[Sampler("Heun8Double", Times = new[] { T0, T1, T2, T3, T4, T5, T6, T7, T8 }, Precision = Precision.Double)]
public partial class LawLine;
