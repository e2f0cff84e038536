namespace FlowDsl.Generators.Tests;

/// <summary>What is generated for flow maps: on a line, on a grid and along a span.</summary>
public class FlowMapSnapshotTests
{
    private static Task Verify(string components, int dimension, string map) => GeneratedFile.Verify($$"""
        using FlowDsl;

        /// <summary>A mixture whose flow splits.</summary>
        [GaussianMixture({{dimension}})]
        {{components}}
        [FlowMap({{map}})]
        public partial class Split;

        """);

    [Fact]
    public Task Line() => Verify(
        "[Component(0.25, -0.5, Variance = 0.2)]\n[Component(0.75, 0.5, Variance = 0.2)]", 1,
        "\"Jump\", Segments = 2, Grid = Grid.Angle, Accuracy = 1e-3");

    [Fact]
    public Task Grid() => Verify(
        "[Component(0.25, -1, 0, Variance = 0.2)]\n[Component(0.25, 1, 0, Variance = 0.2)]\n"
            + "[Component(0.25, -1, 2, Variance = 0.2)]\n[Component(0.25, 1, 2, Variance = 0.2)]",
        2, "\"Jump\", Accuracy = 1e-3");

    [Fact]
    public Task Span() => Verify(
        "[Component(0.5, -1, 0, 2, Variance = 0.2)]\n[Component(0.5, 0, 1, 3, Variance = 0.2)]", 3, "\"Jump\", Accuracy = 1e-3, Precision = Precision.Double");
}
