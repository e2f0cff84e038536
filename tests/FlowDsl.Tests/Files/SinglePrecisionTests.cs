using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Numerics;

namespace FlowDsl.Tests;

/// <summary>Mixtures as programs write them that compute in single precision, and where that is no explanation any more.</summary>
public class SinglePrecisionTests
{
    private const string Weights = "0.20000000298023224,0.800000011920929";
    private const string WeightsOfFloat = $$"""{"weights":[{{Weights}}],"means":[[0],[1]],"covariance_type":"spherical","covariances":[1,1]}""";

    [Fact]
    public void WeightsOfSinglePrecisionAreDividedByTheirSumAndSaidToBe()
    {
        Mixture read = MixtureJson.Parse(WeightsOfFloat);
        Mixture made = new([0.20000000298023224, 0.800000011920929], [[0.0], [1]], [Covariance.Isotropic(1, 1), Covariance.Isotropic(1, 1)]);
        Assert.Equal<double>(read.Weights, made.Weights);
        Assert.Equal(1, made.Weights.Sum(), 1e-15);
        Assert.Equal(0.2 / 0.8, made.Weights[0] / made.Weights[1], 1e-15);
        // 0.2f + 0.8f, the exact values of which sum to 1 + 2^-26.
        Assert.Equal(new MixtureAdjustment(1 + 1.4901161193847656e-8, 0, 0), made.Adjustment);
        Assert.Contains("the weights, which sum to 1.0000000149011612, are divided by their sum", made.Adjustment!.ToString());
        // Written and read again they are a mixture's.
        Mixture again = MixtureJson.Parse(MixtureJson.Write(read));
        Assert.Null(again.Adjustment);
        Assert.Equal<double>(read.Weights, again.Weights);
    }

    [Theory]
    [InlineData(1e-10, false)]
    [InlineData(-9e-10, false)]
    [InlineData(2e-9, true)]
    [InlineData(-9e-7, true)]
    public void SumOfTheWeightsDecidesWhetherTheyAreUsedAsGiven(double excess, bool isAdjusted)
    {
        double[] weights = [0.25, 0.75 + excess];
        Mixture mixture = new(weights, [[0.0], [1]], [Covariance.Isotropic(1, 1), Covariance.Isotropic(1, 1)]);
        Assert.Equal(isAdjusted, mixture.Adjustment is not null);
        if (isAdjusted) Assert.Equal(1, mixture.Weights.Sum(), 1e-15);
        else Assert.Equal<double>(weights, mixture.Weights);
    }

    [Theory]
    [InlineData(2e-6)]
    [InlineData(-2e-6)]
    [InlineData(double.MaxValue)]
    public void SumOfTheWeightsBeyondSinglePrecisionIsToBeDividedByTheUser(double excess)
    {
        double[] weights = [0.25, 0.75 + excess];
        string problem = $"sum to {PortableNumber.Format(weights.Sum())}; divide each by the sum: they must sum to 1 within {PortableNumber.Format(1e-6)}";
        Covariance[] covariances = [Covariance.Isotropic(1, 1), Covariance.Isotropic(1, 1)];
        Assert.Contains(problem, Assert.Throws<ArgumentException>(() => new Mixture(weights, [[0.0], [1]], covariances)).Message);
        string json = WeightsOfFloat.Replace(Weights, string.Join(",", weights.Select(w => PortableNumber.Format(w))), StringComparison.Ordinal);
        Assert.Contains(problem, Assert.Throws<MixtureFormatException>(() => MixtureJson.Parse(json)).Problem);
    }

    // Columns: the upper and the lower entry beside variances 1 and 1.
    [Theory]
    [InlineData(0.5, 0.50000003)]
    [InlineData(1e-8, 4e-8)]
    [InlineData(0.5, 0.5000009)]
    public void CovarianceOfSinglePrecisionIsReplacedByItsSymmetricPartAndSaidToBe(double upper, double lower)
    {
        Covariance covariance = Covariance.Full(2, [1, upper, lower, 1]);
        double mean = (upper + lower) / 2;
        Assert.Equal<double>([1, mean, mean, 1], covariance.Matrix);
        Assert.Equal(lower - upper, covariance.Asymmetry, 1e-15);
        Mixture mixture = MixtureJson.Parse(Full($"[[1, {PortableNumber.Format(upper)}], [{PortableNumber.Format(lower)}, 1]]"));
        Assert.Equal(covariance, mixture.Covariances[0]);
        Assert.Equal(new MixtureAdjustment(1, covariance.Asymmetry, 0), mixture.Adjustment);
        Assert.Contains("is replaced by its symmetric part", mixture.Adjustment!.ToString());
    }

