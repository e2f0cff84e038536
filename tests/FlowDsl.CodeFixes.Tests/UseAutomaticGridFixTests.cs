namespace FlowDsl.CodeFixes.Tests;

public class UseAutomaticGridFixTests
{
    private const string Narrow = "[Component(0.5, -1, 0, Variance = 1e-4)]\n[Component(0.5, 1, 0, Variance = 1e-4)]\n";
    private const string Wide = "[Component(0.3, -1.2, 0.9, Variance = 0.04)]\n[Component(0.7, 1.2, -0.9, Variance = 0.04)]\n";

    [Theory]
    [InlineData("Grid = {|FLOW0316:Grid.StabilityBalanced|}, Steps = 4", "Steps = 4")]
    [InlineData("Steps = 4, Grid = {|FLOW0316:Grid.StabilityBalanced|}, Solver = Solver.Heun", "Steps = 4, Solver = Solver.Heun")]
    [InlineData("Steps = 4, Grid = {|FLOW0315:Grid.Beta|}, Alpha = 0.05, Beta = 50", "Steps = 4")]
    public Task Grid(string before, string after)
        => FixTest<UseAutomaticGridFix>.Fixes(Ring(Narrow, before), Ring(Narrow, after));

    /// <summary>The number of times says how many steps there are; the chart is part of what the forecast compares.</summary>
    [Theory]
    [InlineData(
        "Times = {|FLOW0316:new[] { 3, 0.5, 0.2, 0.001 }|}, Solver = Solver.RungeKutta4, Chart = Chart.State",
        "Steps = 3, Solver = Solver.RungeKutta4")]
    [InlineData(
        "Solver = Solver.RungeKutta4, Steps = 3, Chart = Chart.State, Times = {|FLOW0316:new[] { 3, 0.5, 0.2, 0.001 }|}",
        "Solver = Solver.RungeKutta4, Steps = 3")]
    public Task Times(string before, string after)
        => FixTest<UseAutomaticGridFix>.Fixes(Ring(Wide, before), Ring(Wide, after));

    [Fact]
    public Task AllSamplers()
        => FixTest<UseAutomaticGridFix>.Fixes(
            Ring(Narrow, "Steps = 4, Grid = {|FLOW0316:Grid.StabilityBalanced|}", "Steps = 5, Grid = {|FLOW0316:Grid.StabilityBalanced|}"),
            Ring(Narrow, "Steps = 4", "Steps = 5"));

    /// <summary>Where it is not the grid that is to blame: one step is one step on every grid.</summary>
    [Theory]
    [InlineData("Steps = {|FLOW0315:1|}")]
    [InlineData("Steps = {|FLOW0315:1|}, Grid = Grid.Uniform")]
    public Task NotOfTooFewSteps(string sampler)
        => FixTest<UseAutomaticGridFix>.OffersNothing(Ring(Narrow, sampler));

    [Fact]
    public Task NotOfAChart()
        => FixTest<UseAutomaticGridFix>.OffersNothing(
            Ring(Wide + "[OrnsteinUhlenbeck(Horizon = 100)]\n", "Steps = 16, Chart = {|FLOW0315:Chart.Edm|}, Precision = Precision.Double"));

    private static string Ring(string attributes, params string[] samplers)
        => "using FlowDsl;\n[GaussianMixture(2)]\n" + attributes
            + string.Concat(samplers.Select((sampler, i) => $"[Sampler(\"Fast{i}\", {sampler})]\n"))
            + "public partial class Ring;";
}
