using FlowDsl.Benchmarks;

namespace FlowDsl.Generators.Tests;

public class LeastStepsTests
{
    /// <summary>Of an error of 1/N², asked for in any order, the least N is the root, rounded up.</summary>
    [Theory]
    [InlineData(1.0, 1)]
    [InlineData(0.25, 2)]
    [InlineData(0.2, 3)]
    [InlineData(1e-2, 10)]
    [InlineData(1.01e-3, 32)]
    [InlineData(1e-4, 100)]
    public void TheLeastStepsAreFound(double bound, int steps)
    {
        var least = new LeastSteps(n => 1.0 / (n * n), most: 100);
        Assert.Equal(steps, least.For(bound));
        Assert.Equal(10, least.For(1e-2));
        Assert.Equal(steps, least.For(bound));
    }

    [Fact]
    public void AnAccuracyOutOfReachHasNone() => Assert.Null(new LeastSteps(n => 1.0 / (n * n), most: 99).For(1e-4));

    [Fact]
    public void AnErrorThatIsNoNumberIsNotEnough() => Assert.Equal(5, new LeastSteps(n => n < 5 ? double.NaN : 0, most: 64).For(1e-6));

    [Fact]
    public void EachNumberOfStepsIsMeasuredOnce()
    {
        var asked = new List<int>();
        var least = new LeastSteps(
            n =>
            {
                asked.Add(n);
                return 1.0 / n;
            },
            most: 64);
        foreach (double bound in new[] { 0.1, 0.02, 0.1 }) least.For(bound);
        Assert.Distinct(asked);
    }
}
