namespace FlowDsl.CodeFixes.Tests;

public class UseNearestNameFixTests
{
    [Theory]
    [InlineData("Solver = Solver.{|CS0117:Hun|}", "Solver = Solver.Heun")]
    [InlineData("Solver = FlowDsl.Solver.{|CS0117:heun|}", "Solver = FlowDsl.Solver.Heun")]
    [InlineData("Grid = Grid.{|CS0117:Uniforms|}", "Grid = Grid.Uniform")]
    [InlineData("{|CS0246:solver|} = Solver.Heun", "Solver = Solver.Heun")]
    [InlineData("{|CS0246:tracking|} = Tracking.Local", "Tracking = Tracking.Local")]
    public Task ArgumentsOfAnAttribute(string before, string after)
        => FixTest<UseNearestNameFix>.FixesErrors(Ring($"Sampler(\"Fast\", Steps = 8, {before})"), Ring($"Sampler(\"Fast\", Steps = 8, {after})"));

    [Fact]
    public Task AllNames()
        => FixTest<UseNearestNameFix>.FixesErrors(
            Ring("Sampler(\"Fast\", Steps = 8, {|CS0246:Grids|} = Grid.{|CS0117:Angel|}), Sampler(\"Fine\", Steps = 8, Solver = Solver.{|CS0117:Hun|})"),
            Ring("Sampler(\"Fast\", Steps = 8, Grid = Grid.Angle), Sampler(\"Fine\", Steps = 8, Solver = Solver.Heun)"));

    [Theory]
    [InlineData("{|CS0246:{|CS0246:Samples|}|}", "Sampler")]
    [InlineData("FlowDsl.{|CS0234:{|CS0234:Samples|}|}", "FlowDsl.Sampler")]
    public Task AttributesThemselves(string before, string after)
        => FixTest<UseNearestNameFix>.FixesErrors(Ring($"{before}(\"Fast\", Steps = 8)"), Ring($"{after}(\"Fast\", Steps = 8)"));

    [Theory]
    [InlineData("Sampler(\"Fast\", Steps = 8, Solver = Solver.{|CS0117:Simpson|})")]
    [InlineData("Sampler(\"Fast\", Steps = 8, {|CS0246:Colour|} = 8)")]
    [InlineData("{|CS0246:{|CS0246:Serialized|}|}")]
    [InlineData("System.Obsolete(nameof(System.Base64FormattingOptions.{|CS0117:Non|}))")]
    public Task NothingWhereNoNameIsNearOrOurs(string attribute) => FixTest<UseNearestNameFix>.FixesErrors(Ring(attribute), Ring(attribute));

    private static string Ring(string attribute) => $"""
        using FlowDsl;

        [GaussianMixture(1)]
        [Component(1, 0, Variance = 1)]
        [{attribute}]
        public partial class Ring;
        """;
}
