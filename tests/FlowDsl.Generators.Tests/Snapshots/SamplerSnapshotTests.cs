namespace FlowDsl.Generators.Tests;

/// <summary>What is generated for each solver, process and form of a sampler: one snapshot an axis, small enough to be read.</summary>
public class SamplerSnapshotTests
{
    /// <summary>Two Gaussians on a line and one sampler.</summary>
    private static string Pair(string sampler, string process = "") => $$"""
        using FlowDsl;

        /// <summary>Two Gaussians on a line.</summary>
        [GaussianMixture(1)]
        [Component(0.25, -1, Variance = 0.05)]
        [Component(0.75, 1, Variance = 0.2)]
        {{process}}
        [Sampler({{sampler}})]
        public partial class Pair;

        """.Replace("\n\n[Sampler", "\n[Sampler", StringComparison.Ordinal);

    [Fact]
    public Task Heun() => GeneratedFile.Verify(Pair("\"Fast\", Steps = 2"));

    [Fact]
    public Task RungeKutta4() => GeneratedFile.Verify(Pair("\"Fast\", Steps = 1, Solver = Solver.RungeKutta4"));

    [Fact]
    public Task DataPrediction() => GeneratedFile.Verify(Pair("\"Fast\", Steps = 2, Solver = Solver.Ddim"));

    [Fact]
    public Task TwoStepMethod() => GeneratedFile.Verify(Pair("\"Fast\", Steps = 3, Solver = Solver.DpmSolverPlusPlus2M"));

    [Fact]
    public Task ThreeStepMethod() => GeneratedFile.Verify(Pair("\"Fast\", Steps = 4, Solver = Solver.DpmSolverPlusPlus3M"));

    /// <summary>Times and weights of the mixture's own.</summary>
    [Fact]
    public Task Bespoke() => GeneratedFile.Verify(Pair("\"Fast\", Steps = 3, Solver = Solver.Bespoke"));

    /// <summary>What was chosen, and among what.</summary>
    [Fact]
    public Task Evaluations() => GeneratedFile.Verify(Pair("\"Fast\", Evaluations = 2"));

    [Fact]
    public Task OrnsteinUhlenbeck()
        => GeneratedFile.Verify(Pair(
            "\"Fast\", Steps = 1, Solver = Solver.Euler, Chart = Chart.State", "[OrnsteinUhlenbeck(Beta = 0.5, Horizon = 4, EarlyStop = 0.01, Sigma = 2)]"));

    [Fact]
    public Task VarianceExploding() => GeneratedFile.Verify(Pair(
        "\"Fast\", Steps = 1, Chart = Chart.Edm, Grid = Grid.Edm, Rho = 5", "[VarianceExploding(SigmaMin = 0.01, SigmaMax = 40)]"));

    [Fact]
    public Task LinearInterpolant() => GeneratedFile.Verify(Pair("\"Fast\", Steps = 2, Solver = Solver.Midpoint, Grid = Grid.Uniform", "[LinearInterpolant]"));

    [Fact]
    public Task VariancePreserving()
        => GeneratedFile.Verify(Pair(
            "\"Fast\", Steps = 2, Solver = Solver.Ddim, Grid = Grid.Uniform", "[VariancePreserving(Schedule = NoiseSchedule.ScaledLinear, BetaEnd = 0.02)]"));

    [Fact]
    public Task VariancePreservingWithGivenBetas()
        => GeneratedFile.Verify(Pair("\"Fast\", Steps = 1, Solver = Solver.Ddim", "[VariancePreserving(Betas = new[] { 0.001, 0.02, 0.1, 0.4, 0.9 })]"));

    [Fact]
    public Task EarlyStopAtTheData()
        => GeneratedFile.Verify(Pair("\"Fast\", Steps = 2, Solver = Solver.Ddim, Grid = Grid.Angle", "[OrnsteinUhlenbeck(EarlyStop = 0)]"));

    /// <summary>The errors that it was chosen by are in the documentation and in the descriptor.</summary>
    [Fact]
    public Task OptimalGrid() => GeneratedFile.Verify(Pair("\"Fast\", Steps = 2, Solver = Solver.Euler, Grid = Grid.Optimal"));

    [Fact]
    public Task LocalErrors() => GeneratedFile.Verify(Pair("\"Fast\", Steps = 1, Tracking = Tracking.Local"));

    [Fact]
    public Task DoublePrecision() => GeneratedFile.Verify(Pair("\"Exact\", Steps = 1, Precision = Precision.Double"));

    [Fact]
    public Task ExplicitTimes() => GeneratedFile.Verify(Pair("\"Fast\", Times = new[] { 3, 0.5, 0.001 }, Solver = Solver.Euler"));

    [Fact]
    public Task ManySteps() => GeneratedFile.Verify("""
        using FlowDsl;

        /// <summary>Too many evaluations to be written one after the other.</summary>
        [GaussianMixture(3)]
        [Component(0.5, -1, 0, 1, Variance = 0.1)]
        [Component(0.5, 1, 0, 2, Variance = 0.1)]
        [Sampler("Fine", Steps = 60, Solver = Solver.DormandPrince54, Grid = Grid.Uniform)]
        public partial class Pair;

        """);
}
