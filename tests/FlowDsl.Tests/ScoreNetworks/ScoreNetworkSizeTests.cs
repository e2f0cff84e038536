using FlowDsl.Mathematics;
using FlowDsl.Mathematics.ScoreNetworks;

namespace FlowDsl.Tests;

/// <summary>The sizes of score networks from formulas are those of the networks.</summary>
public class ScoreNetworkSizeTests
{
    private static readonly double[] s_accuracies = [1e-1, 1e-2, 1e-4, 1e-6, 1e-8];

    private static readonly Process[] s_processes =
    [
        new OrnsteinUhlenbeckProcess(),
        new VarianceExplodingProcess(0.01, 10),
        new LinearInterpolantProcess(0.001, 0.999),
        // So short that most ranges of variances do not double.
        new OrnsteinUhlenbeckProcess(horizon: 0.3, earlyStop: 0.01),
    ];

    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 63)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void PredictedSizesAreThoseOfTheNetworks(int seed)
    {
        Mixture mixture = General(seed);
        foreach (Process process in s_processes)
        {
            foreach (double? time in new double?[] { null, 0.2 })
            {
                // Each accuracy with some process.
                var options = new ScoreNetworkOptions(s_accuracies[(seed + Array.IndexOf(s_processes, process)) % s_accuracies.Length], 2, time);
                var network = ScoreNetwork.Build(mixture, process, options);
                Assert.Equal(Size(network), ScoreNetworkSize.Predict(mixture, process, options, network.Precision));
            }
        }
    }

    [Theory]
    [InlineData(0.25)]
    [InlineData(1)]
    public void SymmetricDataHaveNoMoreWeights(double variance)
    {
        var mixture = new Mixture([0.5, 0.5], [[-1, 0], [1, 0]], [Covariance.Isotropic(2, variance), Covariance.Isotropic(2, variance)]);
        foreach (Process process in s_processes)
        {
            foreach (double? time in new double?[] { null, 0.2 })
            {
                var network = ScoreNetwork.Build(mixture, process, new ScoreNetworkOptions(1e-3, 2, time));
                ScoreNetworkSize size = Size(network), predicted = ScoreNetworkSize.Predict(mixture, process, network.Options, network.Precision);
                Assert.Equal((size.Depth, size.Width), (predicted.Depth, predicted.Width));
                Assert.InRange(size.NonZeros, 1, predicted.NonZeros);
            }
        }
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(3, 2)]
    [InlineData(8, 2)]
    [InlineData(9, 5)]
    public void SharedCovariancesAtOneTimeFollowTheClosedFormulas(int count, int dimension)
    {
        var random = new Random(count);
        var mixture = new Mixture(
            [.. Enumerable.Repeat(1.0 / count, count)],
            [.. Enumerable.Range(0, count).Select(_ => Point(random, dimension))],
            [.. Enumerable.Repeat(Covariance.Isotropic(dimension, 0.1), count)]);
        var network = ScoreNetwork.Build(mixture, new OrnsteinUhlenbeckProcess(), new ScoreNetworkOptions(1e-6, 2, 0.2));
        int rounds = (int)Math.Ceiling(Math.Log2(count)), doublings = network.Precision.SoftmaxDoublings, factors = network.Precision.SoftmaxFactors;
        Assert.Equal(rounds + doublings + factors + 5, network.Layers.Depth);
        Assert.Equal(2 * dimension + Math.Max(2 * count, count + Math.Max(2 * rounds, 3)), network.Layers.Width);
    }

    private static ScoreNetworkSize Size(ScoreNetwork network) => new(network.Layers.Depth, network.Layers.Width, network.Layers.NonZeros);

    // Data in general position: one of seven classes of covariances, all numbers of components and dimensions.
    private static Mixture General(int seed)
    {
        var random = new Random(seed);
        int count = 1 + seed % 9, dimension = 1 + seed * 5 / 9 % 6, kind = seed % 7;
        // Variances of 1 are the process's own and do not depend on t.
        Covariance[] covariances = kind switch
        {
            0 => Same(Covariance.Isotropic(dimension, Variance())),
            1 => Same(Diagonal()),
            2 => Same(Full()),
            3 => Same(Covariance.Isotropic(dimension, 1)),
            4 => Same(Covariance.Diagonal([1, .. Enumerable.Range(1, dimension - 1).Select(_ => Variance())])),
            5 => [.. Enumerable.Range(0, count).Select(_ => seed % 2 == 0 ? Full() : Diagonal())],
            _ => [.. Enumerable.Range(0, count).Select(
                k => k == 0 ? Covariance.Isotropic(dimension, 1) : k % 2 == 0 || seed % 3 == 0 ? Covariance.Isotropic(dimension, Variance()) : Full())],
        };
        double[] weights = [.. Enumerable.Range(0, count).Select(_ => 0.5 + random.NextDouble())];
        double sum = weights.Sum();
        return new Mixture([.. weights.Select(weight => weight / sum)], [.. Enumerable.Range(0, count).Select(_ => Point(random, dimension))], covariances);

        Covariance[] Same(Covariance covariance) => [.. Enumerable.Repeat(covariance, count)];

        double Variance() => 0.01 * Math.Pow(10, 2.5 * random.NextDouble());

        Covariance Diagonal() => Covariance.Diagonal([.. Enumerable.Range(0, dimension).Select(_ => Variance())]);

        Covariance Full()
        {
            double[] root = [.. Enumerable.Range(0, dimension * dimension).Select(_ => 2 * random.NextDouble() - 1)];
            return Covariance.Full(dimension, [.. Enumerable.Range(0, dimension * dimension).Select(entry =>
                (entry / dimension == entry % dimension ? 0.05 : 0) + 0.3 * Enumerable.Range(0, dimension).Sum(
                    l => root[entry / dimension * dimension + l] * root[entry % dimension * dimension + l]))]);
        }
    }

    private static double[] Point(Random random, int dimension) => [.. Enumerable.Range(0, dimension).Select(_ => 4 * random.NextDouble() - 2)];
}
