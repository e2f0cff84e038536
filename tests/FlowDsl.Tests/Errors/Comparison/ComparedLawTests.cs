using FlowDsl.Mathematics;
using FlowDsl.Metrics;

namespace FlowDsl.Tests;

/// <summary>Laws to an accuracy against a closed form, and against the weights of the same samples.</summary>
[Trait("Hardware", "Any")]
public class ComparedLawTests
{
    /// <summary>Half the interval is on average the share of KL that was asked for, and as many intervals hold the closed form as should.</summary>
    [Fact]
    public void TheIntervalIsAsLongAsAskedForAndHoldsTheTruth()
    {
        const double accuracy = 0.03;
        const int rounds = 40;
        double truth = OfGaussian(OneGaussian.Heun8.Descriptor);
        int held = 0;
        double length = 0;
        for (ulong seed = 1; seed <= rounds; seed++)
        {
            var law = ComparedLaw.Measure<OneGaussian.Heun8, float>(accuracy, seed);
            double own = 0.5 * (law.Divergence.High - law.Divergence.Low) / law.Divergence.Value;
            length += own / rounds;
            // Rare samples bring much of the scatter.
            Assert.InRange(own, 0.5 * accuracy, 2 * accuracy);
            Assert.Equal(0, law.FoldCount);
            if (law.Divergence.Holds(truth)) held++;
        }
        // 40 intervals of 95 %: 33 or fewer hold with a probability of 0.3 %.
        Assert.True(held >= 34, $"{held} of {rounds}");
        Assert.InRange(length, 0.9 * accuracy, 1.1 * accuracy);
    }

    /// <summary>Where the most samples are too few there are as many, and the figures are those of their weights, whatever the number of threads.</summary>
    [Fact]
    public void AsManySamplesAsThereMayBe()
    {
        GaussianMixtureModel model = GaussianMixtureModel.From<TwoModes>();
        // The accuracy takes more than any of these. A quarter of it is learnt from where that is more than the first 10,000.
        foreach ((long most, long first) in new[] { (5000L, 0L), (25_000, 10_000), (100_000, 35_000) })
        {
            ComparedLaw law = ComparedLaw.Measure<TwoModes.Heun8, float>(1e-4, 3, most, new() { FirstIndex = 7, MaxThreads = 1 });
            var weights = ImportanceWeights.Measure(model, TwoModes.Heun8.SampleWithLogDensities(most, 3, new() { FirstIndex = 7 + first }));
            Assert.Equal((most, weights.FoldCount), (law.SampleCount, law.FoldCount));
            Assert.Equal(weights.Divergence.Value, law.Divergence.Value, 1e-10 * weights.Divergence.Value);
            Assert.Equal(weights.Divergence.High, law.Divergence.High, 1e-8 * weights.Divergence.Value);
            Assert.Equal(weights.EffectiveSampleSize, law.EffectiveSampleSize, 1e-9 * most);
            Assert.Equal(law, ComparedLaw.Measure<TwoModes.Heun8, float>(1e-4, 3, most, new() { FirstIndex = 7, BatchSize = 1000 }));
        }
    }

    /// <summary>The samples of the law are its own: the comparison's other figures stay what they are.</summary>
    [Fact]
    public void AComparisonKeepsItsOtherFigures()
    {
        FlowComparison comparison = FlowComparison.Create(GaussianMixtureModel.From<TwoModes>(), 100, 5);
        FlowComparison plain = comparison.Add<TwoModes.Heun8, float>(), withLaw = comparison.AddWithLaw<TwoModes.Heun8, float>(accuracy: 0.03);
        Assert.Equal(plain.Samplers[0], withLaw.Samplers[0] with { Law = null });
        Assert.Equal(ComparedLaw.Measure<TwoModes.Heun8, float>(0.03, 5), withLaw.Samplers[0].Law);
        Assert.Equal(100, comparison.AddWithLaw<TwoModes.Heun8, float>().Samplers[0].Law!.SampleCount);
    }

    [Fact]
    public void WhatIsOutOfRangeIsRefused()
    {
        foreach (double accuracy in new[] { 0, -1, double.NaN })
            Assert.Equal("accuracy", Assert.Throws<ArgumentOutOfRangeException>(() => ComparedLaw.Measure<TwoModes.Heun8, float>(accuracy, 1)).ParamName);
        Assert.Equal("mostSamples", Assert.Throws<ArgumentOutOfRangeException>(() => ComparedLaw.Measure<TwoModes.Heun8, float>(0.1, 1, 1)).ParamName);
        Assert.Throws<OperationCanceledException>(() => ComparedLaw.Measure<TwoModes.Heun8, float>(0.1, 1, cancellationToken: new(canceled: true)));
    }

    // On one Gaussian the sampler is affine, and its law the Gaussian that the images of three points say:
    // ½ (tr P⁻¹Q + δᵀP⁻¹δ - 2 + log det P/det Q).
    private static double OfGaussian(SamplerDescriptor sampler)
    {
        GaussianMixtureModel model = sampler.Model;
        double[] images = [0, 0, 1, 0, 0, 1];
        model.Integrate(sampler.Program, images);
        double a = images[2] - images[0], b = images[4] - images[0], c = images[3] - images[1], d = images[5] - images[1];
        (double[] m, double[] s) = Law(model, model.Process.At(model.Process.Horizon));
        (double[] mu, double[] p) = Law(model, model.Process.At(model.Process.EarlyStop));
        double x = a * m[0] + b * m[1] + images[0] - mu[0], y = c * m[0] + d * m[1] + images[1] - mu[1];
        double[] left = [a * s[0] + b * s[1], a * s[1] + b * s[2], c * s[0] + d * s[1], c * s[1] + d * s[2]];
        double xx = left[0] * a + left[1] * b, xy = left[0] * c + left[1] * d, yy = left[2] * c + left[3] * d;
        double own = xx * yy - xy * xy, target = p[0] * p[2] - p[1] * p[1];
        return 0.5 * ((p[2] * (xx + x * x) - 2 * p[1] * (xy + x * y) + p[0] * (yy + y * y)) / target - 2 + Math.Log(target / own));
    }

    private static (double[] Mean, double[] Covariance) Law(GaussianMixtureModel model, ProcessPoint point)
    {
        ReadOnlySpan<double> matrix = model.Mixture.Covariances[0].Matrix.AsSpan();
        double squared = point.A * point.A;
        return (
                [.. model.Mixture.Means[0].Select(value => point.A * value)],
                [squared * matrix[0] + point.S2, squared * matrix[1], squared * matrix[3] + point.S2]);
    }
}