    [Theory]
    // As a share of what the entries are rounded by: variances 1 and 1, 1e6 and 1e-6, 4 and 4 beside 1e6.
    [InlineData(2, 1.0, 0.5, 0.500002, 1.0)]
    [InlineData(2, 1e6, 0.5, 0.502, 1e-6)]
    [InlineData(3, 1e6, 0.0, 0.0, 0.0, 4.0, 1.0, 0.0, 1.002, 4.0)]
    public void CovarianceThatIsNotSymmetricIsRefusedWhateverElseIsLarge(int dimension, params double[] matrix)
    {
        Assert.Contains("not symmetric", Assert.Throws<ArgumentException>(() => Covariance.Full(dimension, matrix)).Message);
        string rows = string.Join(", ", matrix.Chunk(dimension).Select(row => $"[{string.Join(", ", row.Select(entry => PortableNumber.Format(entry)))}]"));
        string json = $$"""{"weights":[1],"means":[[{{string.Join(",", new int[dimension])}}]],"covariance_type":"full","covariances":[[{{rows}}]]}""";
        Assert.Contains("a covariance must be symmetric", Assert.Throws<MixtureFormatException>(() => MixtureJson.Parse(json)).Problem);
    }

    [Fact]
    public void SemidefiniteCovarianceOfSinglePrecisionLosesItsNegativeEigenvalueAndIsSaidTo()
    {
        // Eigenvalues 1 ± 1.0000005 along (1, ±1): what is left is 2.0000005 along (1, 1).
        Covariance covariance = Covariance.Full(2, [1, 1.0000005, 1.0000005, 1]);
        Assert.Equal(0, covariance.Variances[0]);
        Assert.Equal(2.0000005, covariance.Variances[1], 1e-14);
        Assert.All(covariance.Matrix, entry => Assert.Equal(1.00000025, entry, 1e-14));
        Assert.Equal(5e-7 / 2.0000005, covariance.NegativeEigenvalue, 1e-14);
        Assert.Contains("negative eigenvalues", new Mixture([1], [[0, 0]], [covariance]).Adjustment!.ToString());

        Assert.Equal(0, Covariance.Full(2, [1, 1, 1, 1]).NegativeEigenvalue);
        Assert.Contains(
            "smallest eigenvalue is " + PortableNumber.Format(-1e-5, 6),
            Assert.Throws<ArgumentException>(() => Covariance.Full(2, [1, 1.00001, 1.00001, 1])).Message);
        // No rounding gives a negative variance.
        Assert.Throws<ArgumentException>(() => Covariance.Full(2, [1, 0, 0, -1e-8]));
    }

    /// <summary>Random mixtures, computed in double and rounded to float entry by entry, are read as what they were.</summary>
    [Fact]
    public void MixturesRoundedToFloatAreReadAsWhatTheyWere()
    {
        var random = new Random(12);
        for (int trial = 0; trial < 200; trial++)
        {
            int d = 1 + trial % 6, count = 1 + random.Next(8);
            double[] shares = [.. Enumerable.Range(0, count).Select(_ => 0.05 + random.NextDouble())];
            double[] weights = [.. shares.Select(share => share / shares.Sum())];
            double[] scales = [.. Enumerable.Range(0, d).Select(_ => Math.Pow(10, 6 * random.NextDouble() - 3))];
            // A factor of fewer columns than rows makes a semidefinite matrix.
            int columns = 1 + random.Next(d + 1);
            double[] factor = [.. Enumerable.Range(0, d * columns).Select(i => scales[i / columns] * (2 * random.NextDouble() - 1))];
            double[] exact = new double[d * d], rounded = new double[d * d];
            for (int i = 0; i < d; i++)
            {
                for (int j = 0; j < d; j++)
                {
                    for (int k = 0; k < columns; k++) exact[i * d + j] += factor[i * columns + k] * factor[j * columns + k];
                    // The last bit of either half of a matrix is another, as two summation orders leave it.
                    rounded[i * d + j] = i > j ? MathF.BitIncrement((float)exact[i * d + j]) : (float)exact[i * d + j];
                }
            }

            Mixture mixture = new(
                [.. weights.Select(weight => (double)(float)weight)],
                [.. Enumerable.Range(0, count).Select(_ => new double[d])],
                [.. Enumerable.Range(0, count).Select(_ => Covariance.Full(d, rounded))]);
            for (int k = 0; k < count; k++) Assert.Equal(weights[k], mixture.Weights[k], 1e-6);
            Assert.Equal(1, mixture.Weights.Sum(), 1.1e-9);
            double[] matrix = [.. mixture.Covariances[0].Matrix];
            double greatest = Math.Sqrt(exact.Sum(entry => entry * entry));
            for (int i = 0; i < d; i++)
            {
                for (int j = 0; j < d; j++)
                {
                    Assert.Equal(exact[i * d + j], matrix[i * d + j], 2e-6 * greatest);
                    Assert.Equal(matrix[i * d + j], matrix[j * d + i]);
                }
            }
            Assert.All(mixture.Covariances[0].Variances, variance => Assert.True(variance >= 0));
        }
    }

    private static string Full(string matrix) => $$"""{"weights":[1],"means":[[0,0]],"covariance_type":"full","covariances":[{{matrix}}]}""";
}
