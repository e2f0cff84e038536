using FlowDsl.Generators.Model;
using FlowDsl.Generators.Validation;

namespace FlowDsl.Generators.Tests;

public class SamplerDiagnosticTests
{
    private static string Model(params string[] samplers) => ModelWith("[Component(1, 0, Variance = 1)]", samplers);

    private static string ModelWith(string attributes, params string[] samplers)
        => $"using FlowDsl;\n[GaussianMixture(1)]\n{attributes}\n"
            + $"{string.Concat(samplers.Select(sampler => $"[Sampler({sampler})]\n"))}public partial class Ring;";

    /// <summary>The sampler is reported and left out; the model and a sampler beside it are generated.</summary>
    private static void Reports(string id, string sampler, params string[] words)
    {
        GeneratorOutcome outcome = DiagnosticAssert.Reports(id, Model(sampler, "\"Other\", Steps = 2"), words);
        Assert.Equal(["Ring.g.cs"], outcome.HintNames);
        List<Issue> issues = [];
        ModelSpec spec = Assert.IsType<ModelSpec>(Assert.Single(outcome.Values(TrackingNames.Specs)));
        ResolvedModel? model = ModelValidator.Read(spec, null, default, issues, CancellationToken.None);
        Assert.Equal("Other", Assert.Single(model!.Spec.Samplers).Name);
    }

    [Theory]
    [InlineData("⟦\"8 steps\"⟧, Steps = 8", "sampler 0 of 'Ring'", "\"8 steps\"")]
    [InlineData("⟦\"\"⟧, Steps = 8", "is \"\";")]
    [InlineData("⟦null⟧, Steps = 8", "is null;")]
    [InlineData("⟦\"class\"⟧, Steps = 8", "the keyword \"class\"")]
    [InlineData("⟦\"record\"⟧, Steps = 8", "the keyword \"record\"")]
    [InlineData("⟦\"@class\"⟧, Steps = 8", "\"@class\"")]
    [InlineData("⟦\"A.B\"⟧, Steps = 8", "\"A.B\"")]
    [InlineData("name: ⟦\"A<T>\"⟧, Steps = 8", "\"A<T>\"")]
    public void FLOW0301SamplerNameInvalid(string sampler, params string[] words) => Reports("FLOW0301", sampler, words);

    [Theory]
    [InlineData("⟦\"Ring\"⟧, Steps = 8", "'Ring' of 'Ring'", "the type itself")]
    [InlineData("⟦\"Score\"⟧, Steps = 8", "'Score' of 'Ring'", "a generated member")]
    public void FLOW0302SamplerNameTaken(string sampler, params string[] words) => Reports("FLOW0302", sampler, words);

    [Fact]
    public void FLOW0302SamplerNameTakenByAnEarlierSampler()
        => DiagnosticAssert.Reports("FLOW0302", Model("\"Fast\", Steps = 8", "⟦\"Fast\"⟧, Steps = 4"), "'Fast' of 'Ring'", "an earlier sampler");

    [Theory]
    [InlineData("\"Fast\", Steps = ⟦0⟧", "is 0;")]
    [InlineData("\"Fast\", Steps = ⟦-1⟧", "is -1;")]
    [InlineData("\"Fast\", Steps = ⟦10001⟧", "is 10001;")]
    public void FLOW0303StepsOutOfRange(string sampler, string value)
        => Reports("FLOW0303", sampler, "sampler 'Fast' of 'Ring'", value, "from 1 to 10000");

    [Fact]
    public void FLOW0303StepsOutOfRangeWithoutSteps()
        => DiagnosticAssert.Reports(
            "FLOW0303", Model("\"Ok\", Steps = 10000").Replace("[Sampler", "[⟦Sampler(\"Fast\")⟧]\n[Sampler", StringComparison.Ordinal), "'Fast'", "is 0;");

