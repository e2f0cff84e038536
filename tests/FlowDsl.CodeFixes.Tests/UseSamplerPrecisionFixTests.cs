namespace FlowDsl.CodeFixes.Tests;

public class UseSamplerPrecisionFixTests
{
    [Fact]
    public Task AllCalls()
        => FixTest<UseSamplerPrecisionFix>.Fixes(
            Ring("{|FLOW0011:double|}", "{|FLOW0011:float|}", "{|FLOW0011:Half|}"),
            Ring("float", "double", "float"));

    private static string Ring(string fast, string exact, string other) => $$"""
        using System;
        using FlowDsl;

        [GaussianMixture(1)]
        [Component(1, 0, Variance = 1)]
        [Sampler("Fast", Steps = 16)]
        [Sampler("Exact", Steps = 16, Precision = Precision.Double)]
        public partial class Ring
        {
            public static void Draw()
            {
                var fast = FlowSampling.Sample<Fast, {{fast}}>(count: 1000, seed: 1);
                var exact = FlowSampling.Sample<Exact, {{exact}}>(count: 1000, seed: 1);
                var other = FlowSampling.Sample<Fast, {{other}} /* one of them */>(count: 1000, seed: 1);
            }
        }
        """;
}
