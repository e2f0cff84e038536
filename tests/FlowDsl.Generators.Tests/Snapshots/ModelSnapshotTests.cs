using System.Globalization;

namespace FlowDsl.Generators.Tests;

/// <summary>What is generated for each kind of mixture and shape of type: one snapshot an axis, small enough to be read.</summary>
public class ModelSnapshotTests
{
    [Fact]
    public Task Isotropic() => GeneratedFile.Verify("""
        using FlowDsl;

        /// <summary>Two Gaussians of the same variance.</summary>
        [GaussianMixture(2)]
        [Component(0.5, -1, 0, Variance = 0.1)]
        [Component(0.5, 1, 0.5, Variance = 0.1)]
        [Sampler("Fast", Steps = 1)]
        public partial class Pair;

        """);

    [Fact]
    public Task SingleGaussian() => GeneratedFile.Verify("""
        using FlowDsl;

        /// <summary>One Gaussian.</summary>
        [GaussianMixture(2)]
        [Component(1, 0.5, -0.5, Variance = 0.25)]
        [Sampler("Fast", Steps = 1)]
        public partial class Disc;

        """);

    [Fact]
    public Task Diagonal() => GeneratedFile.Verify("""
        using FlowDsl;

        /// <summary>Two ellipses along the axes.</summary>
        [GaussianMixture(2)]
        [Component(0.5, -1, 0, Variances = new[] { 0.05, 0.6 })]
        [Component(0.5, 1, 0, Variances = new[] { 0.6, 0.05 })]
        [Sampler("Fast", Steps = 1)]
        public partial class Cross;

        """);

    [Fact]
    public Task Full() => GeneratedFile.Verify("""
        using FlowDsl;

        /// <summary>Two leaning ellipses.</summary>
        [GaussianMixture(2)]
        [Component(0.5, -1, 0, Covariance = new[] { 0.5, 0.3, 0.3, 0.5 })]
        [Component(0.5, 1, 0, Covariance = new[] { 0.5, -0.3, -0.3, 0.5 })]
        [Sampler("Fast", Steps = 1)]
        public partial class Leaves;

        """);

    [Fact]
    public Task MixedKinds() => GeneratedFile.Verify("""
        using FlowDsl;

        /// <summary>A disc, an ellipse along the axes and a leaning one.</summary>
        [GaussianMixture(2)]
        [Component(0.5, -1, 0, Variance = 0.1)]
        [Component(0.25, 1, 0, Variances = new[] { 0.5, 0.1 })]
        [Component(0.25, 0, 1, Covariance = new[] { 0.5, 0.25, 0.25, 0.5 })]
        [Sampler("Fast", Steps = 1, Solver = Solver.Euler)]
        public partial class Shapes;

        """);

    [Fact]
    public Task Tied() => GeneratedFile.Verify("""
        using FlowDsl;

        /// <summary>Three Gaussians of one covariance.</summary>
        [GaussianMixture(2, File = "flowers.mixture.json")]
        [Sampler("Fast", Steps = 1, Solver = Solver.Euler)]
        public partial class Flowers;

        """,
        [(
            "/project/flowers.mixture.json",
            """
            {
              "weights": [0.5, 0.25, 0.25], "means": [[-1, 0], [1, 0], [0, 2]],
              "covariance_type": "tied", "covariances": [[0.5, 0.25], [0.25, 0.5]]
            }
            """)]);

    [Fact]
    public Task FromFile() => GeneratedFile.Verify("""
        using FlowDsl;

        /// <summary>Two variables of two clusters.</summary>
        [GaussianMixture(2, File = "clusters.mixture.json")]
        [Sampler("Fast", Steps = 1, Solver = Solver.Euler, Grid = Grid.Uniform)]
        public partial class Clusters;

        """,
        [(
            "/project/clusters.mixture.json",
            """
            {
              "weights_": [0.25, 0.75], "means_": [[-1, 0.5], [1, 1e-3]],
              "covariance_type": "diag", "covariances_": [[0.5, 0.25], [0.25, 1]]
            }
            """)]);

    [Fact]
    public Task Data() => GeneratedFile.Verify(
        """
        using FlowDsl;

        /// <summary>The rows of a file.</summary>
        [GaussianMixture(2, Data = "points.npy", Variance = 0.01)]
        [Sampler("Fast", Steps = 2)]
        public partial class Points;

        """,
        [("/project/points.plan.json", DataFiles.Plan(60000, 2))]);

    [Fact]
    public Task Large()
    {
        // Too many components for straight-line code, for listing them and for computing the stability table beforehand.
        const int count = 65, d = 5;
        string components = string.Join("\n", Enumerable.Range(0, count).Select(k => string.Create(
            CultureInfo.InvariantCulture,
            $"[Component(1.0 / {count}, {string.Join(", ", Enumerable.Range(0, d).Select(j => k == j * 13 ? 1 : k % (j + 2)))}, Variance = 0.25)]")));
        return GeneratedFile.Verify($"""
            using FlowDsl;

            /// <summary>Many Gaussians of the same variance.</summary>
            [GaussianMixture({d})]
            {components}
            [Sampler("Fast", Steps = 2, Grid = Grid.Zeta)]
            public partial class Crowd;

            """);
    }

    [Fact]
    public Task NestedGenericRecordStruct() => GeneratedFile.Verify("""
        using FlowDsl;

        namespace @namespace.Physics;

        /// <summary>A container.</summary>
        /// <typeparam name="T">Anything.</typeparam>
        public partial class Outer<T>
            where T : class
        {
            /// <summary>One Gaussian.</summary>
            /// <typeparam name="event">Anything.</typeparam>
            [GaussianMixture(1)]
            [Component(1, 0, Variance = 1)]
            [OrnsteinUhlenbeck(EarlyStop = 0)]
            [Sampler("fast", Steps = 1, Solver = Solver.Euler)]
            internal readonly partial record struct Inner<@event>(T Value);
        }

        """);

    [Fact]
    public Task StructInTheGlobalNamespace() => GeneratedFile.Verify("""
        /// <summary>Two samplers of one Gaussian.</summary>
        [global::FlowDsl.GaussianMixture(1), global::FlowDsl.Component(1, 0, Variance = 0.5)]
        [global::FlowDsl.Sampler("One", Steps = 1, Solver = global::FlowDsl.Solver.Euler, Grid = global::FlowDsl.Grid.Uniform)]
        [global::FlowDsl.Sampler("Two", Steps = 2, Solver = global::FlowDsl.Solver.Euler, Grid = global::FlowDsl.Grid.Uniform)]
        public partial struct @class
        {
            private class System;

            private class FlowDsl;
        }

        """);

    [Fact]
    public Task WithoutSamplers() => GeneratedFile.Verify("""
        using FlowDsl;

        /// <summary>A mixture for its point functions alone.</summary>
        [GaussianMixture(1)]
        [Component(0.5, -1, Variance = 0.5)]
        [Component(0.5, 1, Variance = 0.5)]
        public sealed partial record Pair;

        """);
}