    [Theory]
    [InlineData("\"Fast\", Times = ⟦new double[0]⟧", "The number of Times", "is 0;", "at least 2")]
    [InlineData("\"Fast\", Times = ⟦new double[] { 3 }⟧", "The number of Times", "is 1;", "at least 2")]
    [InlineData("\"Fast\", Times = new[] { 3, ⟦double.NaN⟧, 0.001 }", "Times[1]", "is NaN;", "finite")]
    [InlineData("\"Fast\", Times = new[] { ⟦double.PositiveInfinity⟧, 1, 0.001 }", "Times[0]", "is Infinity;", "finite")]
    [InlineData("\"Fast\", Times = new[] { 3, 1, ⟦1⟧, 0.001 }", "Times[2]", "is 1;", "less than the time before it, 1")]
    [InlineData("\"Fast\", Times = new[] { 3, 1, ⟦1.5⟧, 0.001 }", "Times[2]", "is 1.5;", "less than the time before it, 1")]
    [InlineData("\"Fast\", Times = new[] { ⟦2.5⟧, 1, 0.001 }", "Times[0]", "is 2.5;", "it must be Horizon, 3")]
    [InlineData("\"Fast\", Times = new[] { 3, 1, ⟦0.01⟧ }", "Times[2]", "is 0.01;", "it must be EarlyStop, 0.001")]
    [InlineData("\"Fast\", Times = [3, 1, ⟦0.01⟧]", "Times[2]", "is 0.01;")]
    public void FLOW0304TimesInvalid(string sampler, params string[] words) => Reports("FLOW0304", sampler, ["sampler 'Fast' of 'Ring'", .. words]);

    [Theory]
    [InlineData("\"Fast\", Times = new[] { 3, 0.001 }, Grid = ⟦Grid.Uniform⟧", "Grid = Uniform", "keep one")]
    [InlineData("\"Fast\", Times = new[] { 3, 1, 0.001 }, Steps = ⟦3⟧", "Steps = 3", "make it 2")]
    [InlineData("\"Fast\", Times = new[] { 3, 1, 0.001 }, Steps = ⟦0⟧", "Steps = 0", "make it 2")]
    public void FLOW0305TimesAndSchedule(string sampler, params string[] words) => Reports("FLOW0305", sampler, ["Sampler 'Fast' of 'Ring'", .. words]);

    [Theory]
    [InlineData("\"Fast\", Steps = 8, Rho = ⟦0⟧", "Rho of", "is 0;")]
    [InlineData("\"Fast\", Steps = 8, Rho = ⟦double.PositiveInfinity⟧", "Rho of", "is Infinity;")]
    [InlineData("\"Fast\", Steps = 8, Grid = Grid.Beta, Alpha = ⟦-0.5⟧", "Alpha of", "is -0.5;")]
    [InlineData("\"Fast\", Steps = 8, Grid = Grid.Beta, Beta = ⟦double.NaN⟧", "Beta of", "is NaN;")]
    [InlineData("\"Fast\", Steps = 8, Grid = Grid.Shift, Shift = ⟦0⟧", "Shift of", "is 0;")]
    [InlineData("\"Fast\", Steps = 8, Grid = Grid.SharpEuler, Gamma = ⟦0⟧", "Gamma of", "is 0;")]
    public void FLOW0306GridParameterOutOfRange(string sampler, string parameter, string value)
        => Reports("FLOW0306", sampler, parameter, "sampler 'Fast' of 'Ring'", value, "positive and finite");

    /// <summary>The sampler is reported and left out by planning; a sampler beside it is generated.</summary>
    private static void ReportsLater(string id, string process, string sampler, params string[] words)
    {
        string model = ModelWith($"[Component(1, 0, Variance = 1)]\n[{process}]", sampler, "\"Other\", Steps = 2");
        GeneratorOutcome outcome = DiagnosticAssert.Reports(id, model, ["'Fast' of 'Ring'", .. words]);
        Assert.Empty(outcome.Errors);
        Assert.Equal(["Other"], outcome.Output.GetTypeByMetadataName("Ring")!.GetTypeMembers().Select(type => type.Name));
    }

