using FlowDsl.Mathematics;

namespace FlowDsl.Tests;

// Score networks of every covariance class, of one time and of all, and samplers that take them.

[GaussianMixture(2)]
[Component(0.2, 3, 0, Variance = 0.09)]
[Component(0.2, 0.927050983124842, 2.85316954888546, Variance = 0.09)]
[Component(0.2, -2.42705098312484, 1.76335575687742, Variance = 0.09)]
[Component(0.2, -2.42705098312484, -1.76335575687742, Variance = 0.09)]
[Component(0.2, 0.927050983124842, -2.85316954888546, Variance = 0.09)]
[ScoreNetwork("Net", Accuracy = 1e-6)]
[ScoreNetwork("Coarse", Accuracy = 0.5)]
[ScoreNetwork("AtHalf", Accuracy = 1e-5, P = double.PositiveInfinity, TimeDependent = false, Time = 0.5)]
[Sampler("Exact", Steps = 8, Precision = Precision.Double)]
[Sampler("ByNet", Steps = 8, Precision = Precision.Double, Score = "Net")]
[Sampler("ByNetSingle", Steps = 8, Score = "Net")]
[Sampler("ByCoarse", Steps = 8, Precision = Precision.Double, Score = "Coarse")]
[Sampler("Multistep", Steps = 12, Solver = Solver.DpmSolverPlusPlus2M, Precision = Precision.Double, Score = "Net")]
[Sampler("MultistepExact", Steps = 12, Solver = Solver.DpmSolverPlusPlus2M, Precision = Precision.Double)]
[Sampler("Rk4State", Steps = 24, Solver = Solver.RungeKutta4, Chart = Chart.State, Precision = Precision.Double, Score = "Net", Tracking = Tracking.None)]
[Sampler("Rk4StateExact", Steps = 24, Solver = Solver.RungeKutta4, Chart = Chart.State, Precision = Precision.Double)]
public partial class Pentagon;

[GaussianMixture(2)]
[Component(0.3559, -1.27, -1.21, Covariance = new[] { 0.0531, 0.0281, 0.0281, 0.1823 })]
[Component(0.6441, 0.70, 0.67, Covariance = new[] { 0.1305, 0.0606, 0.0606, 0.1950 })]
[LinearInterpolant(EarlyStop = 0.01, Horizon = 0.99)]
[ScoreNetwork("Net", Accuracy = 1e-5)]
[ScoreNetwork("AtHalf", Accuracy = 1e-4, P = 4, TimeDependent = false, Time = 0.5)]
[Sampler("Exact", Steps = 8, Precision = Precision.Double)]
[Sampler("ByNet", Steps = 8, Precision = Precision.Double, Score = "Net")]
public partial class TwoLeaves;

/// <summary>Its network is too long for straight-line code.</summary>
[GaussianMixture(3)]
[VarianceExploding(SigmaMin = 0.05, SigmaMax = 10)]
[Component(0.2, 1, -0.5, 0.7, Covariance = new[] { 0.20, 0.05, -0.02, 0.05, 0.10, 0.03, -0.02, 0.03, 0.15 })]
[Component(0.3, -0.6, 0.9, 0.2, Variances = new[] { 0.2, 0.1, 0.05 })]
[Component(0.5, 0.1, 0.3, -1.1, Variance = 0.07)]
[ScoreNetwork("Net", Accuracy = 1e-4)]
[Sampler("Exact", Steps = 8, Precision = Precision.Double)]
[Sampler("ByNet", Steps = 8, Precision = Precision.Double, Score = "Net")]
public partial class Assorted;

[GaussianMixture(2)]
[Component(1, 0.4, -1.2, Covariance = new[] { 1.3, 0.7, 0.7, 0.6 })]
[ScoreNetwork("Net", Accuracy = 1e-6)]
public partial class Alone;
