using FlowDsl.Metrics;

namespace FlowDsl.Tests;

/// <summary>Laws to an accuracy against an integral over the line, and against the weights of the same samples.</summary>
public class ComparedLawTests
{
    /// <summary>Half the interval is on average the share of KL that was asked for, and as many intervals hold the integral as should.</summary>
    [Fact]
    public void TheIntervalIsAsLongAsAskedForAndHoldsTheTruth()
    {
        const double accuracy = 0.02;
        const int rounds = 40;
        double truth = OnTheLine(TwoModes.Heun8.Descriptor);
        int held = 0;
        double length = 0;
        for (ulong seed = 1; seed <= rounds; seed++)
        {
            var law = ComparedLaw.Measure<TwoModes.Heun8, float>(accuracy, seed);
            double own = 0.5 * (law.Divergence.High - law.Divergence.Low) / law.Divergence.Value;
            length += own / rounds;
            // Rare samples bring much of the scatter.
            Assert.InRange(own, 0.5 * accuracy, 1.5 * accuracy);
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

    // ∫ p_T(x) (log p_T(x) - log f′(x) - log p(f(x))) dx, f the sampler's program in double precision and f′ by its differences.
    private static double OnTheLine(SamplerDescriptor sampler)
    {
        GaussianMixtureModel model = sampler.Model;
        const int count = 100_001;
        const double reach = 9, step = 2 * reach / (count - 1);
        double[] starts = [.. Enumerable.Range(0, count).Select(i => i * step - reach)], ends = [.. starts];
        model.Integrate(sampler.Program, ends);
        double sum = 0;
        for (int i = 1; i + 1 < count; i++)
        {
            double log = model.LogDensity(model.Process.Horizon, starts.AsSpan(i, 1)), slope = (ends[i + 1] - ends[i - 1]) / (2 * step);
            sum += Math.Exp(log) * (log - Math.Log(slope) - model.LogDensity(model.Process.EarlyStop, ends.AsSpan(i, 1)));
        }
        return sum * step;
    }
}
