using FlowDsl.Mathematics;
using FlowDsl.Metrics;

namespace FlowDsl.Tests;

public class NegativeLogLikelihoodTests
{
    /// <summary>Seven points under two full covariances: mean and standard error by SciPy's multivariate normal.</summary>
    [Fact]
    public void TheMeanIsThatOfSciPy()
    {
        MetricEstimate own = NegativeLogLikelihood.Measure(MetricData.TwoFull(), MetricData.Waves(7, 2));
        double half = 1.959963984540054 * 0.554158899005658;
        Compare.Close([2.7987823819856694, 2.7987823819856694 - half, 2.7987823819856694 + half], [own.Value, own.Low, own.High], 1e-13);
    }

    /// <summary>Every covariance class, every process, at the early stop and at another time: each density is the model's own.</summary>
    [Fact]
    public void DensitiesAreThoseOfTheModel()
    {
        Mixture[] mixtures = [Models.TwoPlanar(0.04), Models.Crossing(), Models.CrossingInWider(), Models.OrderedFull(), Models.OneGaussian()];
        foreach (Mixture mixture in mixtures)
        {
            foreach (Process process in Models.Processes())
            {
                var model = new GaussianMixtureModel(mixture, process);
                foreach (double? time in new double?[] { null, 0.5 * process.Horizon })
                {
                    // Seven points: no whole number of vectors.
                    double[] samples = [.. MetricData.Waves(6, 2), 40, -70];
                    double expected = 0;
                    for (int i = 0; i < 7; i++) expected -= model.LogDensity(time ?? process.EarlyStop, samples.AsSpan(2 * i, 2)) / 7;
                    MetricEstimate own = NegativeLogLikelihood.Measure(model, samples, new MetricOptions { Time = time });
                    Compare.Close([expected], [own.Value], 1e-12, what: $"{process.Description} {time}");
                }
            }
        }
    }

    /// <summary>½ log((2πe)² det C) of one component, C = [1.3 0.7; 0.7 0.6] with determinant 0.29; and a mixture by quadrature.</summary>
    [Fact]
    public void Entropies()
    {
        MetricEstimate one = NegativeLogLikelihood.Entropy(MetricData.AtRest(Models.OneGaussian()));
        Assert.Equal((one.Value, one.Value), (one.Low, one.High));
        Assert.Equal(Math.Log(2 * Math.PI * Math.E) + 0.5 * Math.Log(0.29), one.Value, 1e-14);
        MetricEstimate two = NegativeLogLikelihood.Entropy(MetricData.AtRest(Models.Isotropic([0.3, 0.7], [[-1.0], [1.0]], 0.25)));
        Assert.True(two.Holds(1.2819410366570918), two.ToString());
        Assert.InRange(two.High - two.Low, 0, 0.012);
    }

    /// <summary>
    /// Samples of N(0.5, 0.8² I) under N(0, I) in three dimensions: NLL = 3 (½ log 2π + ½ (0.64 + 0.25)), excess 3·½ (0.89 - 1). By chance fewer than 178
    /// of 200 intervals would hold it in 2 of 10,000 choices of seeds.
    /// </summary>
    [Fact]
    public void IntervalsHoldTheClosedForm()
    {
        GaussianMixtureModel model = MetricData.Standard(3);
        double cross = 1.5 * (Math.Log(2 * Math.PI) + 0.89);
        Assert.InRange(MetricData.Held(200, cross, seed => NegativeLogLikelihood.Measure(model, Samples(seed))), 178, 200);
        Assert.InRange(MetricData.Held(200, 1.5 * (0.89 - 1), seed => NegativeLogLikelihood.Excess(model, Samples(seed), draws: 2)), 178, 200);

        static double[] Samples(ulong seed) => MetricData.Normals(300, 3, seed, 0.5, 0.8);
    }

    /// <summary>
    /// Samples of the true law itself, a mixture, against few draws: the excess is 0, and the interval must cover the draws' chance as well as the
    /// samples'. The same rate of false alarms.
    /// </summary>
    [Fact]
    public void IntervalsOfTheExcessCoverTheDraws()
    {
        GaussianMixtureModel model = new(Models.TwoPlanar(0.3), Models.Ou(horizon: 0.2));
        int held = MetricData.Held(200, 0, seed =>
        {
            double[] samples = FlowSampling.DrawPrior<double>(model, 300, seed);
            return NegativeLogLikelihood.Excess(model, samples, 300, new MetricOptions { Time = 0.2, Seed = seed });
        });
        Assert.InRange(held, 178, 200);
    }

    /// <summary>Against the exact ends of the same starts the interval is far shorter, and agrees.</summary>
    [Fact]
    public void WhatSamplesAndEndsHaveInCommonCancels()
    {
        GaussianMixtureModel model = MetricData.Standard(2);
        double[] ends = MetricData.Normals(2000, 2, 5), samples = [.. ends.Select(value => 1.01 * value)];
        MetricEstimate paired = NegativeLogLikelihood.Excess(model, samples, ends), unpaired = NegativeLogLikelihood.Excess(model, samples, 2000);
        // E ½ (1.01² - 1) |x|² in two dimensions.
        const double expected = 1.01 * 1.01 - 1;
        Assert.True(paired.Holds(expected), paired.ToString());
        Assert.True(unpaired.Holds(expected), unpaired.ToString());
        Assert.True(20 * (paired.High - paired.Low) < unpaired.High - unpaired.Low);
    }
}
