using System.Globalization;
using FlowDsl.Metrics;

namespace FlowDsl.Tests;

/// <summary>What all metrics have in common.</summary>
public class MetricTests
{
    private delegate MetricEstimate Metric(
        GaussianMixtureModel model, double[] samples, MetricOptions options, IProgress<double>? progress, CancellationToken cancellationToken);

    // Each as a function of samples in two dimensions and what a caller may add.
    private static readonly Dictionary<string, Metric> s_metrics = new()
    {
        ["NLL"] = (model, x, options, progress, stop) => NegativeLogLikelihood.Measure(model, x, options, progress, stop),
        ["excess"] = (model, x, options, progress, stop) => NegativeLogLikelihood.Excess(model, x, 1000, options, progress, stop),
        ["paired excess"] = (model, x, options, progress, stop) => NegativeLogLikelihood.Excess(model, x, x.Reverse().ToArray(), options, progress, stop),
        ["KL"] = (model, x, options, progress, stop) => KullbackLeibler.Measure(model, x, 5, options, progress, stop),
        ["sliced"] = (model, x, options, progress, stop) => SlicedWasserstein.ToMixture(model, x, 20, options, progress, stop),
        ["sliced, two"] = (_, x, options, progress, stop) => SlicedWasserstein.Between(x, x.Reverse().ToArray(), 2, 20, options, progress, stop),
        ["MMD"] = (model, x, options, progress, stop) => MaximumMeanDiscrepancy.ToMixture(model, x, null, options, progress, stop),
        ["MMD, two"] = (_, x, options, progress, stop) => MaximumMeanDiscrepancy.Between(x, x.Reverse().ToArray(), 2, null, options, progress, stop),
        ["energy"] = (model, x, options, progress, stop) => EnergyDistance.ToMixture(model, x, options, progress, stop),
        ["energy, two"] = (_, x, options, progress, stop) => EnergyDistance.Between(x, x.Reverse().ToArray(), 2, options, progress, stop),
        ["weights"] = (model, x, options, progress, stop) =>
        {
            var weights = ModeWeights.Measure(model, x, null, options, progress, stop);
            return new(weights.ChiSquare, weights.PValue, weights.Shares[0].Value);
        },
    };

