namespace FlowDsl.Generators.Tests;

/// <summary>What a project that references the host gets besides its models.</summary>
public class RegistrySnapshotTests
{
    [Fact]
    public Task Models() => GeneratedFile.VerifyRegistry(
        """
        using FlowDsl;

        #pragma warning disable FLOW0504 // weights are given at run time

        namespace Physics
        {
            /// <summary>Two modes.</summary>
            [GaussianMixture(1)]
            [Component(0.5, -1, Variance = 0.1)]
            [Component(0.5, 1, Variance = 0.1)]
            [Sampler("Fast", Steps = 2, Grid = Grid.Angle)]
            [Network("Net")]
            [Sampler("OnNetwork", Steps = 2, Grid = Grid.Angle, Field = "Net")]
            [Sampler("Precise", Steps = 1, Grid = Grid.Angle, Precision = Precision.Double)]
            [Student("Learned", Segments = 2, Width = 2)]
            public partial class Ring;

            /// <summary>Holds a model that can be named, and two that cannot.</summary>
            public partial class Outer
            {
                [GaussianMixture(1)]
                [Component(1, 0, Variance = 1)]
                internal partial record struct Inner;

                [GaussianMixture(1)]
                [Component(1, 0, Variance = 1)]
                private partial class Hidden;
            }

            /// <summary>Open.</summary>
            public partial class Generic<T>
            {
                /// <summary>One of many types.</summary>
                [GaussianMixture(1)]
                [Component(1, 0, Variance = 1)]
                public partial class OfMany;
            }
        }

        """);
}
