namespace FlowDsl.CodeFixes.Tests;

public class NormalizeWeightsFixTests
{
    [Fact]
    public Task WeightsAlone()
        => FixTest<NormalizeWeightsFix>.Fixes(
            """
            using FlowDsl;

            [GaussianMixture(2)]
            [Component(2, 0, 0, Variance = 1)] // the ring
            [Component(weight: 4.0 / 2, mean: new[] { 1.0, 1 }, Variance = 1)]
            [Component({|FLOW0105:4|}, 1, 1, Covariance = new[] { 1.0, 0, 0, 1 })]
            public partial class Ring;
            """,
            """
            using FlowDsl;

            [GaussianMixture(2)]
            [Component(0.25, 0, 0, Variance = 1)] // the ring
            [Component(weight: 0.25, mean: new[] { 1.0, 1 }, Variance = 1)]
            [Component(0.5, 1, 1, Covariance = new[] { 1.0, 0, 0, 1 })]
            public partial class Ring;
            """);

    /// <summary>Each type by its own sum, and in all parts of a type; every digit of a weight.</summary>
    [Fact]
    public Task AllTypes()
        => FixTest<NormalizeWeightsFix>.Fixes(
            """
            using FlowDsl;

            [GaussianMixture(1)]
            [Component(0.1, 0, Variance = 1)]
            [Component({|FLOW0105:0.2|}, 1, Variance = 1)]
            public partial class Ring;

            [Component(1, 0, Variance = 1)]
            public partial class Other;

            [GaussianMixture(1)]
            [Component({|FLOW0105:3|}, 1, Variance = 1)]
            public partial class Other;
            """,
            """
            using FlowDsl;

            [GaussianMixture(1)]
            [Component(0.3333333333333333, 0, Variance = 1)]
            [Component(0.6666666666666666, 1, Variance = 1)]
            public partial class Ring;

            [Component(0.25, 0, Variance = 1)]
            public partial class Other;

            [GaussianMixture(1)]
            [Component(0.75, 1, Variance = 1)]
            public partial class Other;
            """);

    [Fact]
    public Task NotInSeveralFiles()
        => FixTest<NormalizeWeightsFix>.OffersNothing(
            """
            using FlowDsl;

            [GaussianMixture(1)]
            [Component(0.5, 0, Variance = 1)]
            public partial class Ring;
            """,
            ("Other.cs",
                """
                using FlowDsl;

                [Component({|FLOW0105:0.4|}, 1, Variance = 1)]
                public partial class Ring;
                """));
}
