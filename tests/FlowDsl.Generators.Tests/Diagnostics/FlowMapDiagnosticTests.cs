namespace FlowDsl.Generators.Tests;

/// <summary>Flow maps that cannot be.</summary>
public class FlowMapDiagnosticTests
{
    private const string Pair = "[Component(0.5, -1, Variance = 0.04)]\n[Component(0.5, 1, Variance = 0.04)]";

    private static string Model(string map, string components = Pair, int dimension = 1)
        => $"using FlowDsl;\n[GaussianMixture({dimension})]\n{components}\n[FlowMap({map})]\npublic partial class Ring;";

    /// <summary>The flow map is reported and left out; the model is generated.</summary>
    private static void Reports(string id, string model, params string[] words)
    {
        GeneratorOutcome outcome = DiagnosticAssert.Reports(id, model, words);
        Assert.Empty(outcome.Errors);
        Assert.Empty(outcome.Output.GetTypeByMetadataName("Ring")!.GetTypeMembers());
    }

    [Theory]
    [InlineData("Segments", "⟦0⟧", "is 0;", "from 1 to 100")]
    [InlineData("Segments", "⟦101⟧", "is 101;", "from 1 to 100")]
    [InlineData("Grid", "⟦(Grid)1000⟧", "is 1000;", "ExpectedStability")]
    [InlineData("Precision", "⟦(Precision)2⟧", "is 2;", "Single, Double")]
    [InlineData("Accuracy", "⟦0⟧", "is 0;", "positive")]
    [InlineData("Accuracy", "⟦-1e-6⟧", "is -1E-6;", "positive")]
    [InlineData("Accuracy", "⟦double.NaN⟧", "is NaN;", "positive")]
    [InlineData("Accuracy", "⟦double.PositiveInfinity⟧", "finite")]
    public void FLOW0801FlowMapInvalid(string argument, string value, params string[] words)
        => Reports("FLOW0801", Model($"\"Jump\", {argument} = {value}"), [$"{argument} of flow map 'Jump' of 'Ring' ", .. words]);

    [Theory]
    [InlineData(
        "[Component(0.4, 2, 0, Variance = 0.1)]\n[Component(0.3, -1, 2, Variance = 0.1)]\n[Component(0.3, -1, -2, Variance = 0.1)]", "coordinates 0, 1",
        "2 axes")]
    [InlineData("[Component(0.4, 2, 0, Variance = 0.1)]\n[Component(0.6, -1, 2, Variance = 0.2)]", "coordinates 0, 1", "one isotropic covariance")]
    public void FLOW0802FlowNotSplit(string components, params string[] words)
        => Reports("FLOW0802", Model("⟦\"Jump\"⟧", components, 2), ["Flow map 'Jump' of 'Ring'", "[Sampler] or a [Student]", .. words]);

    [Fact]
    public void FLOW0803AccuracyUnreachable()
        => Reports("FLOW0803", Model("\"Jump\", Accuracy = ⟦1e-8⟧"), "The Accuracy of flow map 'Jump' of 'Ring' is 1E-8", "Precision.Double");

    [Fact]
    public void FLOW0313GridReplaced()
        => DiagnosticAssert.Reports(
            "FLOW0313", Model("\"Jump\", Segments = 65, Grid = ⟦Grid.Optimal⟧, Accuracy = 1e-4", "[Component(1, 0, Variance = 0.1)]"),
            "'Jump' of 'Ring'", "Grid.Optimal", "Grid.ErrorBalanced");
}
