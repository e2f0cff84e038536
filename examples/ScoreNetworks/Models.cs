using FlowDsl.Mathematics;

namespace FlowDsl.Examples;

/// <summary>Eight modes on a circle; networks for its score in (x, t), and one at a time for every x; samplers that take them.</summary>
[GaussianMixture(2)]
[Component(0.125, 4, 0, Variance = 0.09)]
[Component(0.125, 2.828427124746190, 2.828427124746190, Variance = 0.09)]
[Component(0.125, 0, 4, Variance = 0.09)]
[Component(0.125, -2.828427124746190, 2.828427124746190, Variance = 0.09)]
[Component(0.125, -4, 0, Variance = 0.09)]
[Component(0.125, -2.828427124746190, -2.828427124746190, Variance = 0.09)]
[Component(0.125, 0, -4, Variance = 0.09)]
[Component(0.125, 2.828427124746190, -2.828427124746190, Variance = 0.09)]
[ScoreNetwork("Net", Accuracy = 1e-4)]
[ScoreNetwork("Everywhere", Accuracy = 1e-4, P = double.PositiveInfinity, TimeDependent = false, Time = 0.3)]
[Sampler("Exact", Steps = 16, Precision = Precision.Double)]
[Sampler("ByNetwork", Steps = 16, Precision = Precision.Double, Score = "Net")]
public partial class Ring;

/// <summary>
/// The mixture of arXiv:2606.03820 with σ0 = 0.1 and the means of seed 0, from its authors' repository
/// GeminiLiming/quantitative-flow-distillation (MIT), at the times of its table of score networks.
/// </summary>
[GaussianMixture(64, File = "Paper-0.1.mixture.json")]
[OrnsteinUhlenbeck(Beta = 5, Horizon = 1, EarlyStop = 0)]
[ScoreNetwork("At01", Accuracy = 0.1, TimeDependent = false, Time = 0.1)]
[ScoreNetwork("At03", Accuracy = 0.1, TimeDependent = false, Time = 0.3)]
[ScoreNetwork("At05", Accuracy = 0.1, TimeDependent = false, Time = 0.5)]
[ScoreNetwork("At07", Accuracy = 0.1, TimeDependent = false, Time = 0.7)]
[ScoreNetwork("At09", Accuracy = 0.1, TimeDependent = false, Time = 0.9)]
[ScoreNetwork("AllTimes", Accuracy = 0.1)]
public partial class PaperMixture;
