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
    public Task Tracked() => GeneratedFile.Verify("""
        using FlowDsl;

        /// <summary>Two modes, with tangents, with the lengths of errors alone, and with a companion.</summary>
        [GaussianMixture(1)]
        [Component(0.5, -1, Variance = 0.04)]
        [Component(0.5, 1, Variance = 0.04)]
        [Sampler("Tangent", Times = new[] { 3, 0.5, 0.001 }, Tracking = Tracking.Tangent)]
        [Sampler("Local", Times = new[] { 3, 0.5, 0.001 }, Solver = Solver.Euler, Tracking = Tracking.Local)]
        [Sampler("Multistep", Times = new[] { 3, 0.5, 0.001 }, Solver = Solver.DpmSolverPlusPlus2M, Tracking = Tracking.Tangent)]
        [Sampler("Companion", Times = new[] { 3, 0.001 }, Solver = Solver.Ddim, Tracking = Tracking.Companion)]
        public partial class Modes;

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
    public Task Span() => GeneratedFile.Verify("""
        using FlowDsl;

        /// <summary>Four modes in a plane that no coordinates span.</summary>
        [GaussianMixture(8)]
        [Component(0.25, 2, 2, 0, 0, -1, 3, 3, 1, Variance = 0.05)]
        [Component(0.25, 0, 2, 2, 0, 1, 3, 1, 3, Variance = 0.05)]
        [Component(0.25, 0, 0, 2, 2, 1, 1, 1, 5, Variance = 0.05)]
        [Component(0.25, 2, 0, 0, 2, -1, 1, 3, 3, Variance = 0.05)]
        [Sampler("Fast", Times = new[] { 3, 1, 0.3, 0.001 })]
        public partial class Tilted;

        """);

    [Fact]
    public Task PrincipalAxes()
    {
        IEnumerable<int> axes = Enumerable.Range(0, 16);
        static double Entry(int i, int j) => i == j ? 1 : Math.Round(0.5 / (1 + Math.Abs(i - j)), 4, MidpointRounding.AwayFromZero);
        string matrix = Rows(axes.Select(i => Row(axes.Select(j => Entry(i, j)))));
        string means = Rows(Enumerable.Range(0, 3).Select(k => Row(axes.Select(j => (k * 5 + j * j) % 7.0))));
        string file = $$"""{ "covariance_type": "tied", "weights": [0.25, 0.25, 0.5], "means": [{{means}}], "covariances": [{{matrix}}] }""";
        return GeneratedFile.Verify(
            """
            using FlowDsl;

            /// <summary>Three means in 16 dimensions with one full covariance.</summary>
            [GaussianMixture(16, File = "Correlated.mixture.json")]
            [Sampler("Fast", Steps = 20)]
            public partial class Correlated;

            """,
            [("/project/Correlated.mixture.json", file)]);
    }

    [Fact]
    public Task Coefficients()
    {
        string means = Rows(Enumerable.Range(0, 16).Select(
            k => Row(Enumerable.Range(0, 32).Select(j => (k + 1) * (j + 3) * (k + j + 1) % 97 % 5.0))));
        string weights = Row(Enumerable.Repeat(0.0625, 16)), variances = Row(Enumerable.Repeat(0.2, 16));
        string file = $$"""{ "covariance_type": "spherical", "weights": {{weights}}, "means": [{{means}}], "covariances": {{variances}} }""";
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

    [Fact]
    public Task ActiveComponents()
    {
        string means = string.Join(", ", Enumerable.Range(0, 64).Select(k => $"[{9 * (k * 5 % 8) - 30}, {9 * (k / 8) + k % 5 - 33}]"));
        string weights = Row(Enumerable.Repeat(0.015625, 64)), variances = Row(Enumerable.Repeat(1.0, 64));
        string file = $$"""{ "covariance_type": "spherical", "weights": {{weights}}, "means": [{{means}}], "covariances": {{variances}} }""";
        return GeneratedFile.Verify(
            """
            using FlowDsl;

            /// <summary>Sixty-four means in the plane.</summary>
            [GaussianMixture(2, File = "Scattered.mixture.json")]
            [Sampler("Fast", Steps = 4)]
            public partial class Scattered;

            """,
            [("/project/Scattered.mixture.json", file)]);
    }
    private static string Row(IEnumerable<double> numbers)
        => $"[{string.Join(", ", numbers.Select(number => number.ToString("R", CultureInfo.InvariantCulture)))}]";

    private static string Rows(IEnumerable<string> rows) => string.Join(", ", rows);
}
