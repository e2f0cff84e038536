namespace FlowDsl.Generators.Tests;

/// <summary>What the generator says of samplers that are bad, worse than they need be, or beyond single precision.</summary>
public class ForecastDiagnosticTests
{
    private const string Two = "[Component(0.3, -1.2, 0.9, Variance = 0.04)]\n[Component(0.7, 1.2, -0.9, Variance = 0.04)]";
    private const string Pair = "[Component(0.5, -1, 0, Variance = 1e-4)]\n[Component(0.5, 1, 0, Variance = 1e-4)]";
    private const string Columns = "[Component(0.5, 0, 0, Variances = new[] { 1e6, 1 })]\n[Component(0.5, 10, 0, Variances = new[] { 1e6, 1 })]";

    private static string Model(int dimension, string attributes, params string[] samplers)
        => $"using FlowDsl;\n[GaussianMixture({dimension})]\n{attributes}\n"
            + $"{string.Concat(samplers.Select(sampler => $"[Sampler({sampler})]\n"))}public partial class Ring;";

    /// <summary>The remedy is named: the same solver and steps on the automatic schedule.</summary>
    [Fact]
    public void FLOW0315GreatErrorOfAChart()
        => DiagnosticAssert.ReportsWithForecasts(
            "FLOW0315", Model(2, Two + "\n[OrnsteinUhlenbeck(Horizon = 100)]", "\"Fast\", Steps = 16, Chart = ⟦Chart.Edm⟧, Precision = Precision.Double"),
            "'Fast' of 'Ring'", "Grid.Auto and Chart.Auto have", "for the same evaluations");

    [Fact]
    public void FLOW0315GreatErrorOfTooFewSteps()
        => DiagnosticAssert.ReportsWithForecasts("FLOW0315", Model(2, Pair, "\"Fast\", Steps = ⟦1⟧"), "'Fast' of 'Ring'", "take more steps");

    [Fact]
    public void FLOW0316BetterGrid()
        => DiagnosticAssert.ReportsWithForecasts(
            "FLOW0316", Model(2, Pair, "\"Fast\", Steps = 4, Grid = ⟦Grid.StabilityBalanced⟧"), "'Fast' of 'Ring'",
            "on Grid.StabilityBalanced;", "for the same evaluations");

    [Fact]
    public void FLOW0316BetterGridOfTimes()
        => DiagnosticAssert.ReportsWithForecasts(
            "FLOW0316", Model(2, Two, "\"Fast\", Times = ⟦new[] { 3, 0.5, 0.2, 0.001 }⟧, Solver = Solver.RungeKutta4, Chart = Chart.State"),
            "on its Times in Chart.State;");

    /// <summary>A sampler that is good, and one that could be better but is good enough, are left alone.</summary>
    [Theory]
    [InlineData("\"Fast\", Steps = 8")]
    [InlineData("\"Fast\", Steps = 64, Solver = Solver.RungeKutta4, Grid = Grid.Uniform")]
    public void GoodSamplersAreNotReported(string sampler) => GeneratorHarness.RunWithForecasts(Model(2, Two, sampler)).AssertClean();

    /// <summary>Suppressed where it is declared.</summary>
    [Fact]
    public void BadSamplersMayBeWanted()
        => GeneratorHarness.RunWithForecasts(
            $"using FlowDsl;\n[GaussianMixture(2)]\n{Pair}\n#pragma warning disable FLOW0315 // the baseline\n"
                + "[Sampler(\"Fast\", Steps = 1)]\n#pragma warning restore FLOW0315\npublic partial class Ring;")
            .AssertClean();

    /// <summary>Variances of 10^6 and 1: the relative MSE says 4e-9, the narrow column is 6 % off.</summary>
    [Fact]
    public void FLOW0317NarrowError()
        => DiagnosticAssert.ReportsWithForecasts(
            "FLOW0317", Model(2, Columns, "\"Fast\", Steps = ⟦16⟧"), "'Fast' of 'Ring'", "relative MSE of 3.9E-9", "off by 0.06 of a component's width");

    [Fact]
    public void FLOW0318RoundingError()
    {
        const string
            Process = "[Component(0.5, 1, 0, Variance = 0.04)]\n[Component(0.5, -1, 0.5, Variance = 0.05)]\n[VarianceExploding(SigmaMax = 1e5)]",
            Fast = "\"Fast\", Steps = 16, Solver = Solver.RungeKutta4, Chart = Chart.Edm";
        string marked = Model(2, Process, Fast).Replace($"Sampler({Fast})", $"⟦Sampler({Fast})⟧", StringComparison.Ordinal);
        DiagnosticAssert.ReportsWithForecasts("FLOW0318", marked, "'Fast' of 'Ring'", "single precision");
        GeneratorHarness.RunWithForecasts(Model(2, Process, Fast + ", Precision = Precision.Double")).AssertClean();
    }

