using FlowDsl.Mathematics;
using FlowDsl.Metrics;

namespace FlowDsl.Tests;

/// <summary>Weights, divergences and their intervals against laws in closed form.</summary>
[Trait("Hardware", "Any")]
public class ImportanceWeightsTests
{
    /// <summary>q and p normal on the line: KL = log(σp/σq) + (σq² + m²)/(2σp²) - ½.</summary>
    [Theory]
    [InlineData(0.0, 1.0)]
    [InlineData(0.02, 1.01)]
    [InlineData(0.5, 1.2)]
    [InlineData(-1.0, 0.9)]
    public void TheDivergenceOfTwoNormals(double mean, double deviation)
    {
        const int n = 20_000, rounds = 40;
        double truth = -Math.Log(deviation) + 0.5 * (deviation * deviation + mean * mean) - 0.5;
        int held = 0, held0 = 0;
        for (ulong seed = 0; seed < rounds; seed++)
        {
            (double[] own, double[] target, _) = Normals(n, seed, mean, deviation);
            var weights = ImportanceWeights.Of(own, target);
            if (Math.Abs(weights.Divergence.Value - truth) < 1e-12 || weights.Divergence.Holds(truth)) held++;
            if (Math.Abs(weights.LogNormalizer.Value) < 1e-12 || weights.LogNormalizer.Holds(0)) held0++;
            Assert.Equal(weights.NegativeLogLikelihood.Value - weights.Entropy.Value, weights.LogRatios.ToArray().Average(ratio => -ratio), 1e-12);
        }
        // 40 intervals of 95 %: 33 or fewer hold with a probability of 0.3 %.
        Assert.True(held >= 34 && held0 >= 33, $"{held} and {held0} of {rounds}");
    }

    /// <summary>A small divergence is known to a percent: the plain mean of the logarithms would scatter by several.</summary>
    [Fact]
    public void ASmallDivergenceIsKnownToAPercent()
    {
        const double mean = 0.1, truth = 0.5 * mean * mean;
        (double[] own, double[] target, _) = Normals(100_000, 7, mean, 1);
        MetricEstimate divergence = ImportanceWeights.Of(own, target).Divergence, plain = ImportanceWeights.Of(own, target, foldCount: 1).Divergence;
        Assert.True(Math.Abs(divergence.Value / truth - 1) < 0.02 && divergence.High - divergence.Low < 0.025 * truth, divergence.ToString());
        Assert.True(plain.High - plain.Low > 0.2 * truth, plain.ToString());
    }

    /// <summary>Weighted moments are the target's, with intervals that hold it; plain ones are not.</summary>
    [Fact]
    public void WeightedMeansAreThoseOfTheTarget()
    {
        const int n = 20_000, rounds = 60;
        int ratio = 0, unbiased = 0;
        for (ulong seed = 0; seed < rounds; seed++)
        {
            (double[] own, double[] target, double[] x) = Normals(n, seed, 0.4, 1.3);
            double[] squares = Array.ConvertAll(x, value => value * value);
            var weights = ImportanceWeights.Of(own, target);
            if (weights.Mean(squares).Holds(1)) ratio++;
            if (weights.UnbiasedMean(squares).Holds(1)) unbiased++;
            Assert.True(Math.Abs(squares.Average() - 1) > 0.5);
            Assert.Equal(1, weights.Weights.ToArray().Sum(), 1e-12);
            Assert.InRange(weights.EffectiveSampleSize, 0.3 * n, 0.95 * n);
        }
        // 60 intervals of 95 %: 51 or fewer hold with a probability of 0.4 %.
        Assert.True(ratio >= 52 && unbiased >= 52, $"{ratio} and {unbiased} of {rounds}");
    }

