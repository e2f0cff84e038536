namespace FlowDsl.Generators.Tests;

/// <summary>Data sets that cannot be mixtures, and what cannot be made of them.</summary>
public class DataDiagnosticTests
{
    private static readonly (string, string?) s_plan = ("/project/points.plan.json", DataFiles.Plan(1000, 2));

    [Theory]
    [InlineData("⟦Data = \"points.csv\"⟧, Variance = 0.1", "", "Data of 'Ring' is \"points.csv\";", "the host's command data makes one")]
    [InlineData("Data = \"points.npy\", ⟦Variance = -1⟧", "", "Variance of 'Ring' is -1;", "positive")]
    [InlineData("Data = \"points.npy\", ⟦Variance = double.NaN⟧", "", "Variance of 'Ring' is NaN;", "positive")]
    [InlineData("Data = \"points.npy\", ⟦Variance = 1e200⟧", "", "is 1E+200;", "1e-100 to 1e100")]
    [InlineData("⟦Data = \"points.npy\"⟧", "", "Variance of 'Ring' is 0;", "positive")]
    [InlineData("⟦Variance = 0.5⟧", "", "Variance of 'Ring' is 0.5;", "name a .npy file in Data")]
    [InlineData("⟦Data = \"points.npy\"⟧, Variance = 0.1", "[Component(1, 0, 0, Variance = 1)]", "its rows are the components")]
    [InlineData("⟦Data = \"points.npy\"⟧, Variance = 0.1, File = \"a.mixture.json\"", "", "either Data or File")]
    public void FLOW0124DataInvalid(string arguments, string attributes, params string[] words)
    {
        string marked = $"using FlowDsl;\n[GaussianMixture(2, {arguments})]\n{attributes}\npublic partial class Ring;\n";
        // Where is the squiggle: at the value of the argument.
        int start = marked.IndexOf('⟦', StringComparison.Ordinal), equals = marked.IndexOf("= ", start, StringComparison.Ordinal) + 2;
        marked = marked[..start] + marked[(start + 1)..equals] + "⟦" + marked[equals..];
        const string mixture = """{ "weights": [1], "means": [[0, 0]], "covariance_type": "spherical", "covariances": [1] }""";
        (string, string?)[] files = [s_plan, ("/project/points.csv.plan.json", s_plan.Item2), ("/project/a.mixture.json", mixture)];
        Assert.Empty(DiagnosticAssert.Reports("FLOW0124", marked, files, words).HintNames);
    }

    [Theory]
    [InlineData("Precision = ⟦Precision.Double⟧", "Precision of the sampler Fast of 'Ring' is Double;", "single precision")]
    [InlineData("Tracking = ⟦Tracking.Certified⟧", "Tracking of the sampler Fast", "Companion or None")]
    [InlineData("Tracking = ⟦Tracking.Tangent⟧", "Tracking of the sampler Fast", "Companion or None")]
    [InlineData("Grid = ⟦Grid.Optimal⟧", "Grid of the sampler Fast", "trajectories of all components", "GaussianOptimal")]
    public void FLOW0124DataInvalidOfSampler(string argument, params string[] words)
    {
        GeneratorOutcome outcome = DiagnosticAssert.Reports("FLOW0124", Model($"[Sampler(\"Fast\", Steps = 2, {argument})]"), [s_plan], words);
        Assert.Equal(["Exact"], outcome.Output.GetTypeByMetadataName("Ring")!.GetTypeMembers().Select(type => type.Name));
    }

    [Theory]
    [InlineData("[⟦ScoreNetwork(\"Net\")⟧]", "The attribute ScoreNetwork of 'Ring' is \"Net\";")]
    [InlineData("[⟦Network(\"Net\")⟧]", "The attribute Network of 'Ring' is \"Net\";")]
    public void FLOW0124DataInvalidOfOthers(string attribute, params string[] words)
        => DiagnosticAssert.Reports("FLOW0124", Model(attribute), [s_plan], words);

    [Fact]
    public void FLOW0125DataNotMeasured()
    {
        string marked = Model("").Replace("\"points.npy\"", "⟦\"points.npy\"⟧", StringComparison.Ordinal);
        GeneratorOutcome outcome = DiagnosticAssert.Reports(
            "FLOW0125", marked, "points.plan.json", "not among the AdditionalFiles", "dotnet run -- data points.npy");
        // The rest of the program compiles, so that the command can run.
        Assert.Empty(outcome.Errors);
        Assert.Empty(outcome.HintNames);
    }

    [Fact]
    public void FLOW0115FileDimensionOfData()
        => DiagnosticAssert.Reports(
            "FLOW0115", Model("").Replace("(2,", "(⟦2⟧,", StringComparison.Ordinal), [("/project/points.plan.json", DataFiles.Plan(10, 3))],
            "points.plan.json", "3");

    [Theory]
    [InlineData("{ \"version\": 2 }", "this release reads 1")]
    [InlineData("{ \"version\": 1 }", "sha256", "missing")]
    [InlineData("[]", "an object")]
    public void FLOW0114FileMalformedOfData(string plan, params string[] words)
        => DiagnosticAssert.Reports(
            "FLOW0114", Model("").Replace("\"points.npy\"", "⟦\"points.npy\"⟧", StringComparison.Ordinal), [("/project/points.plan.json", plan)], words);

    private static string Model(string attribute) => $"""
        using FlowDsl;
        [GaussianMixture(2, Data = "points.npy", Variance = 0.1)]
        [Sampler("Exact", Steps = 2, Grid = Grid.Angle)]
        {attribute}
        public partial class Ring;
        """;
}
