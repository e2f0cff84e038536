using FlowDsl.Examples.Transformers;

namespace FlowDsl.Tests.Transformers;

/// <summary>The transformer of experiment 3: its size, its start, and its passes against a naive one in double precision.</summary>
public class TimeFreeTransformerTests
{
    private static readonly TransformerShape s_small = new(Blocks: 2, Tokens: 32, Width: 8, Heads: 2, Hidden: 12);

    /// <summary>The published numbers of parameters.</summary>
    [Theory]
    [InlineData(1, 206_849)]
    [InlineData(2, 405_121)]
    [InlineData(4, 801_665)]
    [InlineData(8, 1_594_753)]
    [InlineData(16, 3_180_929)]
    public void ItHasThePublishedNumberOfParameters(int blocks, int count)
        => Assert.Equal(count, new TimeFreeTransformer(new TransformerShape(blocks)).ParameterCount);

    [Fact]
    public void ItStartsWithinThePublishedBounds()
    {
        var network = new TimeFreeTransformer(new TransformerShape(2));
        float[] parameters = new float[network.ParameterCount];
        network.Initialize(parameters, seed: 3);
        AssertUniform(network.Embedding, 128, 0.2157);
        AssertUniform(network.Head, 128, 0.2157);
        foreach (BlockLayers block in network.Blocks)
        {
            AssertUniform(block.Packed, 128 * 384, 0.1083);
            AssertUniform(block.Output, 128 * 128, 0.1531);
            AssertUniform(block.Up, 128 * 512, 0.0968);
            AssertUniform(block.Down, 512 * 128, 0.0968);
            foreach (ParameterRange norm in new[] { block.FirstNorm, block.SecondNorm })
                Assert.Equal([.. Enumerable.Repeat(1f, 128), .. Enumerable.Repeat(0f, 128)], norm.Of(parameters).ToArray());
        }
        // 8192 normals: their deviation is known to 0.8 %, four times that is allowed.
        float[] positions = network.Positions.Of(parameters).ToArray();
        Assert.InRange(Math.Sqrt(positions.Average(value => (double)value * value)), 0.02 * 0.968, 0.02 * 1.032);
        Assert.NotEqual(network.Blocks[0].Up.Of(parameters).ToArray(), network.Blocks[1].Up.Of(parameters).ToArray());

        float[] others = new float[network.ParameterCount];
        network.Initialize(others, seed: 4);
        Assert.NotEqual(parameters, others);
        network.Initialize(others, seed: 3);
        Assert.Equal(parameters, others);

        // The bound is given to four digits. n uniform numbers come within 12/n of it but for one time in e^12, and have a mean square of a third.
        void AssertUniform(ParameterRange range, int weights, double bound)
        {
            float[] values = range.Of(parameters).ToArray();
            Assert.InRange(values[..weights].Max(Math.Abs), bound * (1 - 12.0 / weights) - 5e-5, bound + 5e-5);
            Assert.InRange(values[..weights].Average(value => value * value) / (bound * bound / 3), 1 - 4 / Math.Sqrt(weights), 1 + 4 / Math.Sqrt(weights));
            Assert.All(values[weights..], value => Assert.Equal(0, value));
        }
    }

    /// <summary>Single precision has 6e-8 an operation; a hundred of these may add up.</summary>
    [Fact]
    public void ItMapsAsItsFormulasSay()
        => Assert.InRange(NetworkChecks.ResultError(new TimeFreeTransformer(s_small), Parameters(), Samples(4), Naive), 0, 5e-6);

    /// <summary>The published widths, where tiles and vectors are whole.</summary>
    [Fact]
    public void ItMapsAsItsFormulasSayAtFullSize()
    {
        var shape = new TransformerShape(1);
        var network = new TimeFreeTransformer(shape);
        float[] parameters = new float[network.ParameterCount];
        network.Initialize(parameters, 5);
        double error = NetworkChecks.ResultError(
            network, [.. parameters.Select(value => (double)value)], [NetworkChecks.Draw(64, 1), NetworkChecks.Draw(64, 2)],
            (values, x) => new NaiveTransformer(shape, values).Apply(x));
        Assert.InRange(error, 0, 5e-6);
    }

    [Fact]
    public void ItsGradientIsThatOfFiniteDifferences()
        => Assert.InRange(NetworkChecks.GradientError(new TimeFreeTransformer(s_small), Parameters(), Samples(2), Naive), 0, 5e-6);

    [Fact]
    public void GeluAndItsSlopeAreExactToSinglePrecision()
    {
        float[] x = [.. Enumerable.Range(0, 768).Select(i => (i - 384) / 64f)], values = [.. x], slopes = new float[x.Length];
        Gelu.Apply(ref values[0], ref slopes[0], (nuint)x.Length);
        for (int i = 0; i < x.Length; i++)
        {
            double z = x[i], phi = (1 + NaiveTransformer.Erf(z / Math.Sqrt(2))) / 2;
            Assert.Equal(z * phi, values[i], 1e-6);
            Assert.Equal(phi + z * Math.Exp(-z * z / 2) / Math.Sqrt(2 * Math.PI), slopes[i], 1e-6);
        }
    }

    [Theory]
    [InlineData(0, 64, 128, 4, 512, "Blocks")]
    [InlineData(1, 36, 128, 4, 512, "Tokens")]
    [InlineData(1, 64, 120, 4, 512, "Width")]
    [InlineData(1, 64, 128, 4, 511, "Hidden")]
    public void ImpossibleShapesAreNamed(int blocks, int tokens, int width, int heads, int hidden, string name)
        => Assert.StartsWith(
            name, Assert.Throws<ArgumentException>(() => new TimeFreeTransformer(new TransformerShape(blocks, tokens, width, heads, hidden))).Message,
            StringComparison.Ordinal);

    // Larger than those that training starts from, so that attention is far from even.
    private static double[] Parameters() => NetworkChecks.Draw(new TimeFreeTransformer(s_small).ParameterCount, 11);

    private static double[][] Samples(int count) => [.. Enumerable.Range(0, count).Select(i => NetworkChecks.Draw(s_small.Tokens, 100 + (ulong)i))];

    private static double[] Naive(double[] parameters, double[] x) => new NaiveTransformer(s_small, parameters).Apply(x);
}
