namespace FlowDsl.Examples;

/// <summary>
/// The mixture of arXiv:2606.03820, from its authors' repository GeminiLiming/quantitative-flow-distillation (MIT): twenty means uniform on
/// [-5, 5]^64, covariance I, under its process. What it is learned from, what it is judged by, and our best composition.
/// </summary>
[GaussianMixture(64, File = "Paper.mixture.json")]
[OrnsteinUhlenbeck(Beta = 5, Horizon = 1, EarlyStop = 0)]
[Sampler("Teacher", Steps = 64, Solver = Solver.RungeKutta4, Grid = Grid.ErrorBalanced)]
[Sampler("Exact", Steps = 192, Solver = Solver.RungeKutta4, Grid = Grid.ErrorBalanced, Precision = Precision.Double)]
[Student("Composed", Segments = 8, Grid = Grid.ErrorBalanced, Form = StudentForm.TrapezoidCorrected, Width = 128, Depth = 2,
    Reference = "Teacher", Weights = "Composed.safetensors")]
[Student("OnUniform", Segments = 8, Grid = Grid.Uniform, Form = StudentForm.TrapezoidCorrected, Width = 128, Depth = 2, Reference = "Teacher")]
public partial class PaperMixture;

/// <summary>Students that correct responsibilities, on four grids.</summary>
[GaussianMixture(64, File = "Paper.mixture.json")]
[OrnsteinUhlenbeck(Beta = 5, Horizon = 1, EarlyStop = 0)]
[Sampler("Teacher", Steps = 64, Solver = Solver.RungeKutta4, Grid = Grid.ErrorBalanced)]
[Student("Uniform", Segments = 8, Grid = Grid.Uniform, Form = StudentForm.ResponsibilityCorrected, Width = 128, Depth = 2, Reference = "Teacher")]
[Student("Stability", Segments = 8, Grid = Grid.StabilityBalanced, Form = StudentForm.ResponsibilityCorrected, Width = 128, Depth = 2, Reference = "Teacher")]
[Student("Expected", Segments = 8, Grid = Grid.ExpectedStability, Form = StudentForm.ResponsibilityCorrected, Width = 128, Depth = 2, Reference = "Teacher")]
[Student("Balanced", Segments = 8, Grid = Grid.ErrorBalanced, Form = StudentForm.ResponsibilityCorrected, Width = 128, Depth = 2, Reference = "Teacher")]
public partial class CorrectedStudents;

/// <summary>The paper's students, multilayer perceptrons of four hidden layers, on four grids.</summary>
[GaussianMixture(64, File = "Paper.mixture.json")]
[OrnsteinUhlenbeck(Beta = 5, Horizon = 1, EarlyStop = 0)]
[Sampler("Teacher", Steps = 64, Solver = Solver.RungeKutta4, Grid = Grid.ErrorBalanced)]
[Student("Uniform4", Segments = 4, Grid = Grid.Uniform, Width = 512, Depth = 4, Reference = "Teacher")]
[Student("Uniform8", Segments = 8, Grid = Grid.Uniform, Width = 512, Depth = 4, Reference = "Teacher")]
[Student("Uniform16", Segments = 16, Grid = Grid.Uniform, Width = 512, Depth = 4, Reference = "Teacher")]
[Student("Stability4", Segments = 4, Grid = Grid.StabilityBalanced, Width = 512, Depth = 4, Reference = "Teacher")]
[Student("Stability8", Segments = 8, Grid = Grid.StabilityBalanced, Width = 512, Depth = 4, Reference = "Teacher")]
[Student("Stability16", Segments = 16, Grid = Grid.StabilityBalanced, Width = 512, Depth = 4, Reference = "Teacher")]
[Student("Expected4", Segments = 4, Grid = Grid.ExpectedStability, Width = 512, Depth = 4, Reference = "Teacher")]
[Student("Expected8", Segments = 8, Grid = Grid.ExpectedStability, Width = 512, Depth = 4, Reference = "Teacher")]
[Student("Expected16", Segments = 16, Grid = Grid.ExpectedStability, Width = 512, Depth = 4, Reference = "Teacher")]
[Student("Balanced4", Segments = 4, Grid = Grid.ErrorBalanced, Width = 512, Depth = 4, Reference = "Teacher")]
[Student("Balanced8", Segments = 8, Grid = Grid.ErrorBalanced, Width = 512, Depth = 4, Reference = "Teacher")]
[Student("Balanced16", Segments = 16, Grid = Grid.ErrorBalanced, Width = 512, Depth = 4, Reference = "Teacher")]
public partial class FullStudents;
