using FlowDsl.Mathematics.Numerics;

namespace FlowDsl.Tests;

public class NormalTailTests
{
    // From the series of the distribution function and the tail's continued fraction with 60 digits.
    [Theory]
    [InlineData(0, 0.5)]
    [InlineData(0.1, 0.460172162722971)]
    [InlineData(0.5, 0.3085375387259869)]
    [InlineData(1, 0.15865525393145705)]
    [InlineData(1.5, 0.06680720126885807)]
    [InlineData(2, 0.02275013194817921)]
    [InlineData(3, 0.0013498980316300946)]
    [InlineData(5, 2.866515718791939e-07)]
    [InlineData(8, 6.220960574271784e-16)]
    [InlineData(12, 1.776482112077679e-33)]
    [InlineData(20, 2.7536241186062337e-89)]
    [InlineData(30, 4.906713927148187e-198)]
    [InlineData(37, 5.725571222524577e-300)]
    public void HasTheDigitsOfHighPrecision(double z, double tail)
    {
        Assert.Equal(1, NormalTail.Of(z) / tail, 1e-15);
        Assert.Equal(1 - tail, NormalTail.Of(-z), 1e-15);
        NormalTail.Of(z, out double density);
        Assert.Equal(1, density / (Math.Exp(-0.5 * z * z) / Math.Sqrt(2 * Math.PI)), 1e-14);
    }

    // The quotient z/√2 costs the reference z² units in the last place.
    [Fact]
    public void IsTheErrorFunctions()
    {
        for (double z = -8; z < 37; z += 0.0137)
            Assert.Equal(1, NormalTail.Of(z) / (0.5 * ComplementaryErrorFunction.Of(z / Math.Sqrt(2))), 1e-15 + 2e-16 * z * z);
    }

    [Fact]
    public void HasItsLimits()
    {
        Assert.Equal(0, NormalTail.Of(double.PositiveInfinity, out double density));
        Assert.Equal(0, density);
        Assert.Equal(1, NormalTail.Of(double.NegativeInfinity));
        Assert.Equal(1, NormalTail.Of(-40));
        Assert.Equal(double.NaN, NormalTail.Of(double.NaN));
        // Below the least normal number digits go one by one.
        Assert.InRange(NormalTail.Of(38.4), 1e-323, 1e-321);
    }
}
