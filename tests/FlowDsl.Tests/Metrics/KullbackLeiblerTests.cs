using FlowDsl.Metrics;
using FlowDsl.Runtime.Arithmetic;

namespace FlowDsl.Tests;

[Trait("Hardware", "Any")]
public class KullbackLeiblerTests
{
    /// <summary>Distances of neighbours against all pairs in order; 23 points fill neither vectors nor groups of four.</summary>
    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 5)]
    [InlineData(7, 22)]
    public void NeighboursAreThoseOfAllPairs(int d, int k)
    {
        double[] points = MetricData.Waves(23, d);
        double[] squares = NearestNeighbours.SquaredDistances(points, d, k, new ParallelRows(new MetricOptions(), null, CancellationToken.None));
        for (int i = 0; i < 23; i++)
        {
            double[] all = [.. Enumerable.Range(0, 23).Select(j => Vectors.Distance(points.AsSpan(i * d, d), points.AsSpan(j * d, d))).Order()];
            Compare.Close([all[k] * all[k]], [squares[i]], 1e-13);
        }
    }

    /// <summary>
    /// Samples of N(0.4, 0.7² I) from N(0, I): d (½ (0.49 + 0.16 - 1) - log 0.7). With 20,000 samples the bias in up to three dimensions is less than
    /// the interval, which is then short enough to show that it is right. Held to twice the interval: four standard errors.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void GaussiansHaveTheirDivergence(int d)
    {
        double expected = d * (0.5 * (0.49 + 0.16 - 1) - Math.Log(0.7));
        MetricEstimate own = KullbackLeibler.Measure(MetricData.Standard(d), MetricData.Normals(20_000, d, 3, 0.4, 0.7));
        Assert.True(Math.Abs(own.Value - expected) < own.High - own.Low, $"{own} instead of {expected}");
        Assert.InRange(own.High - own.Low, 0, 0.08);
    }

    /// <summary>
    /// Samples of the true law: 0 in any dimension, whatever the bias of either term alone. By chance fewer than 133 of 150 intervals would hold it in 6
    /// of 10,000 choices of seeds.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(12)]
    public void IntervalsOfTheTrueLawHold0(int d)
    {
        GaussianMixtureModel model = MetricData.Standard(d);
        Assert.InRange(
            MetricData.Held(150, 0, seed => KullbackLeibler.Measure(model, MetricData.Normals(400, d, seed), options: new() { Seed = seed })),
            133, 150);
    }

    /// <summary>
    /// Another law, on the line, where the bias is small: the interval covers the scatter of log q/p, which the true law has not. The same rate of false
    /// alarms.
    /// </summary>
    [Fact]
    public void IntervalsOfAnotherLawHoldItsDivergence()
    {
        GaussianMixtureModel model = MetricData.Standard(1);
        double expected = 0.5 * (1.21 + 0.25 - 1) - Math.Log(1.1);
        int held = MetricData.Held(
            150, expected, seed => KullbackLeibler.Measure(model, MetricData.Normals(600, 1, seed, 0.5, 1.1), options: new() { Seed = seed }));
        Assert.InRange(held, 133, 150);
    }

    /// <summary>Six equal samples have no density; five have one, as far as five neighbours see.</summary>
    [Fact]
    public void EqualSamplesAreInfinitelyFar()
    {
        double[] samples = MetricData.Normals(300, 2, 1);
        for (int i = 1; i < 5; i++) samples.AsSpan(0, 2).CopyTo(samples.AsSpan(2 * i));
        Assert.True(double.IsFinite(KullbackLeibler.Measure(MetricData.Standard(2), samples).Value));
        samples.AsSpan(0, 2).CopyTo(samples.AsSpan(10));
        Assert.Equal(double.PositiveInfinity, KullbackLeibler.Measure(MetricData.Standard(2), samples).Value);
    }

    [Fact]
    public void BadInputIsNamed()
    {
        GaussianMixtureModel model = MetricData.Standard(2);
        Assert.Contains(
            "There are 139 samples; there must be at least 140",
            Assert.Throws<ArgumentException>(() => KullbackLeibler.Measure(model, new double[278])).Message);
        Assert.Contains("There are 0 neighbours", Assert.Throws<ArgumentOutOfRangeException>(() => KullbackLeibler.Measure(model, new double[800], 0)).Message);
    }
}
