namespace FlowDsl.Examples;

/// <summary>
/// The training half itself as a mixture: each of its 899 digits is a component. Its score is the exact empirical score, which a network reaches that
/// has learnt its training data by heart. The times pass through those at which <see cref="Memorisation"/> stops.
/// </summary>
[GaussianMixture(64, Data = "training.npy", Variance = 0.0025)]
[VarianceExploding(SigmaMin = 0.25, SigmaMax = 100)]
[Sampler(
    "ByHeart", Solver = Solver.Heun,
    Times = new[] { 100, 72, 52, 38, 28, 21, 16, 12, 10, 8, 6.5, 5.2, 4, 3.2, 2.5, 2, 1.6, 1.25, 1, 0.8, 0.65, 0.5, 0.4, 0.3, 0.25 })]
public partial class TrainingHalf;

/// <summary>A mixture that is fitted to the training half alone, as <see cref="Digits"/> is to all digits.</summary>
[GaussianMixture(64, File = "training.mixture.json")]
[VarianceExploding(SigmaMin = 0.25, SigmaMax = 100)]
[Sampler(
    "Fitted", Solver = Solver.Heun,
    Times = new[] { 100, 72, 52, 38, 28, 21, 16, 12, 10, 8, 6.5, 5.2, 4, 3.2, 2.5, 2, 1.6, 1.25, 1, 0.8, 0.65, 0.5, 0.4, 0.3, 0.25 })]
public partial class Learned;
