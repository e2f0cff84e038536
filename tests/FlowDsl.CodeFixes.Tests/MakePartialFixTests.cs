namespace FlowDsl.CodeFixes.Tests;

public class MakePartialFixTests
{
    [Theory]
    [InlineData("public sealed class {|FLOW0001:Ring|};", "public sealed partial class Ring;")]
    [InlineData("class {|FLOW0001:Ring|};", "partial class Ring;")]
    [InlineData("/* why */ record {|FLOW0001:Ring|};", "/* why */ partial record Ring;")]
    [InlineData("internal readonly record struct {|FLOW0001:Ring|}(int Count);", "internal readonly partial record struct Ring(int Count);")]
    [InlineData("struct {|FLOW0001:Ring|};", "partial struct Ring;")]
    public Task Type(string before, string after)
        => FixTest<MakePartialFix>.Fixes(Ring(before), Ring(after));

    [Fact]
    public Task TypesAroundIt()
        => FixTest<MakePartialFix>.Fixes(
            $$"""
            public class {|FLOW0002:Physics|}
            {
                public interface {|FLOW0002:IModels|}
                {
                    {{Ring("class {|FLOW0001:Ring|};")}}
                }
            }
            """,
            $$"""
            public partial class Physics
            {
                public partial interface IModels
                {
                    {{Ring("partial class Ring;")}}
                }
            }
            """);

    /// <summary>The type around both is reported twice and made partial once.</summary>
    [Fact]
    public Task TypeAroundTwo()
        => FixTest<MakePartialFix>.FixesInOneStep(
            $$"""
            public class {|FLOW0002:{|FLOW0002:Models|}|}
            {
                {{Ring("partial class Ring;")}}
                {{Ring("partial class Other;")}}
            }
            """,
            $$"""
            public partial class Models
            {
                {{Ring("partial class Ring;")}}
                {{Ring("partial class Other;")}}
            }
            """);

    private static string Ring(string declaration) => $"[FlowDsl.GaussianMixture(1), FlowDsl.Component(1, 0, Variance = 1)] {declaration}";
}
