using FlowDsl.Examples.Transformers;

namespace FlowDsl.Tests.Transformers;

/// <summary>Residual blocks of the paper's Definition 10, against their formula in double precision.</summary>
public class ResidualBlocksTests
{
    private static readonly ResidualShape s_small = new(Blocks: 3, Dimension: 6, Hidden: 10);

    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    public void ABlockHasThePapersNumberOfParameters(int blocks) => Assert.Equal(33_088 * blocks, new ResidualBlocks(new ResidualShape(blocks)).ParameterCount);

    [Fact]
    public void TheyMapAsTheirFormulaSays() => Assert.InRange(NetworkChecks.ResultError(new ResidualBlocks(s_small), Parameters(), Samples(), Naive), 0, 5e-6);

    /// <summary>Central differences are exact where no unit changes sides, and these numbers are far enough from it.</summary>
    [Fact]
    public void TheirGradientIsThatOfFiniteDifferences()
        => Assert.InRange(NetworkChecks.GradientError(new ResidualBlocks(s_small), Parameters(), Samples(), Naive), 0, 5e-6);

    /// <summary>Without a score x grows by 1 + 5/L in each block: 6 for one, 77.6 for sixteen.</summary>
    [Theory]
    [InlineData(1, 6)]
    [InlineData(16, 77.551)]
    public void TheirLinearPartGrowsAsPublished(int blocks, double growth)
    {
        var network = new ResidualBlocks(new ResidualShape(blocks));
        network.Load(new float[network.ParameterCount]);
        float[] results = new float[64];
        network.CreatePass().Apply(Enumerable.Repeat(1f, 64).ToArray(), results);
        Assert.All(results, result => Assert.Equal(growth, result, 5e-4));
    }

    private static double[] Parameters() => NetworkChecks.Draw(new ResidualBlocks(s_small).ParameterCount, 12);

    private static double[][] Samples() => [.. Enumerable.Range(0, 5).Select(i => NetworkChecks.Draw(s_small.Dimension, 200 + (ulong)i))];

    private static double[] Naive(double[] parameters, double[] x)
    {
        int next = 0;
        for (int k = 0; k < s_small.Blocks; k++)
        {
            double[] score = Layer(10, Positive(Layer(10, Positive(Layer(6, x, 10)), 10)), 6);
            x = [.. x.Zip(score, (own, s) => own + 5.0 / 3 * (own + s))];
        }
        return x;

        double[] Layer(int inputs, double[] from, int outputs)
        {
            double[] to = new double[outputs];
            for (int i = 0; i < outputs; i++)
                for (int j = 0; j < inputs; j++) to[i] += parameters[next++] * from[j];
            for (int i = 0; i < outputs; i++) to[i] += parameters[next++];
            return to;
        }

        static double[] Positive(double[] values) => [.. values.Select(value => Math.Max(0, value))];
    }
}
