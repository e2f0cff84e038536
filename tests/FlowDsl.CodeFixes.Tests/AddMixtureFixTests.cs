namespace FlowDsl.CodeFixes.Tests;

public class AddMixtureFixTests
{
    [Fact]
    public Task DimensionOfTheFirstComponent()
        => FixTest<AddMixtureFix>.Fixes(
            """
            using FlowDsl;

            namespace Models
            {
                /// <summary>A ring.</summary>
                [{|FLOW0007:Sampler("Fast", Steps = 16)|}]
                [Component(1, 0, 0, 0, Variance = 1)]
                public partial class Ring;
            }
            """,
            """
            using FlowDsl;

            namespace Models
            {
                /// <summary>A ring.</summary>
                [GaussianMixture(3)]
                [Sampler("Fast", Steps = 16)]
                [Component(1, 0, 0, 0, Variance = 1)]
                public partial class Ring;
            }
            """);

    [Fact]
    public Task TwoDimensionsWithoutAComponent()
        => FixTest<AddMixtureFix>.Fixes(
            """
            using FlowDsl;

            [{|FLOW0007:Sampler("Fast", Steps = 16)|}]
            public partial class Ring;
            """,
            """
            using FlowDsl;

            [{|FLOW0102:GaussianMixture(2)|}]
            [Sampler("Fast", Steps = 16)]
            public partial class Ring;
            """);

    [Theory]
    [InlineData("FlowDsl.", "FlowDsl.")]
    [InlineData("global::FlowDsl.", "global::FlowDsl.")]
    public Task QualifiedAsItsNeighbour(string before, string after)
        => FixTest<AddMixtureFix>.Fixes(
            $$"""
            [{|FLOW0007:{{before}}Component(1, 0, Variance = 1)|}] public partial class Ring;
            """,
            $"""
            [{after}GaussianMixture(1)]
            [{before}Component(1, 0, Variance = 1)] public partial class Ring;
            """);

    [Fact]
    public Task AllTypes()
        => FixTest<AddMixtureFix>.Fixes(
            """
            using FlowDsl;

            [System.Serializable] [{|FLOW0007:Component(1, 0, Variance = 1)|}] public partial class Ring;

            [{|FLOW0007:OrnsteinUhlenbeck(Horizon = 4)|}, Component(1, 0, 0, Variance = 1)]
            public partial class Other;
            """,
            """
            using FlowDsl;

            [System.Serializable] [GaussianMixture(1)] [Component(1, 0, Variance = 1)] public partial class Ring;

            [GaussianMixture(2)]
            [OrnsteinUhlenbeck(Horizon = 4), Component(1, 0, 0, Variance = 1)]
            public partial class Other;
            """);
}
