using System.Globalization;

namespace FlowDsl.Generators.Tests;

/// <summary>What is generated for mixtures whose structure the planner uses.</summary>
public class FormSnapshotTests
{
    [Fact]
    public Task MirroredPairs() => GeneratedFile.Verify("""
        using FlowDsl;

        /// <summary>Four modes, opposite each other.</summary>
        [GaussianMixture(2)]
        [Component(0.25, 3, 0, Variance = 0.05)]
        [Component(0.25, -3, 0, Variance = 0.05)]
        [Component(0.25, 0, 3, Variance = 0.05)]
        [Component(0.25, 0, -3, Variance = 0.05)]
        [Sampler("Fast", Times = new[] { 3, 0.5, 0.001 })]
        public partial class Compass;

        """);

    [Fact]
    public Task EquallySpacedProduct() => GeneratedFile.Verify("""
        using FlowDsl;

        /// <summary>Two by four modes on a grid.</summary>
        [GaussianMixture(2)]
        [Component(0.125, -1, 0, Variances = new[] { 0.3, 0.04 })]
        [Component(0.125, -1, 2, Variances = new[] { 0.3, 0.04 })]
        [Component(0.125, -1, 4, Variances = new[] { 0.3, 0.04 })]
        [Component(0.125, -1, 6, Variances = new[] { 0.3, 0.04 })]
        [Component(0.125, 1, 0, Variances = new[] { 0.3, 0.04 })]
        [Component(0.125, 1, 2, Variances = new[] { 0.3, 0.04 })]
        [Component(0.125, 1, 4, Variances = new[] { 0.3, 0.04 })]
        [Component(0.125, 1, 6, Variances = new[] { 0.3, 0.04 })]
        [Sampler("Fast", Times = new[] { 3, 0.5, 0.001 })]
        public partial class Windows;

        """);

    [Fact]
    public Task OneOwner() => GeneratedFile.Verify("""
        using FlowDsl;

        /// <summary>Three modes far apart, in two of three coordinates.</summary>
        [GaussianMixture(3)]
        [Component(0.2, 0, 0, 1, Variance = 0.002)]
        [Component(0.3, 4, 4, 1, Variance = 0.002)]
        [Component(0.5, -4, 5, 1, Variance = 0.002)]
        [Sampler("Fast", Times = new[] { 3, 0.5, 0.001 })]
        public partial class Islands;

        """);

    [Fact]
    public Task Coefficients()
    {
        string means = string.Join(", ", Enumerable.Range(0, 16).Select(k => $"[{string.Join(", ", Enumerable.Range(0, 32).Select(j => ((k * 7 + j * j) % 5).ToString(CultureInfo.InvariantCulture)))}]"));
        string file = $$"""{ "covariance_type": "spherical", "weights": [{{string.Join(", ", Enumerable.Repeat("0.0625", 16))}}], "means": [{{means}}], "covariances": [{{string.Join(", ", Enumerable.Repeat("0.2", 16))}}] }""";
        return GeneratedFile.Verify(
            """
            using FlowDsl;

            /// <summary>Sixteen means in 32 dimensions.</summary>
            [GaussianMixture(32, File = "Many.mixture.json")]
            [Sampler("Fast", Steps = 4)]
            public partial class Many;

            """,
            [("/project/Many.mixture.json", file)]);
    }
}
