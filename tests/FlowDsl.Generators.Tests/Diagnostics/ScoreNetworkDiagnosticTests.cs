namespace FlowDsl.Generators.Tests;

/// <summary>Score networks that cannot be, and samplers that cannot take their scores.</summary>
public class ScoreNetworkDiagnosticTests
{
    private const string Pair = """
        [Component(0.5, -1, Variance = 0.04)]
        [Component(0.5, 1, Variance = 0.04)]
        [Sampler("Exact", Steps = 2, Grid = Grid.Angle)]
        """;

    private const string InTrainingSteps = "using FlowDsl;\n[GaussianMixture(1), Component(0.5, -1, Variance = 0.1), Component(0.5, 1, Variance = 0.1), "
        + "VariancePreserving]\n";

    private static string Model(string attributes, string rest = Pair)
        => $"using FlowDsl;\n[GaussianMixture(1)]\n{rest}\n{attributes}\npublic partial class Ring;";

    /// <summary>What is wrong is reported and left out; what else there is, is generated.</summary>
    private static void Reports(string id, string model, string[] left, params string[] words)
    {
        GeneratorOutcome outcome = DiagnosticAssert.Reports(id, model, words);
        Assert.Empty(outcome.Errors);
        Assert.Equal(left, outcome.Output.GetTypeByMetadataName("Ring")!.GetTypeMembers().Select(type => type.Name).Order());
    }

    [Theory]
    [InlineData("Accuracy", "⟦0⟧", "is 0;", "positive and finite")]
    [InlineData("Accuracy", "⟦-1⟧", "is -1;", "positive and finite")]
    [InlineData("Accuracy", "⟦double.NaN⟧", "is NaN;", "positive and finite")]
    [InlineData("Accuracy", "⟦1e-16⟧", "is 1E-16;", "rounding to double precision")]
    [InlineData("P", "⟦0.5⟧", "is 0.5;", "at least 1")]
    [InlineData("P", "⟦17⟧", "is 17;", "at most 16")]
    [InlineData("P", "⟦double.PositiveInfinity⟧", "is Infinity;", "use a finite P")]
    [InlineData("Time", "⟦0.5⟧", "is 0.5;", "leave Time out or set TimeDependent to false")]
    [InlineData("TimeDependent", "⟦false⟧", "is false;", "give it as Time")]
    public void FLOW0601ScoreNetworkInvalid(string argument, string value, params string[] words)
        => Reports("FLOW0601", Model($"[ScoreNetwork(\"Net\", {argument} = {value})]"), ["Exact"], [$"{argument} of score network 'Net' of 'Ring' ", .. words]);

    [Theory]
    [InlineData("⟦4⟧", "is 4;")]
    [InlineData("⟦0⟧", "is 0;")]
    public void FLOW0601ScoreNetworkInvalidAtAnotherTime(string time, params string[] words)
        => Reports("FLOW0601", Model($"[ScoreNetwork(\"Net\", TimeDependent = false, Time = {time})]"), ["Exact"], [.. words, "from 0.001 to 3"]);

    [Fact]
    public void FLOW0601ScoreNetworkInvalidInTrainingSteps()
        => DiagnosticAssert.Reports(
            "FLOW0601", InTrainingSteps + "[⟦ScoreNetwork(\"Net\")⟧]\npartial class Ring;",
            "TimeDependent of score network 'Net' of 'Ring' is true;", "build it for one time");

    /// <summary>At one time the process is like any other.</summary>
    [Fact]
    public void AScoreNetworkOfOneTrainingStepIsGenerated()
        => GeneratorHarness.Run(InTrainingSteps + "[ScoreNetwork(\"Net\", TimeDependent = false, Time = 300)]\npartial class Ring;").AssertClean();

    [Fact]
    public void FLOW0601ScoreNetworkInvalidTooLarge()
    {
        const int d = 56;
        string matrix = string.Join(", ", Enumerable.Range(0, d * d).Select(i => i / d == i % d ? "1" : "0.01"));
        string mean = string.Join(", ", Enumerable.Range(0, d).Select(_ => "0.5"));
        string components = $"[Component(0.5, {mean}, Covariance = new[] {{ {matrix} }})]\n"
            + $"[Component(0.5, {mean.Replace("0.5", "1.5")}, Covariance = new[] {{ {matrix.Replace("0.01", "0.02")} }})]\n";
        GeneratorOutcome outcome = DiagnosticAssert.Reports(
            "FLOW0601", $"using FlowDsl;\n[GaussianMixture({d})]\n{components}[ScoreNetwork(\"Net\", Accuracy = ⟦1e-3⟧)]\npublic partial class Ring;",
            "networks of up to");
        Assert.Empty(outcome.Errors);
    }

    [Theory]
    [InlineData(
        "[ScoreNetwork(\"Net\")]\n[Sampler(\"Fast\", Steps = 2, Score = ⟦\"Other\"⟧)]", "Net", "Score of sampler 'Fast' of 'Ring' is \"Other\";",
        "a score network of the type: Net")]
    [InlineData("[Sampler(\"Fast\", Steps = 2, Score = ⟦\"Net\"⟧)]", "", "the type has no score network")]
    [InlineData(
        "[ScoreNetwork(\"Net\", TimeDependent = false, Time = 0.5)]\n[Sampler(\"Fast\", Steps = 2, Score = ⟦\"Net\"⟧)]", "Net",
        "that network is for one time only")]
    [InlineData(
        "[ScoreNetwork(\"Net\")]\n[Sampler(\"Fast\", Steps = 2, Score = \"Net\", Tracking = ⟦Tracking.Tangent⟧)]", "Net", "Tracking of sampler", "is Tangent;",
        "only Companion")]
    [InlineData("[ScoreNetwork(\"Net\")]\n[Sampler(\"Fast\", Steps = 2, Score = \"Net\", Tracking = ⟦Tracking.Certified⟧)]", "Net", "is Certified;")]
    public void FLOW0602ScoreInvalid(string attributes, string network, params string[] words)
        => Reports("FLOW0602", Model(attributes), network.Length == 0 ? ["Exact"] : ["Exact", network], words);

    [Fact]
    public void FLOW0602ScoreInvalidWithoutSignal()
        => Reports(
            "FLOW0602", Model("[LinearInterpolant]\n[ScoreNetwork(\"Net\")]\n[Sampler(\"Fast\", Steps = 2, Score = ⟦\"Net\"⟧)]"), ["Exact", "Net"],
            "at the horizon, t = 1", "start earlier");

    // A sampler whose network is not valid goes with it, without a diagnostic of its own.
    [Fact]
    public void FLOW0601TakesItsSamplersAlong()
        => Reports(
            "FLOW0601", Model("[ScoreNetwork(\"Net\", Accuracy = ⟦0⟧)]\n[Sampler(\"Fast\", Steps = 2, Score = \"Net\")]"), ["Exact"], "positive and finite");

    [Theory]
    [InlineData("Score")]
    [InlineData("Descriptor")]
    [InlineData("Exact")]
    public void FLOW0302SamplerNameTakenByANetwork(string name)
        => DiagnosticAssert.Reports("FLOW0302", Model($"[ScoreNetwork(⟦\"{name}\"⟧)]"), name);
}