    /// <summary>Four values for all samples: floats near 20000 are two thousandths apart.</summary>
    [Theory]
    [InlineData("[Component(1, ⟦20000⟧, Variance = 1e-6)]\n[OrnsteinUhlenbeck(EarlyStop = 0)]", "Component 0", "0.001 wide", "0.0024 apart")]
    [InlineData("[Component(0.5, 0, Variance = 1)]\n[Component(0.5, ⟦1e6⟧, Variance = 1)]", "Component 1", "1 wide", "0.12 apart")]
    public void FLOW0123MeanUnresolved(string attributes, params string[] words)
    {
        DiagnosticAssert.Reports(
            "FLOW0123", Model(1, attributes, "\"Exact\", Steps = 16, Precision = Precision.Double", "\"Fast\", Steps = 16"),
            ["'Ring'", "'Fast'", .. words]);
        GeneratorHarness.Run(Model(1, DiagnosticAssert.Unmark(attributes), "\"Exact\", Steps = 16, Precision = Precision.Double")).AssertClean();
    }

    /// <summary>A narrow axis that is no coordinate: what the coordinates are rounded by is an error along it.</summary>
    [Fact]
    public void FLOW0123MeanUnresolvedAlongAPrincipalAxis()
    {
        const string Narrow = "[Component(⟦1, 0, 0⟧, Covariance = new[] { 500000, 499999.99999, 499999.99999, 500000 })]\n[OrnsteinUhlenbeck(EarlyStop = 0)]";
        DiagnosticAssert.Reports(
            "FLOW0123", Model(2, Narrow.Replace("⟦1, 0, 0⟧", "1, ⟦0, 0⟧", StringComparison.Ordinal), "\"Fast\", Steps = 16"),
            "Component 0", "0.0032 wide", "0.000084 apart");
    }

    [Theory]
    [InlineData("[Component(0.5, 1e25, Variance = 1)]\n[Component(0.5, -1e25, Variance = 1)]", "states reach 5E+23 at t = 3")]
    [InlineData(
        "[Component(0.5, 5e-18, Variance = 2.5e-37)]\n[Component(0.5, -5e-18, Variance = 2.5e-37)]\n[OrnsteinUhlenbeck(EarlyStop = 0)]", "5E-19 wide at t = 0")]
    public void FLOW0408BeyondSinglePrecision(string attributes, string words)
    {
        string single = Model(1, attributes, "\"Fast\", Steps = 16, Precision = ⟦Precision.Single⟧", "\"Exact\", Steps = 16, Precision = Precision.Double");
        GeneratorOutcome outcome = DiagnosticAssert.Reports("FLOW0408", single, "'Fast' of 'Ring'", words, "Precision.Double");
        // The sampler in double precision is there.
        Assert.Contains("struct Exact", outcome.Result.GeneratedSources.Single().SourceText.ToString(), StringComparison.Ordinal);
        Assert.Empty(outcome.Errors);
    }

    /// <summary>Means of 10^39, and inverse variances of 10^40: the numbers themselves are beyond float.</summary>
    [Theory]
    [InlineData("[Component(0.5, 1e39, Variance = 1)]\n[Component(0.5, -1e39, Variance = 1)]")]
    [InlineData("[Component(0.5, 1e-19, Variance = 1e-40)]\n[Component(0.5, -1e-19, Variance = 1e-40)]\n[OrnsteinUhlenbeck(EarlyStop = 0)]")]
    public void NumbersBeyondFloatAreNoSampler(string attributes)
        => Assert.Equal(["FLOW0314"], GeneratorHarness.Run(Model(1, attributes, "\"Fast\", Steps = 16")).Ids);

    /// <summary>Factors of 10^40 in Chart.Edm, whose x/a no float holds; in double precision the forecast says what becomes of them.</summary>
    [Fact]
    public void LongHorizonsInTheEdmChartAreBeyondFloat()
    {
        const string Long = "[Component(0.5, 1, Variance = 0.04)]\n[Component(0.5, -1, Variance = 0.04)]\n[OrnsteinUhlenbeck(Horizon = 100)]";
        Assert.Equal(["FLOW0314"], GeneratorHarness.RunWithForecasts(Model(1, Long, "\"Fast\", Steps = 16, Chart = Chart.Edm")).Ids);
        GeneratorOutcome outcome = GeneratorHarness.RunWithForecasts(Model(1, Long, "\"Exact\", Steps = 16, Chart = Chart.Edm, Precision = Precision.Double"));
        Assert.Equal(["FLOW0315"], outcome.Ids);
    }
}
