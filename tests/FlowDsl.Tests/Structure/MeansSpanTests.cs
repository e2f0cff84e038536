using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Structure;

namespace FlowDsl.Tests;

/// <summary>The axes of mixtures whose axes are known because they were rotated here.</summary>
public class MeansSpanTests
{
    [Theory]
    [InlineData(2, 1, 2, 0)]
    [InlineData(10, 2, 3, 1)]
    [InlineData(16, 2, 8, 5)]
    [InlineData(40, 4, 5, 0)]
    [InlineData(40, 7, 30, 1000)]
    [InlineData(300, 149, 150, 1)]
    [InlineData(9, 8, 20, 3)]
    [InlineData(6, 6, 20, 3)]
    public void TheSpanOfEmbeddedMeansHasTheirRankAndTheirDistances(int d, int r, int count, double offset)
    {
        double[][] embedding = Orthonormal(d, r, seed: 7), flat = Normals(count, r, seed: 8);
        Mixture mixture = Embed(flat, embedding, offset);
        MeansSpan span = MeansSpan.Find(mixture)!;
        Assert.Equal(r, span.Axes.Length);
        Assert.Equal(r == d, span.IsWhole);
        Assert.Equal(count, span.Reduced.Count);
        Assert.Equal<double>(mixture.Weights, span.Reduced.Weights);
        Assert.Equal((r, 0.3), (span.Reduced.Dimension, span.Reduced.Covariances[0].MinVariance));
        for (int i = 0; i < r; i++)
        {
            for (int j = 0; j <= i; j++) Assert.Equal(i == j ? 1 : 0, Dot(span.Axes[i], span.Axes[j]), 1e-14);
            Assert.Equal(0, Dot(span.Axes[i], span.Complement), 1e-13 * (1 + offset));
        }
        for (int k = 0; k < count; k++)
        {
            for (int l = 0; l < k; l++)
                Assert.Equal(Distance(flat[k], flat[l]), Distance([.. span.Reduced.Means[k]], [.. span.Reduced.Means[l]]), 1e-12 * (1 + offset));
            // The reduced mean along the axes, and the complement, are the mean.
            for (int j = 0; j < d; j++)
                Assert.Equal(
                    mixture.Means[k][j],
                    span.Complement[j] + Enumerable.Range(0, r).Sum(i => span.Axes[i][j] * span.Reduced.Means[k][i]),
                    1e-13 * (5 + offset));
        }
    }

    [Fact]
    public void PrincipalAxesMakeOneFullCovarianceDiagonal()
    {
        const int d = 5;
        double[][] axes = Orthonormal(d, d, seed: 3), means = Normals(4, d, seed: 4);
        double[] variances = [0.1, 0.2, 0.4, 0.8, 1.6], matrix = new double[d * d];
        for (int i = 0; i < d; i++)
            for (int j = 0; j < d; j++) matrix[i * d + j] = Enumerable.Range(0, d).Sum(axis => axes[axis][i] * variances[axis] * axes[axis][j]);
        MeansSpan span = MeansSpan.Find(Of(means, Covariance.Full(d, matrix)))!;
        Assert.True(span.IsWhole);
        Assert.All(span.Complement, value => Assert.Equal(0, value));
        Compare.Close(variances, span.Reduced.Covariances[0].Variances.AsSpan(), 1e-13);
        Assert.Null(span.Reduced.Covariances[0].Basis);
        for (int axis = 0; axis < d; axis++)
        {
            // Up to its sign.
            Assert.Equal(1, Math.Abs(Dot(axes[axis], span.Axes[axis])), 1e-13);
            for (int k = 0; k < means.Length; k++) Assert.Equal(Dot(span.Axes[axis], means[k]), span.Reduced.Means[k][axis], 1e-13);
        }
    }

