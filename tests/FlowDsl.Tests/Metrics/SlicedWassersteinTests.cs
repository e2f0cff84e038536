using FlowDsl.Metrics;

namespace FlowDsl.Tests;

[Trait("Hardware", "Any")]
public class SlicedWassersteinTests
{
    /// <summary>On the line it is W2: the root of the mean square of differences of sorted values, by NumPy; and of three numbers by hand.</summary>
    [Fact]
    public void OnTheLineItIsThatOfSortedValues()
    {
        Compare.Close([0.3419173074677819], [SlicedWasserstein.Between(MetricData.Waves(25, 1), MetricData.Ripples(25, 1), 1).Value], 1e-13);
        Assert.Equal(Math.Sqrt((1 + 4 + 9) / 3.0), SlicedWasserstein.Between([3.0, 1, 2], [4.0, 2, 6], 1, options: new() { MaxThreads = 1 }).Value, 1e-15);
    }

    /// <summary>
    /// Samples and their shifted copies: W2 along θ is |θ·δ| exactly, so the square is the mean of (θ·δ)², about |δ|²/d; only directions scatter.
    /// </summary>
    [Fact]
    public void AShiftedCopyIsAsFarAsTheShift()
    {
        double[] x = MetricData.Normals(50, 3, 1), y = [.. x];
        for (int i = 0; i < y.Length; i += 3) y[i] += 2;
        MetricEstimate own = SlicedWasserstein.Between(x, y, 3, directions: 4000);
        Assert.True(own.Holds(2 / Math.Sqrt(3)), own.ToString());
        // (θ·δ)² has the variance 4²·(3/15 - 1/9): directions are uniform on the sphere. The potentials of a shifted copy are linear, and scatter too.
        Assert.InRange(own.Value, 2 / Math.Sqrt(3) * 0.98, 2 / Math.Sqrt(3) * 1.02);
    }

    /// <summary>
    /// N(0, I) and N(0.5, 1.3² I) in three dimensions: the square is |δ|²/3 + 0.3². Intervals cover samples and directions: by chance fewer than 178 of
    /// 200 would hold it in 2 of 10,000 choices of seeds.
    /// </summary>
    [Fact]
    public void IntervalsHoldTheClosedForm()
    {
        GaussianMixtureModel model = MetricData.Standard(3);
        int held = MetricData.Held(200, Math.Sqrt(0.25 + 0.09), seed
            => SlicedWasserstein.ToMixture(model, MetricData.Normals(1000, 3, seed, 0.5, 1.3), 24, new() { Seed = seed }));
        Assert.InRange(held, 178, 200);
    }

    /// <summary>The estimated variance is that of repetitions: within 15 % of the standard deviation of 300.</summary>
    [Fact]
    public void IntervalsAreAsLongAsEstimatesScatter()
    {
        MetricEstimate[] all = [.. Enumerable.Range(1, 300).Select(seed
            => SlicedWasserstein.Between(
                MetricData.Normals(300, 2, (ulong)seed), MetricData.Normals(300, 2, (ulong)seed + 5000, 1.5), 2, 8, new() { Seed = (ulong)seed }))];
        double mean = all.Average(own => own.Value), deviation = Math.Sqrt(all.Sum(own => (own.Value - mean) * (own.Value - mean)) / 299);
        Assert.InRange(all.Average(own => own.High - own.Low) / 2 / 1.96 / deviation, 0.85, 1.15);
    }

    /// <summary>Samples of the true law are no farther from it than two draws from each other, by and large; others are.</summary>
    [Fact]
    public void TheFloorIsWhatTheTrueLawShows()
    {
        GaussianMixtureModel model = new(Models.TwoPlanar(0.3), Models.Ou(horizon: 0.2));
        var options = new MetricOptions { Time = 0.2 };
        double floor = SlicedWasserstein.Floor(model, 2000, options: options);
        double[] own = FlowSampling.DrawPrior<double>(model, 2000, 7);
        Assert.InRange(SlicedWasserstein.ToMixture(model, own, options: options).Value, 0.4 * floor, 2.5 * floor);
        Assert.True(SlicedWasserstein.ToMixture(model, own.Select(value => value + 0.5).ToArray(), options: options).Low > 5 * floor);
    }

    [Fact]
    public void BadInputIsNamed()
    {
        Assert.Contains(
            "there must be 4, as many as of the samples",
            Assert.Throws<ArgumentException>(() => SlicedWasserstein.Between(new double[4], new double[6], 2)).Message);
        Assert.Contains(
            "There are 1 directions", Assert.Throws<ArgumentOutOfRangeException>(() => SlicedWasserstein.Between(new double[4], new double[4], 2, 1)).Message);
        Assert.Contains("The count is 1", Assert.Throws<ArgumentOutOfRangeException>(() => SlicedWasserstein.Floor(MetricData.Standard(1), 1)).Message);
    }
}