    [Theory]
    [InlineData("OrnsteinUhlenbeck(EarlyStop = 0)", "LogTime")]
    [InlineData("OrnsteinUhlenbeck(EarlyStop = 0)", "UniformLogSnr")]
    [InlineData("VarianceExploding(SigmaMin = 0)", "LogTime")]
    [InlineData("LinearInterpolant(EarlyStop = 0)", "UniformLogSnr")]
    [InlineData("OrnsteinUhlenbeck(EarlyStop = 0)", "Exponential")]
    [InlineData("VarianceExploding(SigmaMin = 0)", "AlignYourSteps")]
    public void FLOW0307GridNeedsPositiveEarlyStop(string process, string grid)
        => ReportsLater("FLOW0307", process, $"\"Fast\", Steps = 8, Grid = ⟦Grid.{grid}⟧", $"Grid.{grid}", "early stop 0", "positive early stop");

    [Theory]
    [InlineData("UniformLogSnr")]
    [InlineData("Edm")]
    [InlineData("LogVariance")]
    [InlineData("Karras")]
    [InlineData("AlignYourStepsXL")]
    public void FLOW0308GridNeedsSignalAtHorizon(string grid)
        => ReportsLater("FLOW0308", "LinearInterpolant", $"\"Fast\", Steps = 8, Grid = ⟦Grid.{grid}⟧", $"Grid.{grid}", "horizon 1 where", "smaller horizon");

    [Fact]
    public void FLOW0309StepsTooFine()
        => ReportsLater(
            "FLOW0309", "VarianceExploding(SigmaMin = 0)", "\"Fast\", Steps = ⟦10000⟧, Grid = Grid.Edm, Rho = 100",
            "Steps of sampler", "is 10000", "Grid.Edm", "fewer steps");

    [Theory]
    [InlineData("StabilityBalanced")]
    [InlineData("OneSidedStability")]
    public void FLOW0310StabilityUnbounded(string grid)
    {
        // Components 1 and 2 cross; component 0 is narrower than both and outweighs neither far away.
        GeneratorOutcome outcome = DiagnosticAssert.Reports(
            "FLOW0310",
            $$"""
            using FlowDsl;
            [GaussianMixture(2)]
            [Component(0.5, 0, 0, Variance = 0.01)]
            [Component(0.25, -1, 0, Variances = new[] { 0.05, 0.6 })]
            [Component(0.25, 1, 0, Variances = new[] { 0.6, 0.05 })]
            [Sampler("Fast", Steps = 2, Grid = ⟦Grid.{{grid}}⟧)]
            public partial class Ring;
            """,
            "'Fast' of 'Ring'", $"Grid.{grid}", "components 1 and 2 cross", "Grid.ExpectedStability");
        // A warning: the sampler is there all the same.
        Assert.Empty(outcome.Errors);
        Assert.NotNull(outcome.Output.GetTypeByMetadataName("Ring+Fast"));
    }

    [Theory]
    [InlineData("StabilityBalanced")]
    [InlineData("OneSidedStability")]
    public void FLOW0311StabilityBoundRegional(string grid)
    {
        string model = ModelWith("[Component(0.5, -1, Variance = 0.1)]\n[Component(0.5, 1, Variance = 0.2)]", $"\"Fast\", Steps = 2, Grid = ⟦Grid.{grid}⟧");
        GeneratorOutcome outcome = DiagnosticAssert.Reports("FLOW0311", model, "'Fast' of 'Ring'", $"Grid.{grid}", "no closed form", "99.9 %");
        Assert.Empty(outcome.Errors);
        Assert.NotNull(outcome.Output.GetTypeByMetadataName("Ring+Fast"));
    }

    [Theory]
    [InlineData("ExpectedStability", "0.1", "0.2")]
    [InlineData("StabilityBalanced", "0.1", "0.1")]
    [InlineData("OneSidedStability", "0.1", "0.1")]
    public void GridsThatNeedNoRegionAreNotReported(string grid, string first, string second)
        => GeneratorHarness.Run(ModelWith(
            $"[Component(0.5, -1, Variance = {first})]\n[Component(0.5, 1, Variance = {second})]", $"\"Fast\", Steps = 2, Grid = Grid.{grid}")).AssertClean();