    public static TheoryData<string> Names => [.. s_metrics.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void SamplesThatAreNotFiniteGiveNaN(string name)
    {
        foreach (double value in new[] { double.NaN, double.PositiveInfinity, double.NegativeInfinity })
        {
            double[] samples = MetricData.Normals(301, 2, 1);
            samples[^1] = value;
            MetricEstimate own = Measure(name, samples);
            Assert.Equal((double.NaN, double.NaN, double.NaN), (own.Value, own.Low, own.High));
        }
        var error = RelativeError.Measure([1.0, double.NaN], [1.0, 1], 1, 1);
        Assert.Equal(
            (MetricEstimateNaN, MetricEstimateNaN, MetricEstimateNaN, double.NaN),
            (error.RelativeMeanSquaredError, error.SameBranch, error.FlipShare, error.MedianError));
    }

    /// <summary>The number of threads changes no bit, and neither does asking again.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void ThreadsChangeNoBit(string name)
    {
        double[] samples = MetricData.Normals(501, 2, 1, 0.2);
        MetricEstimate one = Measure(name, samples, new() { MaxThreads = 1 });
        Assert.Equal(one, Measure(name, samples, new() { MaxThreads = 7 }));
        Assert.Equal(one, Measure(name, samples));
        Assert.True(double.IsFinite(one.Value));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void ProgressIncreasesToOneAndACancelledTokenStops(string name)
    {
        var progress = new Recorder();
        Measure(name, MetricData.Normals(300, 2, 1), progress: progress);
        Assert.NotEmpty(progress.Values);
        Assert.Equal(progress.Values.Order(), progress.Values);
        Assert.Equal(1, progress.Values[^1], 1e-12);
        Assert.InRange(progress.Values[0], 1e-9, 1);
        Assert.ThrowsAny<OperationCanceledException>(() => Measure(name, MetricData.Normals(300, 2, 1), stop: new CancellationToken(canceled: true)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void BadInputIsNamed(string name)
    {
        Assert.Contains("301 values are not a whole number of samples of 2", Assert.Throws<ArgumentException>(() => Measure(name, new double[301])).Message);
        Assert.Contains("MaxThreads is 0", Assert.Throws<ArgumentOutOfRangeException>(() => Measure(name, new double[600], new() { MaxThreads = 0 })).Message);
        if (!name.Contains(", two", StringComparison.Ordinal))
            Assert.Contains(
                "The time Time is -1", Assert.Throws<ArgumentOutOfRangeException>(() => Measure(name, new double[600], new() { Time = -1 })).Message);
    }

    /// <summary>The seed changes what is drawn; samples with the same seed are independent of it, or the discrepancy would be far too small.</summary>
    [Fact]
    public void DrawsAreIndependentOfSamplesWithTheSameSeed()
    {
        GaussianMixtureModel model = new(Models.TwoPlanar(0.3), Models.Ou(horizon: 0.2));
        MetricOptions options = new() { Time = 0.2, Seed = 5 };
        double[] samples = FlowSampling.DrawPrior<double>(model, 2000, 5);
        double same = SlicedWasserstein.ToMixture(model, samples, options: options).Value;
        double other = SlicedWasserstein.ToMixture(model, samples, options: options with { Seed = 6 }).Value;
        Assert.NotEqual(same, other);
        Assert.InRange(same / other, 0.3, 3);
    }

    /// <summary>Samples in single precision are their own values in double.</summary>
    [Fact]
    public void SingleSamplesAreWidened()
    {
        float[] single = Array.ConvertAll(MetricData.Normals(300, 2, 1), value => (float)value);
        double[] wide = Array.ConvertAll(single, value => (double)value);
        GaussianMixtureModel model = MetricData.TwoFull();
        Assert.Equal(NegativeLogLikelihood.Measure(model, wide), NegativeLogLikelihood.Measure(model, single));
        Assert.Equal(EnergyDistance.ToMixture(model, wide), EnergyDistance.ToMixture(model, single));
        Assert.Equal(KullbackLeibler.Measure(model, wide), KullbackLeibler.Measure(model, single));
    }

    /// <summary>At time 0 a singular covariance has no density.</summary>
    [Fact]
    public void ASingularLawIsRefused()
    {
        var model = new GaussianMixtureModel(Models.Isotropic([1], [[0.0]], 0), Models.Ou());
        Assert.Contains(
            "Time must be positive",
            Assert.Throws<ArgumentException>(() => NegativeLogLikelihood.Measure(model, [1.0, 2], new MetricOptions { Time = 0 })).Message);
    }

    [Fact]
    public void TextIsTheSameInEveryCulture()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("") { NumberFormat = { NumberDecimalSeparator = "," } };
            Assert.Equal("0.0123 (-1.5E-7 to ∞)", new MetricEstimate(0.012345, -1.5e-7, double.PositiveInfinity).ToString());
            Assert.StartsWith("relative MSE 1 (0 to 2.33), same branch 0.238", RelativeError.Measure([2.0, 2, 8, 6], [1.0, 2, 3, 4], 1, 3).ToString());
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
        Assert.True(new MetricEstimate(1, 0.5, 2).Holds(2));
        Assert.False(new MetricEstimate(1, 0.5, 2).Holds(2.1));
        Assert.False(MetricEstimateNaN.Holds(0));
    }

    private static MetricEstimate MetricEstimateNaN => new(double.NaN, double.NaN, double.NaN);

    private static MetricEstimate Measure(
        string name, double[] samples, MetricOptions? options = null, IProgress<double>? progress = null, CancellationToken stop = default)
        => s_metrics[name](MetricData.TwoFull(), samples, options ?? new(), progress, stop);

    private sealed class Recorder : IProgress<double>
    {
        public List<double> Values { get; } = [];

        public void Report(double value) => Values.Add(value);
    }
}
