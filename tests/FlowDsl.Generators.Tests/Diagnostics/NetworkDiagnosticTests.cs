using FlowDsl.Mathematics;

namespace FlowDsl.Generators.Tests;

/// <summary>Networks that cannot be, and samplers that cannot run on them.</summary>
public class NetworkDiagnosticTests
{
    private static string Model(string attributes) => $"""
        using FlowDsl;
        [GaussianMixture(1)]
        [Component(0.5, -1, Variance = 0.04)]
        [Component(0.5, 1, Variance = 0.04)]
        [Sampler("Exact", Steps = 2, Grid = Grid.Angle)]
        {attributes}
        public partial class Ring;
        """;

    /// <summary>What is wrong is reported and left out; what else there is, is generated.</summary>
    private static void Reports(string id, string attributes, string[] left, string[] words)
    {
        GeneratorOutcome outcome = DiagnosticAssert.Reports(id, Model(attributes), words);
        Assert.Empty(outcome.Errors);
        Assert.Equal(left, outcome.Output.GetTypeByMetadataName("Ring")!.GetTypeMembers().Select(type => type.Name).Order());
    }

    [Theory]
    [InlineData("Prediction", "⟦(Prediction)9⟧", "is 9;", "one of Velocity, Noise, Data, Score, VPrediction, Preconditioned")]
    [InlineData("Time", "⟦(NetworkTime)(-1)⟧", "is -1;", "one of Process, Timestep, LogSnr, Sigma")]
    [InlineData("TimeScale", "⟦0⟧", "is 0;", "finite and not 0")]
    [InlineData("TimeScale", "⟦double.NaN⟧", "is NaN;", "finite and not 0")]
    [InlineData("DataDeviation", "⟦-1⟧", "is -1;", "positive and finite")]
    [InlineData("Training", "⟦(NoiseSchedule)9⟧", "is 9;", "one of Process, Linear, ScaledLinear, SquaredCosine, Flow")]
    [InlineData(
        "Training", "⟦NoiseSchedule.Flow⟧, Betas = new[] { 0.1, 0.2 }, Prediction = Prediction.Noise", "is Flow;", "it must be left out where Betas are given")]
    [InlineData("TrainingSteps", "⟦1⟧", "is 1;", "between 2 and 1000000")]
    [InlineData("BetaStart", "⟦0⟧", "is 0;", "positive and less than 1")]
    [InlineData("BetaEnd", "⟦1⟧", "is 1;", "positive and less than 1")]
    [InlineData("BetaEnd", "⟦0.0001⟧, Training = NoiseSchedule.ScaledLinear, Prediction = Prediction.Noise", "is 0.0001;", "at least BetaStart, 0.00085")]
    [InlineData("Betas", "⟦new[] { 0.5 }⟧, Prediction = Prediction.Noise", "a single number", "at least 2")]
    [InlineData("Betas", "new[] { 0.5, ⟦2⟧ }, Prediction = Prediction.Noise", "is 2;", "positive and less than 1")]
    [InlineData("Prediction", "⟦Prediction.Velocity⟧, Training = NoiseSchedule.Linear", "is Velocity;", "Noise, Data, Score or VPrediction")]
    [InlineData("Prediction", "⟦Prediction.Preconditioned⟧, Training = NoiseSchedule.Flow", "is Preconditioned;", "leave Training and Betas out")]
    public void FLOW0701NetworkInvalid(string argument, string value, params string[] words)
        => Reports(
            "FLOW0701", $"[Network(\"Net\", {argument} = {value})]\n[Sampler(\"Fast\", Steps = 2, Field = \"Net\")]", ["Exact"],
            [$"{argument} of network 'Net' of 'Ring' ", .. words]);

    [Theory]
    [InlineData("[Sampler(\"Fast\", Steps = 2, Field = ⟦\"Net\"⟧)]", false, "Field of sampler 'Fast' of 'Ring' is \"Net\";", "the type has no network")]
    [InlineData("[Network(\"Net\")]\n[Sampler(\"Fast\", Steps = 2, Field = ⟦\"Other\"⟧)]", true, "is \"Other\";", "a network of the type: Net")]
    [InlineData(
        "[Network(\"Net\")]\n[Sampler(\"Fast\", Steps = 2, Field = \"Net\", Precision = ⟦Precision.Double⟧)]", true, "Precision of sampler", "is Double;",
        "single precision")]
    public void FLOW0702FieldInvalid(string attributes, bool hasNetwork, params string[] words)
        => Reports("FLOW0702", attributes, hasNetwork ? ["Exact", "Net"] : ["Exact"], words);

    [Fact]
    public void FLOW0702FieldInvalidWithScore()
        => Reports(
            "FLOW0702", "[Network(\"Net\")]\n[ScoreNetwork(\"Built\")]\n[Sampler(\"Fast\", Steps = 2, Field = \"Net\", Score = ⟦\"Built\"⟧)]",
            ["Built", "Exact", "Net"], ["Score of sampler 'Fast'", "is \"Built\";", "leave Score or Field out"]);