    [Fact]
    public void CoordinatesInWhichTheMeansDifferAreKeptAsTheyAre()
    {
        double[][] means = [[0.1, 5, 0.7, 3.3], [-0.3, 5, 0.2, 3.3], [0.2, 5, -0.4, 3.3]];
        MeansSpan span = MeansSpan.Find(Of(means, Covariance.Isotropic(4, 0.2)))!;
        Assert.Equal([[1, 0, 0, 0], [0, 0, 1, 0]], span.Axes);
        Assert.Equal([0, 5, 0, 3.3], span.Complement);
        for (int k = 0; k < 3; k++) Compare.Close([means[k][0], means[k][2]], span.Reduced.Means[k].AsSpan(), 1e-15, 1);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void MeansInOnePlaceAreOneComponent(int count)
    {
        Mixture mixture = Of([.. Enumerable.Repeat<double[]>([3, -1, 2], count)], Covariance.Isotropic(3, 0.2));
        MeansSpan span = MeansSpan.Find(mixture)!;
        Assert.Equal([[1, 0, 0]], span.Axes);
        Assert.Equal([0, -1, 2], span.Complement);
        Assert.Equal([[3]], span.Reduced.Means.Select(mean => mean.ToArray()));
        Compare.Close([1], span.Reduced.Weights.AsSpan(), 1e-15);
    }

    [Fact]
    public void ComponentsOfOneMeanAreOne()
    {
        double[][] embedding = Orthonormal(6, 2, seed: 1);
        MeansSpan span = MeansSpan.Find(Embed([[1, 2], [0, -1], [1, 2], [4, 4]], embedding, 2))!;
        Compare.Close([0.5, 0.25, 0.25], span.Reduced.Weights.AsSpan(), 1e-15);
        Assert.Equal(2, span.Axes.Length);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void ARotatedRingIsStillMirrored(double offset)
    {
        double[][] ring = [.. Enumerable.Range(0, 8).Select(k => (double[])[4 * Math.Cos(Math.PI * k / 4), 4 * Math.Sin(Math.PI * k / 4)])];
        for (int seed = 0; seed < 10; seed++)
        {
            Mixture reduced = MeansSpan.Find(Embed(ring, Orthonormal(16, 2, seed), offset))!.Reduced;
            Assert.Equal(4, MirroredMeans.Find(reduced)?.Pairs.Length);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void ARotatedLineIsStillEquallySpaced(double offset)
    {
        double[][] line = [.. Enumerable.Range(0, 5).Select(k => (double[])[1.3 * (k - 2)])];
        for (int seed = 0; seed < 10; seed++)
        {
            EquallySpacedMeans? found = EquallySpacedMeans.Find(MeansSpan.Find(Embed(line, Orthonormal(7, 1, seed), offset))!.Reduced);
            Assert.NotNull(found);
            Assert.Equal(1.3, found.Spacing, 1e-14);
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    public void ARotatedGridIsStillAProduct(int d)
    {
        double[][] grid = [.. Enumerable.Range(0, 12).Select(k => (double[])[k % 3, 1.5 * (k / 3)])];
        for (int seed = 0; seed < 10; seed++)
        {
            MixtureBlock[] blocks = IndependentBlocks.Split(MeansSpan.Find(Embed(grid, Orthonormal(d, 2, seed), 0))!.Reduced);
            Assert.Equal([3, 4], blocks.Select(block => block.Marginal.Count).Order());
        }
    }

    [Fact]
    public void OtherCovariancesHaveNoAxesToRotateTo()
    {
        Assert.Null(MeansSpan.Find(Of([[0, 0], [1, 1]], Covariance.Diagonal([0.1, 0.2]))));
        Assert.Null(MeansSpan.Find(new Mixture([0.5, 0.5], [[0, 0], [1, 1]], [Covariance.Isotropic(2, 0.1), Covariance.Isotropic(2, 0.2)])));
    }

    /// <summary>r orthonormal vectors of d values.</summary>
    internal static double[][] Orthonormal(int d, int r, int seed)
    {
        double[][] axes = Normals(r, d, seed);
        for (int i = 0; i < r; i++)
        {
            for (int pass = 0; pass < 2; pass++)
            {
                for (int l = 0; l < i; l++)
                {
                    double along = Dot(axes[i], axes[l]);
                    for (int j = 0; j < d; j++) axes[i][j] -= along * axes[l][j];
                }
            }
            double length = Math.Sqrt(Dot(axes[i], axes[i]));
            for (int j = 0; j < d; j++) axes[i][j] /= length;
        }
        return axes;
    }

    internal static double[][] Normals(int count, int d, int seed)
    {
        double[][] values = [.. Enumerable.Range(0, count).Select(_ => new double[d])];
        for (int k = 0; k < count; k++) NormalSource.Fill((ulong)seed, k, values[k]);
        return values;
    }

    /// <summary>Equal weights, variance 0.3, and means Σ flat_i axis_i + offset.</summary>
    internal static Mixture Embed(double[][] flat, double[][] axes, double offset) => Of(
            [.. flat.Select(mean => (double[])[.. Enumerable.Range(0, axes[0].Length).Select(
                j => offset + Enumerable.Range(0, axes.Length).Sum(i => mean[i] * axes[i][j]))])],
        Covariance.Isotropic(axes[0].Length, 0.3));

    private static Mixture Of(double[][] means, Covariance covariance)
        => new([.. Enumerable.Repeat(1.0 / means.Length, means.Length)], means, [.. Enumerable.Repeat(covariance, means.Length)]);

    private static double Dot(double[] left, double[] right) => left.Zip(right, (a, b) => a * b).Sum();

    private static double Distance(double[] left, double[] right) => Math.Sqrt(left.Zip(right, (a, b) => (a - b) * (a - b)).Sum());
}
