namespace FlowDsl.Generators.Tests;

/// <summary>What is generated for score networks.</summary>
public class ScoreNetworkSnapshotTests
{
    private static string Pair(string variance, string attributes) => $$"""
        using FlowDsl;

        /// <summary>Two Gaussians on a line.</summary>
        [GaussianMixture(1)]
        [Component(0.25, -1, Variance = 0.05)]
        [Component(0.75, 1, Variance = {{variance}})]
        {{attributes}}
        public partial class Pair;

        """;

    [Fact]
    public Task OneTime() => GeneratedFile.Verify(Pair(
        "0.05", "[ScoreNetwork(\"Net\", Accuracy = 1e-3, P = double.PositiveInfinity, TimeDependent = false, Time = 0.5)]"));

    [Fact]
    public Task AllTimes() => GeneratedFile.Verify(Pair("0.05", """
        [ScoreNetwork("Net", Accuracy = 1e-3)]
        [Sampler("Fast", Steps = 2, Score = "Net")]
        """));

    [Fact]
    public Task UnequalVariances() => GeneratedFile.Verify(Pair("0.2", "[ScoreNetwork(\"Net\", Accuracy = 1e-2)]"));
}
