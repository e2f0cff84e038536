namespace FlowDsl.Tests;

public class ErrorFunctionTests
{
    // Values of mpmath with 40 digits.
    [Theory]
    [InlineData(-3.0, 1.99997790950300141455862722387)]
    [InlineData(-0.25, 1.27632639016823693298506826776)]
    [InlineData(0.0, 1.0)]
    [InlineData(0.125, 0.859683795198666182606970553478)]
    [InlineData(0.5, 0.479500122186953462317253346108)]
    [InlineData(1.0, 0.157299207050285130658779364917)]
    [InlineData(2.75, 1.00621922119636836904391975087e-4)]
    [InlineData(6.0, 2.15197367124989131165933503992e-17)]
    [InlineData(12.5, 6.23194278197991100613954912909e-70)]
    [InlineData(26.0, 5.66319240885614284647572789693e-296)]
    public void IsAccurateInBothTails(double x, double expected)
        => Assert.Equal(1, ComplementaryErrorFunction.Of(x) / expected, 1e-15 * 4);
}
