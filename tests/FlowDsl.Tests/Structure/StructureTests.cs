using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Structure;

namespace FlowDsl.Tests;

/// <summary>What is recognised in a mixture, and what is not.</summary>
public class StructureTests
{
    [Fact]
    public void AProductSplitsIntoItsFactors()
    {
        Mixture product = Product([0.3, 0.7], [-1, 2], [0.1, 0.2], [0.2, 0.5, 0.3], [0, 1, 5], [0.3, 0.3, 0.4]);
        MixtureBlock[] blocks = IndependentBlocks.Split(product);
        Assert.Equal([[0], [1]], blocks.Select(block => block.Coordinates));
        Assert.Equal([2, 3], blocks.Select(block => block.Marginal.Count));
        Compare.Close([0.3, 0.7], blocks[0].Marginal.Weights.AsSpan(), 1e-15);
        Compare.Close([0.2, 0.5, 0.3], blocks[1].Marginal.Weights.AsSpan(), 1e-15);
        Assert.Equal([0.3, 0.3, 0.4], blocks[1].Marginal.Covariances.Select(covariance => covariance.MinVariance));
    }

    [Fact]
    public void WeightsThatAreNoProductKeepCoordinatesTogether()
    {
        Mixture product = Product([0.3, 0.7], [-1, 2], [0.1, 0.2], [0.2, 0.5, 0.3], [0, 1, 5], [0.3, 0.3, 0.4]);
        double[] weights = [.. product.Weights];
        (weights[0], weights[1]) = (weights[0] + 1e-10, weights[1] - 1e-10);
        Assert.Single(IndependentBlocks.Split(new Mixture(weights, [.. product.Means.Select(row => row.ToArray())], [.. product.Covariances])));
    }

    [Fact]
    public void AMissingCombinationKeepsCoordinatesTogether()
        => Assert.Single(IndependentBlocks.Split(Of([[0, 0], [0, 1], [1, 0]], Covariance.Isotropic(2, 0.1))));

    [Fact]
    public void CoordinatesWithoutModesAreBlocksOfTheirOwn()
    {
        MixtureBlock[] blocks = IndependentBlocks.Split(Of([[1, 5, 0], [2, 5, 1]], Covariance.Full(3, [0.2, 0, 0.1, 0, 3, 0, 0.1, 0, 0.4])));
        Assert.Equal([[0, 2], [1]], blocks.Select(block => block.Coordinates));
        Assert.Equal<double>([0.2, 0.1, 0.1, 0.4], blocks[0].Marginal.Covariances[0].Matrix);
        Assert.Equal((1, 3.0), (blocks[1].Marginal.Count, blocks[1].Marginal.Covariances[0].MinVariance));
    }

    [Fact]
    public void CorrelationKeepsCoordinatesTogether()
        => Assert.Single(IndependentBlocks.Split(Of([[0, 0], [0, 1], [1, 0], [1, 1]], Covariance.Full(2, [0.2, 0.1, 0.1, 0.2]))));

    [Theory]
    [InlineData(0, 0)]
    [InlineData(3, -7)]
    public void OppositeMeansArePairsAboutTheirCentre(double x, double y)
    {
        MirroredMeans mirrored = MirroredMeans.Find(Of([[x + 1, y + 2], [x, y], [x - 3, y], [x + 3, y], [x - 1, y - 2]], Covariance.Isotropic(2, 0.1)))!;
        Assert.Equal([x, y], mirrored.Centre);
        Assert.Equal([(0, 4), (2, 3)], mirrored.Pairs);
        Assert.Equal(1, mirrored.Middle);
    }

    [Fact]
    public void UnequalWeightsOrCovariancesAreNotMirrored()
    {
        Assert.Null(MirroredMeans.Find(new Mixture([0.4, 0.6], [[1], [-1]], [Covariance.Isotropic(1, 1), Covariance.Isotropic(1, 1)])));
        Assert.Null(MirroredMeans.Find(new Mixture([0.5, 0.5], [[1], [-1]], [Covariance.Isotropic(1, 1), Covariance.Isotropic(1, 1.0000001)])));
        Assert.Null(MirroredMeans.Find(Of([[1, 0], [-1, 1e-12], [0, 2], [0, -2]], Covariance.Isotropic(2, 1))));
        Assert.Null(MirroredMeans.Find(Of([[1, 0], [-1, 0], [0, 1]], Covariance.Isotropic(2, 1))));
    }

    [Fact]
    public void EqualDistancesAreRecognisedInAnyOrder()
    {
        Assert.Equal(new EquallySpacedMeans(1, 0.5, 4), EquallySpacedMeans.Find(Of([[1.25], [0.25], [0.75], [1.75]], Covariance.Isotropic(1, 1))));
        Assert.Null(EquallySpacedMeans.Find(Of([[1.25], [0.25], [0.75], [1.7500001]], Covariance.Isotropic(1, 1))));
        Assert.Null(EquallySpacedMeans.Find(Of([[0], [0], [0]], Covariance.Isotropic(1, 1))));
        Assert.Null(EquallySpacedMeans.Find(new Mixture([0.25, 0.5, 0.25], [[0], [1], [2]], [.. Enumerable.Repeat(Covariance.Isotropic(1, 1), 3)])));
    }

    private static Mixture Of(double[][] means, Covariance covariance)
        => new([.. Enumerable.Repeat(1.0 / means.Length, means.Length)], means, [.. Enumerable.Repeat(covariance, means.Length)]);

    private static Mixture Product(double[] w, double[] m, double[] v, double[] u, double[] n, double[] s) => new(
        [.. w.SelectMany(_ => u, (first, second) => first * second)],
        [.. m.SelectMany(_ => n, (first, second) => (double[])[first, second])],
        [.. v.SelectMany(_ => s, (first, second) => Covariance.Diagonal([first, second]))]);
}
