namespace FlowDsl.CodeFixes.Tests;

public class MakeSymmetricFixTests
{
    [Theory]
    [InlineData("new double[] { 1, 0.5, {|FLOW0110:0.25|}, 1 }", "new double[] { 1, 0.375, 0.375, 1 }")]
    [InlineData("[1, 0.5, {|FLOW0110:0.25|}, 1]", "[1, 0.375, 0.375, 1]")]
    [InlineData("new[] { 4, 1.5, /* (1, 0) */ {|FLOW0110:0.5|}, 4 }", "new[] { 4, 1.0, /* (1, 0) */ 1.0, 4 }")]
    public Task Pair(string before, string after)
        => FixTest<MakeSymmetricFix>.Fixes(Ring(2, $"1, 0, 0, Covariance = {before}"), Ring(2, $"1, 0, 0, Covariance = {after}"));

    /// <summary>Every pair of a matrix: the diagnostic is of the first.</summary>
    [Fact]
    public Task AllPairs()
        => FixTest<MakeSymmetricFix>.Fixes(
            Ring(3, "1, 0, 0, 0, Covariance = new double[] { 4, 1, 0.5,   {|FLOW0110:0|}, 4, -1,   0.5, -2, 4 }"),
            Ring(3, "1, 0, 0, 0, Covariance = new double[] { 4, 0.5, 0.5,   0.5, 4, -1.5,   0.5, -1.5, 4 }"));

    [Fact]
    public Task AllComponents()
        => FixTest<MakeSymmetricFix>.Fixes(
            Ring(
                2,
                "0.5, 0, 0, Covariance = new[] { 1, 0.5, {|FLOW0110:0.25|}, 1 }",
                "0.5, 0, 0, Covariance = new[] { 1, 0.25, {|FLOW0110:0.5|}, 1 }"),
            Ring(2, "0.5, 0, 0, Covariance = new[] { 1, 0.375, 0.375, 1 }", "0.5, 0, 0, Covariance = new[] { 1, 0.375, 0.375, 1 }"));

    [Fact]
    public Task NotOfWhatIsNotFinite()
        => FixTest<MakeSymmetricFix>.OffersNothing(Ring(2, "1, 0, 0, Covariance = new[] { 1, {|FLOW0110:double.NaN|}, 0.5, 1 }"));

    private static string Ring(int dimension, params string[] components)
        => $"using FlowDsl;\n[GaussianMixture({dimension})]\n"
            + string.Concat(components.Select(component => $"[Component({component})]\n"))
            + "public partial class Ring;";
}
