using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Numerics;
using FlowDsl.Mathematics.ScoreNetworks;

namespace FlowDsl.Tests;

/// <summary>The parts of score networks against the functions of the runtime, within the errors that they state.</summary>
public class NetworkFunctionTests
{
    private const double Rounding = 1e-14;

    [Theory]
    [InlineData(1, 1)]
    [InlineData(20, 5)]
    [InlineData(20, 9)]
    [InlineData(40, 14)]
    public void ComplementIsExactAtALittleEarlierArgument(double reach, int doublings)
    {
        double share = NetworkFunctions.ArgumentError(reach, doublings);
        double[] arguments = [.. Enumerable.Range(0, 400).Select(i => reach * Math.Pow(i / 399.0, 3))];
        double[] values = Evaluate(0, reach, (builder, y) => NetworkFunctions.Complement(builder, y, doublings), arguments);
        for (int i = 0; i < values.Length; i++)
        {
            double y = arguments[i], greatest = -PortableMath.Expm1(-y), least = -PortableMath.Expm1(-y * (1 - share));
            Assert.InRange(values[i], least * (1 - 20 * Rounding), greatest * (1 + 20 * Rounding));
        }
    }

    // What squares of e^-y would lose: with y = 1e-9, q is 1e-9 to all digits.
    [Fact]
    public void ComplementOfSmallArgumentsKeepsItsDigits()
    {
        double[] values = Evaluate(0, 30, (builder, y) => NetworkFunctions.Complement(builder, y, 14), [1e-9, 1e-6, 1e-3]);
        Assert.Equal(1, values[0] / -PortableMath.Expm1(-1e-9), 1e-14);
        Assert.Equal(1, values[1] / -PortableMath.Expm1(-1e-6), 1e-14);
        Assert.Equal(1, values[2] / -PortableMath.Expm1(-1e-3), 1e-14);
    }

    [Theory]
    [InlineData(1, 1.5, 1)]
    [InlineData(1, 25, 1)]
    [InlineData(1, 25, 3)]
    [InlineData(0.0025, 1, 2)]
    [InlineData(0.0025, 1, 5)]
    [InlineData(3, 1e5, 5)]
    public void ReciprocalIsWithinItsError(double least, double greatest, int factors)
    {
        double error = NetworkFunctions.ReciprocalError(greatest / least, factors);
        double[] arguments = [.. Enumerable.Range(0, 300).Select(i => least * Math.Pow(greatest / least, i / 299.0))];
        double[] values = Evaluate(least, greatest, (builder, s) => NetworkFunctions.Reciprocal(builder, s, factors), arguments);
        for (int i = 0; i < values.Length; i++)
        {
            double rounding = Rounding * greatest / least;
            Assert.InRange(values[i] * arguments[i], 1 - error - rounding, 1 + rounding);
        }
        // The bound is met somewhere, so it is no looser than it must be.
        if (error > 1e-6) Assert.InRange(values.Zip(arguments, (value, s) => 1 - value * s).Max(), 0.8 * error, error * (1 + 1e-9));
    }

    [Theory]
    [InlineData(0.5, 1, 1e-2)]
    [InlineData(0.01, 1, 1e-6)]
    [InlineData(0.0001, 3, 1e-10)]
    [InlineData(0.003, 6400, 1e-9)]
    public void LogarithmIsWithinItsError(double least, double greatest, double tolerance)
    {
        double ratio = greatest / least;
        int[] steps = NetworkFunctions.LogarithmSteps(ratio, tolerance)!;
        double error = NetworkFunctions.LogarithmError(ratio, steps);
        Assert.InRange(error, 0, tolerance);
        double[] arguments = [.. Enumerable.Range(0, 300).Select(i => least * Math.Pow(ratio, i / 299.0))];
        double[] values = Evaluate(least, greatest, (builder, s) => NetworkFunctions.Logarithm(builder, s, steps), arguments);
        for (int i = 0; i < values.Length; i++) Assert.Equal(Math.Log(arguments[i]), values[i], error + Rounding * ratio);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(8)]
    public void SoftmaxIsThatOfTheLogits(int count)
    {
        var builder = new NetworkBuilder([.. Enumerable.Repeat((double.NegativeInfinity, double.PositiveInfinity), count)]);
        (AffineForm[] shares, AffineForm common) = NetworkFunctions.Softmax(
            builder, [.. Enumerable.Range(0, count).Select(builder.Input)], clip: 40, doublings: 14, factors: 8);
        var network = LayeredNetwork.Of([.. Enumerable.Repeat(double.NegativeInfinity, count)], builder.Units, [.. shares.Select(share => share - common)]);
        var random = new Random(count);
        for (int trial = 0; trial < 200; trial++)
        {
            double scale = Math.Pow(10, 4 * random.NextDouble() - 2);
            double[] logits = [.. Enumerable.Range(0, count).Select(_ => scale * (random.NextDouble() - 0.5) + 1000)];
            double greatest = logits.Max(), sum = logits.Sum(logit => Math.Exp(logit - greatest));
            double[] values = network.Evaluate(logits);
            for (int k = 0; k < count; k++) Assert.Equal(Math.Exp(logits[k] - greatest) / sum, values[k], 1e-11);
        }
    }

    private static double[] Evaluate(double low, double high, Func<NetworkBuilder, AffineForm, AffineForm> function, double[] arguments)
    {
        var builder = new NetworkBuilder([(low, high)]);
        AffineForm output = function(builder, builder.Input(0));
        var network = LayeredNetwork.Of([low], builder.Units, [output]);
        return [.. arguments.Select(argument => network.Evaluate([argument])[0])];
    }
}