    /// <summary>The mixture of the budget, twenty components in 64 dimensions, is not reduced; one three times as large in both is.</summary>
    [Theory]
    [InlineData("ErrorBalanced", 64, 20, false)]
    [InlineData("ErrorBalanced", 160, 60, true)]
    [InlineData("Optimal", 8, 4, false)]
    [InlineData("Optimal", 160, 60, true)]
    public void FLOW0312PilotReduced(string grid, int dimension, int count, bool reduced)
    {
        string model = BlobsSource.Of(dimension, count, $"""[Sampler("Fast", Steps = 16, Solver = Solver.RungeKutta4, Grid = ⟦Grid.{grid}⟧)]""");
        if (!reduced)
        {
            GeneratorHarness.Run(model.Replace("⟦", "", StringComparison.Ordinal).Replace("⟧", "", StringComparison.Ordinal)).AssertClean();
        }
        else
        {
            GeneratorOutcome outcome = DiagnosticAssert.Reports("FLOW0312", model, "'Fast' of ", $"Grid.{grid}", "trajectories", "Grid.Angle");
            Assert.Empty(outcome.Errors);
        }
    }

    [Theory]
    [InlineData("Solver = Solver.DpmSolverPlusPlus3M, Steps = 100", "Optimal", "Grid.ErrorBalanced", "would take too long")]
    [InlineData("Solver = Solver.Euler, Steps = 65", "Optimal", "Grid.ErrorBalanced", "would take too long")]
    public void FLOW0313GridReplaced(string sampler, string grid, params string[] words)
    {
        GeneratorOutcome outcome = DiagnosticAssert.Reports(
            "FLOW0313", Model($"\"Fast\", {sampler}, Grid = ⟦Grid.{grid}⟧"), ["'Fast' of 'Ring'", $"Grid.{grid}", .. words]);
        Assert.Empty(outcome.Errors);
        Assert.Contains("StandIn = GridStandIn.", Assert.Single(outcome.Result.GeneratedSources).SourceText.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[LinearInterpolant(EarlyStop = 0)]", "Solver = Solver.Heun")]
    [InlineData("[OrnsteinUhlenbeck(EarlyStop = 0, Horizon = 800)]", "Solver = Solver.Ddim")]
    [InlineData("[VarianceExploding(SigmaMin = 0)]", "Solver = Solver.RungeKutta4")]
    [InlineData("[LinearInterpolant(EarlyStop = 0)]", "Solver = Solver.DpmSolverPlusPlus3M")]
    public void GridsMeasuredOnWholeIntervalsAreNotReplaced(string process, string sampler)
    {
        GeneratorOutcome outcome = GeneratorHarness.Run(ModelWith(
            $"[Component(0.5, -1, Variance = 0.1)]\n[Component(0.5, 1, Variance = 0.2)]\n{process}",
            $"\"Fast\", Steps = 8, {sampler}, Grid = Grid.ErrorBalanced"));
        outcome.AssertClean();
        Assert.Contains("Grid = Grid.ErrorBalanced,", Assert.Single(outcome.Result.GeneratedSources).SourceText.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[Component(1, 1e39, Variance = 1)]", "\"Fast\", Steps = 2, Solver = ⟦Solver.Heun⟧", "a mean of 1E+39", "Precision.Double")]
    [InlineData("[Component(1, 0, Variance = 1)]", "\"Fast\", Times = new[] { 1, 1e-165, 0 }, Solver = ⟦Solver.Ddim⟧", "Chart.DataPrediction at t = 1E-165")]
    public void FLOW0314NumberNotFinite(string component, string sampler, params string[] words)
        => DiagnosticAssert.Reports(
            "FLOW0314", ModelWith($"{component}\n[VarianceExploding(SigmaMin = 0, SigmaMax = 1)]", sampler), ["ampler 'Fast' of 'Ring'", .. words]);

    [Theory]
    [InlineData("Solver.DpmSolverPlusPlus2M")]
    [InlineData("Solver.DpmSolverPlusPlus3M")]
    public void MultistepSamplersFromPureNoiseAreNotReported(string solver)
        => GeneratorHarness.Run(ModelWith(
            "[Component(1, 0, Variance = 1)]\n[OrnsteinUhlenbeck(Horizon = 800)]",
            $"\"Fast\", Steps = 20, Grid = Grid.Uniform, Solver = {solver}")).AssertClean();

    [Fact]
    public void FLOW0403ChartSingularAtHorizon()
        => ReportsLater(
            "FLOW0403", "LinearInterpolant", "\"Fast\", Steps = 8, Chart = ⟦Chart.Edm⟧", "Chart.Edm", "horizon 1 where", "Chart.Canonical or Chart.State");

    [Fact]
    public void EdmChartOfASmallerHorizonIsNotReported()
        => GeneratorHarness.Run(ModelWith(
            "[Component(1, 0, Variance = 1)]\n[LinearInterpolant(Horizon = 0.9)]", "\"Fast\", Steps = 8, Chart = Chart.Edm")).AssertClean();

    [Theory]
    [InlineData("\"Fast\", Steps = 8, Solver = ⟦(Solver)99⟧", "Solver of sampler 'Fast' of 'Ring' is 99", "Euler, Ddim, Midpoint")]
    [InlineData("\"Fast\", Steps = 8, Chart = ⟦(Chart)(-1)⟧", "Chart", "is -1", "Auto, State, Edm, Canonical")]
    [InlineData("\"Fast\", Steps = 8, Grid = ⟦(Grid)1000⟧", "Grid", "is 1000", "Uniform")]
    [InlineData("\"Fast\", Steps = 8, Precision = ⟦(Precision)2⟧", "Precision", "is 2", "Single, Double")]
    [InlineData("\"Fast\", Steps = 8, Tracking = ⟦(Tracking)9⟧", "Tracking", "is 9", "None, Local, Tangent, Companion, Certified")]
    public void FLOW0401UndefinedEnumValue(string sampler, params string[] words) => Reports("FLOW0401", sampler, words);

    [Theory]
    [InlineData("Ddim", "Edm")]
    [InlineData("Ddim", "State")]
    [InlineData("DpmSolverPlusPlus2M", "State")]
    [InlineData("DpmSolverPlusPlus3M", "Edm")]
    [InlineData("Heun", "DataPrediction")]
    public void FLOW0402ChartNotForSolver(string solver, string chart)
        => Reports(
            "FLOW0402", $"\"Fast\", Steps = 8, Solver = Solver.{solver}, Chart = ⟦Chart.{chart}⟧",
            "'Fast' of 'Ring'", $"Chart.{chart}", $"Solver.{solver}", "Chart.Canonical");

    [Theory]
    [InlineData("\"Fast\", Times = new[] { 3, 1, 0.001 }")]
    [InlineData("\"Fast\", Times = new[] { 3, 1, 0.001 }, Steps = 2, Grid = Grid.Auto")]
    [InlineData("\"Fast\", Steps = 8, Times = null")]
    [InlineData("\"Fast\", Steps = 8, Solver = Solver.Ddim, Chart = Chart.Canonical")]
    [InlineData("\"Fast\", Steps = 8, Solver = Solver.DpmSolverPlusPlus3M, Chart = Chart.DataPrediction")]
    [InlineData("\"Fast\", Steps = 8, Solver = Solver.Heun, Chart = Chart.State, Grid = Grid.Edm, Rho = 7, Precision = Precision.Double")]
    [InlineData("\"Équilibré_8\", Steps = 1")]
    public void ValidSamplersAreNotReported(string sampler) => GeneratorHarness.Run(Model(sampler)).AssertClean();
}