    [Fact]
    public void EqualLawsHaveEqualWeights()
    {
        (double[] own, _, double[] x) = Normals(100, 1, 0.3, 2);
        var weights = ImportanceWeights.Of(own, own);
        Assert.Equal(100, weights.EffectiveSampleSize, 1e-9);
        Assert.Equal(new MetricEstimate(0, 0, 0), weights.Divergence);
        Assert.Equal(0, weights.LogNormalizer.Value, 1e-14);
        Assert.Equal(x.Average(), weights.Mean(x).Value, 1e-13);
    }

    [Fact]
    public void WhatIsNotFiniteGivesNaN()
    {
        var weights = ImportanceWeights.Of([0, double.NaN, 1], [0, 0, 0]);
        Assert.False(weights.IsFinite);
        Assert.Equal(double.NaN, weights.EffectiveSampleSize);
        Assert.All(
            [
                weights.Divergence, weights.LogNormalizer, weights.Entropy, weights.NegativeLogLikelihood, weights.Mean([1, 2, 3]),
                weights.UnbiasedMean([1, 2, 3]),
            ],
            estimate => Assert.Equal(double.NaN, estimate.Value));
    }

    [Fact]
    public void LengthsThatDoNotFitAreRefused()
    {
        Assert.Throws<ArgumentException>(() => ImportanceWeights.Of([1], [1]));
        Assert.Throws<ArgumentException>(() => ImportanceWeights.Of([1, 2], [1]));
        Assert.Throws<ArgumentException>(() => ImportanceWeights.Of([1, 2], [1, 2]).Mean([1]));
        Assert.Throws<ArgumentException>(() => ImportanceWeights.Of([1, 2], [1, 2]).UnbiasedMean([1, 2, 3]));
        Assert.Throws<ArgumentException>(() => ImportanceWeights.Measure<double>(GaussianMixtureModel.From<TwoModes>(), new double[4], new double[3]));
    }

    /// <summary>A sampler's moments are off, the weighted ones are the mixture's: Σ w_k μ_k = (-0.48, ...) and so on, from the model's own numbers.</summary>
    [Fact]
    public void AFewStepsWithWeightsHaveTheMixturesMoments()
    {
        const int n = 40_000, rounds = 12;
        GaussianMixtureModel model = GaussianMixtureModel.From<TwoModes>();
        ProcessPoint end = model.Process.At(model.Process.EarlyStop);
        double mean = model.Mixture.Means.Zip(model.Mixture.Weights, (mu, weight) => weight * mu[0]).Sum() * end.A;
        int held = 0;
        for (ulong seed = 1; seed <= rounds; seed++)
        {
            DensitySamples<float> samples = TwoModes.Heun8.SampleWithLogDensities(n, seed);
            var weights = ImportanceWeights.Measure(model, samples);
            Assert.Equal((0L, 0L), (samples.FoldCount, weights.FoldCount));
            double[] first = [.. Enumerable.Range(0, n).Select(i => (double)samples.States.Span[i * model.Dimension])];
            if (weights.UnbiasedMean(first).Holds(mean)) held++;
            Assert.True(weights.Divergence.Low > 0, weights.ToString());
        }
        // 12 intervals of 95 %: 8 or fewer hold with a probability of 0.2 %.
        Assert.True(held >= 9, $"{held} of {rounds}");
    }

    // Samples of N(mean, deviation²), their log-densities, and those under N(0, 1).
    private static (double[] Own, double[] Target, double[] X) Normals(int n, ulong seed, double mean, double deviation)
    {
        GaussianMixtureModel standard = new(new Mixture([1], [[0.0]], [Covariance.Isotropic(1, 1)]), new LinearInterpolantProcess());
        double[] x = FlowSampling.DrawPrior<double>(standard, n, seed);
        double[] own = new double[n], target = new double[n];
        for (int i = 0; i < n; i++)
        {
            double z = x[i];
            x[i] = mean + deviation * z;
            (own[i], target[i]) = (-0.5 * z * z - Math.Log(deviation) - 0.5 * Math.Log(2 * Math.PI), -0.5 * x[i] * x[i] - 0.5 * Math.Log(2 * Math.PI));
        }
        return (own, target, x);
    }
}