    private static readonly Lazy<string> s_profile = new(() => ProfileFiles.TextOf(ProfileFiles.Measure(Solver.Heun, new OrnsteinUhlenbeckProcess())));

    [Theory]
    [InlineData("Grid = ⟦Grid.Profile⟧", "Grid of sampler 'Fast' of 'Ring' is Profile;", "name the file of measurements in Profile")]
    [InlineData("Profile = ⟦\"net.profile.json\"⟧", "Profile of sampler 'Fast' of 'Ring' is \"net.profile.json\";", "only Grid.Profile takes its times")]
    [InlineData("Grid = Grid.Angle, Profile = ⟦\"none.profile.json\"⟧", "only Grid.Profile takes its times")]
    [InlineData("Grid = Grid.Profile, Profile = ⟦\"none.profile.json\"⟧", "the file is not among the AdditionalFiles; visible: net.profile.json")]
    [InlineData("Grid = Grid.Profile, Profile = ⟦\"\"⟧", "is \"\";", "not among the AdditionalFiles")]
    [InlineData("Grid = Grid.Profile, Profile = ⟦\"net.profile.json\"⟧, Solver = Solver.Euler", "measured for Heun and the sampler is Euler")]
    [InlineData("Grid = Grid.Profile, Profile = ⟦\"net.profile.json\"⟧, Chart = Chart.State", "in Chart.Canonical and the sampler integrates in Chart.State")]
    [InlineData("Grid = Grid.Profile, Profile = ⟦\"net.profile.json\"⟧, Solver = Solver.Midpoint", "measured for Heun and the sampler is Midpoint")]
    public void FLOW0703ProfileInvalid(string arguments, params string[] words)
    {
        string marked = Model($"[Sampler(\"Fast\", Steps = 2, {arguments})]");
        GeneratorOutcome outcome = GeneratorHarness.Run(DiagnosticAssert.Unmark(marked), ("/project/net.profile.json", s_profile.Value));
        Assert.Empty(outcome.Errors);
        Assert.Equal(["Exact"], outcome.Output.GetTypeByMetadataName("Ring")!.GetTypeMembers().Select(type => type.Name));
        DiagnosticAssert.Check(outcome, "FLOW0703", marked, words);
    }

    [Theory]
    [InlineData("[OrnsteinUhlenbeck(Horizon = 2)]", "OrnsteinUhlenbeck(Beta = 1, Horizon = 3, EarlyStop = 0.001, Sigma = 1)", "Horizon = 2")]
    [InlineData("[OrnsteinUhlenbeck(EarlyStop = 0.01)]", "measured on another process", "EarlyStop = 0.01")]
    [InlineData("[LinearInterpolant]", "measured on another process", "LinearInterpolant(EarlyStop = 0.001, Horizon = 1)")]
    public void FLOW0703ProfileInvalidOnAnotherProcess(string process, params string[] words)
    {
        string marked = Model($"{process}\n[Sampler(\"Fast\", Steps = 2, Grid = Grid.Profile, Profile = ⟦\"net.profile.json\"⟧)]");
        GeneratorOutcome outcome = GeneratorHarness.Run(DiagnosticAssert.Unmark(marked), ("/project/net.profile.json", s_profile.Value));
        DiagnosticAssert.Check(outcome, "FLOW0703", marked, words);
    }

    [Theory]
    [InlineData("{ \"version\": 1 }", "cannot be read at line 1, column 1: The property \"process\" is missing")]
    [InlineData("[1]", "The file is an array; it must be an object")]
    [InlineData("{", "cannot be read at line 1, column 2")]
    [InlineData(null, "the file cannot be opened; is it still at /project/net.profile.json")]
    public void FLOW0703ProfileInvalidInItsFile(string? text, string words)
    {
        string marked = Model("[Sampler(\"Fast\", Steps = 2, Grid = Grid.Profile, Profile = ⟦\"net.profile.json\"⟧)]");
        DiagnosticAssert.Check(GeneratorHarness.Run(DiagnosticAssert.Unmark(marked), ("/project/net.profile.json", text)), "FLOW0703", marked, words);
    }

    [Fact]
    public void FLOW0501StudentInvalidOnAProfile()
        => DiagnosticAssert.Reports(
            "FLOW0501", Model("[Student(\"Learned\", Grid = ⟦Grid.Profile⟧)]"),
            "Grid of student 'Learned' of 'Ring' is Profile;", "only samplers take the profile");

    /// <summary>Names that the nested types' own members would take from them.</summary>
    [Theory]
    [InlineData("[Network(⟦\"Convention\"⟧)]")]
    [InlineData("[Sampler(⟦\"FieldSampler\"⟧, Steps = 2)]")]
    [InlineData("[Network(⟦\"Exact\"⟧)]")]
    public void FLOW0302SamplerNameTaken(string attributes)
        => Reports("FLOW0302", attributes, ["Exact"], []);
}
