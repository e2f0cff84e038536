namespace FlowDsl.Generators.Tests;

public class SamplerDiagnosticTests
{
    private static string Model(params string[] samplers)
        => $"using FlowDsl;\n[GaussianMixture(1)]\n[Component(1, 0, Variance = 1)]\n{string.Concat(samplers.Select(sampler => $"[Sampler({sampler})]\n"))}public partial class Ring;";

    /// <summary>The sampler is reported and left out; the model and a sampler beside it are generated.</summary>
    private static void Reports(string id, string sampler, params string[] words)
    {
        GeneratorOutcome outcome = DiagnosticAssert.Reports(id, Model(sampler, "\"Other\", Steps = 2"), words);
        Assert.Equal(["Ring.g.cs"], outcome.HintNames);
        List<Issue> issues = [];
        ModelSpec spec = Assert.IsType<ModelSpec>(Assert.Single(outcome.Values(TrackingNames.Specs)));
        ResolvedModel? model = ModelReader.Read(spec, null, issues, CancellationToken.None);
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
    public void FLOW0301_SamplerNameInvalid(string sampler, params string[] words) => Reports("FLOW0301", sampler, words);

    [Theory]
    [InlineData("⟦\"Ring\"⟧, Steps = 8", "'Ring' of 'Ring'", "the type itself")]
    [InlineData("⟦\"Score\"⟧, Steps = 8", "'Score' of 'Ring'", "a generated member")]
    public void FLOW0302_SamplerNameTaken(string sampler, params string[] words) => Reports("FLOW0302", sampler, words);

    [Fact]
    public void FLOW0302_SamplerNameTaken_ByAnEarlierSampler()
        => DiagnosticAssert.Reports("FLOW0302", Model("\"Fast\", Steps = 8", "⟦\"Fast\"⟧, Steps = 4"), "'Fast' of 'Ring'", "an earlier sampler");

    [Theory]
    [InlineData("\"Fast\", Steps = ⟦0⟧", "is 0;")]
    [InlineData("\"Fast\", Steps = ⟦-1⟧", "is -1;")]
    [InlineData("\"Fast\", Steps = ⟦10001⟧", "is 10001;")]
    public void FLOW0303_StepsOutOfRange(string sampler, string value)
        => Reports("FLOW0303", sampler, "sampler 'Fast' of 'Ring'", value, "from 1 to 10000");

    [Fact]
    public void FLOW0303_StepsOutOfRange_WithoutSteps()
        => DiagnosticAssert.Reports("FLOW0303", Model("\"Ok\", Steps = 10000").Replace("[Sampler", "[⟦Sampler(\"Fast\")⟧]\n[Sampler", StringComparison.Ordinal), "'Fast'", "is 0;");

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
    public void FLOW0304_TimesInvalid(string sampler, params string[] words) => Reports("FLOW0304", sampler, ["sampler 'Fast' of 'Ring'", .. words]);

    [Theory]
    [InlineData("\"Fast\", Times = new[] { 3, 0.001 }, Grid = ⟦Grid.Uniform⟧", "Grid = Uniform", "keep one")]
    [InlineData("\"Fast\", Times = new[] { 3, 1, 0.001 }, Steps = ⟦3⟧", "Steps = 3", "make it 2")]
    [InlineData("\"Fast\", Times = new[] { 3, 1, 0.001 }, Steps = ⟦0⟧", "Steps = 0", "make it 2")]
    public void FLOW0305_TimesAndSchedule(string sampler, params string[] words) => Reports("FLOW0305", sampler, ["Sampler 'Fast' of 'Ring'", .. words]);

    [Theory]
    [InlineData("\"Fast\", Steps = 8, Rho = ⟦0⟧", "is 0;")]
    [InlineData("\"Fast\", Steps = 8, Rho = ⟦double.PositiveInfinity⟧", "is Infinity;")]
    public void FLOW0306_RhoOutOfRange(string sampler, string value)
        => Reports("FLOW0306", sampler, "sampler 'Fast' of 'Ring'", value, "positive and finite");

    [Theory]
    [InlineData("\"Fast\", Steps = 8, Solver = ⟦(Solver)99⟧", "Solver of sampler 'Fast' of 'Ring' is 99", "Euler, Ddim, Midpoint")]
    [InlineData("\"Fast\", Steps = 8, Chart = ⟦(Chart)(-1)⟧", "Chart", "is -1", "Auto, State, Edm, Canonical")]
    [InlineData("\"Fast\", Steps = 8, Grid = ⟦(Grid)1000⟧", "Grid", "is 1000", "Uniform")]
    [InlineData("\"Fast\", Steps = 8, Precision = ⟦(Precision)2⟧", "Precision", "is 2", "Single, Double")]
    public void FLOW0401_UndefinedEnumValue(string sampler, params string[] words) => Reports("FLOW0401", sampler, words);

    [Theory]
    [InlineData("Ddim", "Edm")]
    [InlineData("Ddim", "State")]
    [InlineData("DpmSolverPlusPlus2M", "State")]
    [InlineData("DpmSolverPlusPlus3M", "Edm")]
    public void FLOW0402_ChartNotForSolver(string solver, string chart)
        => Reports(
            "FLOW0402", $"\"Fast\", Steps = 8, Solver = Solver.{solver}, Chart = ⟦Chart.{chart}⟧",
            "'Fast' of 'Ring'", $"Chart.{chart}", $"Solver.{solver}", "Chart.Canonical");

    [Theory]
    [InlineData("\"Fast\", Times = new[] { 3, 1, 0.001 }")]
    [InlineData("\"Fast\", Times = new[] { 3, 1, 0.001 }, Steps = 2, Grid = Grid.Auto")]
    [InlineData("\"Fast\", Steps = 8, Times = null")]
    [InlineData("\"Fast\", Steps = 8, Solver = Solver.Ddim, Chart = Chart.Canonical")]
    [InlineData("\"Fast\", Steps = 8, Solver = Solver.Heun, Chart = Chart.State, Grid = Grid.Edm, Rho = 7, Precision = Precision.Double")]
    [InlineData("\"Équilibré_8\", Steps = 1")]
    public void ValidSamplersAreNotReported(string sampler) => GeneratorHarness.Run(Model(sampler)).AssertClean();
}
