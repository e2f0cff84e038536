using FlowDsl.Metrics;

namespace FlowDsl.Tests;

[Trait("Hardware", "Any")]
public class MaximumMeanDiscrepancyTests
{
    /// <summary>The estimate and the median rule against NumPy and SciPy, at a given bandwidth and at the median.</summary>
    [Theory]
    [InlineData(7, 5, 2, 0.7, -0.04047470913741824)]
    [InlineData(7, 5, 2, 1.1876409454079409, -0.0843070422892005)]
    [InlineData(30, 41, 3, 0.7, 0.1655736646478106)]
    [InlineData(30, 41, 3, 1.4947986186589886, 0.0740199138082207)]
    [InlineData(13, 9, 1, 0.7, -0.042213614024012136)]
    [InlineData(13, 9, 1, 0.7032594268693864, -0.04193284386605178)]
    public void EstimatesAreThoseOfNumPy(int n, int m, int d, double bandwidth, double expected)
    {
        double[] x = MetricData.Waves(n, d), y = MetricData.Ripples(m, d);
        Compare.Close([expected], [MaximumMeanDiscrepancy.Between(x, y, d, bandwidth).Value], 1e-13, 1);
        if (bandwidth != 0.7)
        {
            Compare.Close([bandwidth], [MaximumMeanDiscrepancy.MedianBandwidth(x, y, d)], 1e-14);
            Assert.Equal(MaximumMeanDiscrepancy.Between(x, y, d, bandwidth).Value, MaximumMeanDiscrepancy.Between(x, y, d).Value, 1e-14);
        }
    }

    /// <summary>Seven points from a mixture of full covariances, by SciPy's densities: nothing is drawn.</summary>
    [Fact]
    public void TheMixtureIsTakenExactly()
        => Compare.Close([0.032672081714793966], [MaximumMeanDiscrepancy.ToMixture(MetricData.TwoFull(), MetricData.Waves(7, 2), 0.7).Value], 1e-13, 1);

    /// <summary>
    /// N(0, 1) and N(0.6, 1.2²) on the line: with v the sum of the two variances and h², E k = h/√v exp(-δ²/2v). Intervals of two samples and of one
    /// against the law: by chance fewer than 178 of 200 would hold it in 2 of 10,000 choices of seeds.
    /// </summary>
    [Fact]
    public void IntervalsHoldTheClosedForm()
    {
        const double h = 0.8;
        double expected = Kernel(2, 0) + Kernel(2.88, 0) - 2 * Kernel(2.44, 0.6);
        GaussianMixtureModel model = MetricData.Standard(1);
        Assert.InRange(
            MetricData.Held(200, expected, seed => MaximumMeanDiscrepancy.Between(Other(seed), MetricData.Normals(250, 1, seed + 1000), 1, h)),
            178, 200);
        Assert.InRange(MetricData.Held(200, expected, seed => MaximumMeanDiscrepancy.ToMixture(model, Other(seed), h)), 178, 200);

        static double Kernel(double variance, double shift) => h / Math.Sqrt(variance + h * h) * Math.Exp(-shift * shift / 2 / (variance + h * h));

        static double[] Other(ulong seed) => MetricData.Normals(200, 1, seed, 0.6, 1.2);
    }

    /// <summary>
    /// Equal laws, where the estimate is not normal: at least as many hold 0, and the mean of the estimates is 0 within four standard errors.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void EqualLawsAreAt0(int d)
    {
        GaussianMixtureModel model = MetricData.Standard(d);
        MetricEstimate[] two =
            [.. Seeds().Select(seed => MaximumMeanDiscrepancy.Between(MetricData.Normals(150, d, seed), MetricData.Normals(120, d, seed + 1000), d, 1.5))];
        MetricEstimate[] one = [.. Seeds().Select(seed => MaximumMeanDiscrepancy.ToMixture(model, MetricData.Normals(150, d, seed), 1.5))];
        foreach (MetricEstimate[] all in new[] { two, one })
        {
            double mean = all.Average(own => own.Value), deviation = Math.Sqrt(all.Average(own => own.Value * own.Value));
            Assert.InRange(Math.Abs(mean), 0, 4 * deviation / Math.Sqrt(200));
            Assert.InRange(all.Count(own => own.Holds(0)), 178, 200);
            // The second order of the variance: neither missing nor counted twice.
            Assert.InRange(all.Average(own => own.High - own.Low) / 2 / 1.96 / deviation, 0.85, 1.4);
        }
        Assert.True(one.Average(own => own.High - own.Low) < 0.8 * two.Average(own => own.High - own.Low));

        static IEnumerable<ulong> Seeds() => Enumerable.Range(1, 200).Select(seed => (ulong)seed);
    }

    /// <summary>Of many points a thousand decide: within a few percent of the median of |x - y|, which is 2·erf⁻¹(½) for normals on the line.</summary>
    [Fact]
    public void TheMedianOfManyIsThatOfSome()
        => Assert.Equal(0.9538725524, MaximumMeanDiscrepancy.MedianBandwidth(MetricData.Normals(4000, 1, 1), MetricData.Normals(4000, 1, 2), 1), 0.04);

    [Fact]
    public void BadInputIsNamed()
    {
        double[] x = MetricData.Waves(4, 2);
        Assert.Contains("The bandwidth is 0", Assert.Throws<ArgumentOutOfRangeException>(() => MaximumMeanDiscrepancy.Between(x, x, 2, 0)).Message);
        Assert.Contains(
            "half of all pairs are equal", Assert.Throws<ArgumentException>(() => MaximumMeanDiscrepancy.Between(new double[6], new double[6], 2)).Message);
        Assert.Contains("There is 1 sample", Assert.Throws<ArgumentException>(() => MaximumMeanDiscrepancy.Between(new double[2], x, 2)).Message);
        Assert.Contains(
            "8 values are not a whole number of samples of 3", Assert.Throws<ArgumentException>(() => MaximumMeanDiscrepancy.Between(x, x, 3)).Message);
    }
}
