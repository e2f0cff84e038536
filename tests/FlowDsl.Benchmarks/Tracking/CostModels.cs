using static FlowDsl.Benchmarks.StepTimes;

#pragma warning disable FLOW0315, FLOW0316 // step times of their own, the same for all peers: their speed is measured

namespace FlowDsl.Benchmarks;

// One sampler a mode of tracking, on given times: the same integration, other errors. A new mode is one more line here and in CostFigure.

/// <summary>The ring of 8 with every mode of tracking.</summary>
[GaussianMixture(2, File = "Ring8.mixture.json")]
[OrnsteinUhlenbeck(EarlyStop = T8)]
[Sampler("Local", Solver = Solver.Heun, Times = new[] { T0, T1, T2, T3, T4, T5, T6, T7, T8 }, Tracking = Tracking.Local)]
[Sampler("Tangent", Solver = Solver.Heun, Times = new[] { T0, T1, T2, T3, T4, T5, T6, T7, T8 }, Tracking = Tracking.Tangent)]
[Sampler("Companion", Solver = Solver.Heun, Times = new[] { T0, T1, T2, T3, T4, T5, T6, T7, T8 }, Tracking = Tracking.Companion)]
[Sampler("Certified", Solver = Solver.Heun, Times = new[] { T0, T1, T2, T3, T4, T5, T6, T7, T8 }, Tracking = Tracking.Certified)]
public partial class TrackedRing8;

/// <summary>The mixture of <see cref="Paper64"/> with every mode of tracking.</summary>
[GaussianMixture(64, File = "Paper64.mixture.json")]
[OrnsteinUhlenbeck(EarlyStop = T8)]
[Sampler("Local", Solver = Solver.RungeKutta4, Times = new[] { T0, T1, T2, T3, T4, T5, T6, T7, T8 }, Tracking = Tracking.Local)]
[Sampler("Tangent", Solver = Solver.RungeKutta4, Times = new[] { T0, T1, T2, T3, T4, T5, T6, T7, T8 }, Tracking = Tracking.Tangent)]
[Sampler("Companion", Solver = Solver.RungeKutta4, Times = new[] { T0, T1, T2, T3, T4, T5, T6, T7, T8 }, Tracking = Tracking.Companion)]
[Sampler("Certified", Solver = Solver.RungeKutta4, Times = new[] { T0, T1, T2, T3, T4, T5, T6, T7, T8 }, Tracking = Tracking.Certified)]
public partial class TrackedPaper64;
