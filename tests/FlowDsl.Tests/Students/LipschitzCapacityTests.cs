using FlowDsl.Mathematics.Students;

namespace FlowDsl.Tests;

public class LipschitzCapacityTests
{
    [Theory]
    // √(2·8)·√(8·2)·¼² and, with two more layers, 8²·¼² as much.
    [InlineData(2, 8, 1, Activation.ReLU, 0.25, 0, 1)]
    [InlineData(2, 8, 3, Activation.ReLU, 0.25, 0, 4)]
    [InlineData(2, 8, 3, Activation.ReLU, 0.25, 1, 5)]
    [InlineData(2, 8, 1, Activation.Alternating, 0.25, 1, 2)]
    [InlineData(2, 8, 2, Activation.Alternating, 0.25, 1, double.PositiveInfinity)]
    [InlineData(2, 8, 1, Activation.ReQU, 0.25, 1, double.PositiveInfinity)]
    [InlineData(2, 8, 1, Activation.ReQU, 0, 1, 1)]
    public void IsTheProductOfTheNorms(int dimension, int width, int depth, Activation activation, double bound, double linearPart, double expected)
        => Assert.Equal(expected, LipschitzCapacity.Of(dimension, width, depth, activation, bound, linearPart), 1e-12);

    [Fact]
    public void SiLUHasItsGreatestSlope()
    {
        double greatest = 0;
        for (double z = 2; z < 3; z += 1e-5)
        {
            double logistic = 1 / (1 + Math.Exp(-z));
            greatest = Math.Max(greatest, logistic * (1 + z * (1 - logistic)));
        }
        double slope = LipschitzCapacity.Of(1, 1, 1, Activation.SiLU, 1, 0);
        Assert.InRange(slope, greatest, greatest + 2e-7);
        Assert.Equal(slope * slope * slope, LipschitzCapacity.Of(1, 1, 3, Activation.SiLU, 1, 0), 1e-12);
    }

    [Fact]
    public void NoSizeThrows()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => LipschitzCapacity.Of(0, 1, 1, Activation.ReLU, 1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => LipschitzCapacity.Of(1, 0, 1, Activation.ReLU, 1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => LipschitzCapacity.Of(1, 1, 0, Activation.ReLU, 1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => LipschitzCapacity.Of(1, 1, 1, Activation.ReLU, -1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => LipschitzCapacity.Of(1, 1, 1, Activation.ReLU, 1, double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => LipschitzCapacity.Of(1, 1, 1, (Activation)9, 1, 0));
    }
}
