namespace FlowDsl.Examples;

/// <summary>
/// The mixture of arXiv:2606.03820, from its authors' repository GeminiLiming/quantitative-flow-distillation (MIT): twenty means uniform on
/// [-5, 5]^64, covariance I, and its process.
/// </summary>
[GaussianMixture(64, File = "Paper.mixture.json")]
[OrnsteinUhlenbeck(Beta = 5, Horizon = 1, EarlyStop = 0)]
[Sampler("Teacher", Steps = 64, Solver = Solver.RungeKutta4, Grid = Grid.ErrorBalanced)]
[Student("Composed", Segments = 8, Grid = Grid.ErrorBalanced, Form = StudentForm.ResponsibilityCorrected, Width = 128, Depth = 2, Reference = "Teacher")]
public partial class PaperMixture;
