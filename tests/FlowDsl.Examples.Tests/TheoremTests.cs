using FlowDsl.Examples;

namespace FlowDsl.Tests;

/// <summary>The figure of the paper's theorem: its bounds hold, and its constants are those of the formulas.</summary>
public class TheoremTests
{
    public static TheoryData<int> Flows => [0, 1, 2];

    /// <summary>On few starts: neither bound is below what was measured, and the network is as exact there as it has to be.</summary>
    [Theory]
    [MemberData(nameof(Flows))]
    public void NoErrorIsAboveItsBound(int index)
    {
        DeepFlow flow = DeepFlow.All[index] with { Compositions = [.. DeepFlow.All[index].Compositions.Where(composition => composition.Count <= 64)] };
        // In 64 dimensions a network takes long.
        TheoremFigure figure = Theorem.Run(flow, flow.Model.Dimension > 2 ? 10 : 40, -1, CancellationToken.None);
        Assert.Equal([4, 8, 16, 32, 64], figure.Blocks.Select(row => row.Blocks));
        foreach (DeepError row in figure.Blocks.Concat(figure.Accuracies))
        {
            Assert.InRange(row.NetworkShare, 0, 1);
            Assert.InRange(Math.Log10(row.Error), -4, row.LogSharpBound + 1e-9);
            Assert.InRange(row.LogSharpBound, Math.Log10(row.Error), row.LogBound + 1e-9);
            Assert.InRange(row.MaxError, row.MeanError, double.PositiveInfinity);
        }
        // More blocks are more exact, and so are better networks until Euler's own error is left.
        Assert.True(figure.Blocks[^1].Error < 0.5 * figure.Blocks[1].Error);
        Assert.True(figure.Accuracies[^1].NetworkParts < 1e-2 * figure.Accuracies[0].NetworkParts);
        Assert.All(figure.Places, place => Assert.InRange(Math.Log10(place.MaxGrowth), -10, place.LogBound + 1e-6));
        Assert.Equal(0, figure.Places[^1].LogBound, 1e-12);
        Assert.Equal(1, figure.Places[^1].Growth, 1e-9);
    }

    /// <summary>The generated samplers are the paper's Definition 10.</summary>
    [Theory]
    [MemberData(nameof(Flows))]
    public void BlocksAreEulerStepsWithTheNetwork(int index)
    {
        DeepFlow flow = DeepFlow.All[index];
        DeepComposition declared = flow.Compositions[1];
        var written = DeepComposition.Of(flow.Model.Process, declared.Times, flow.Model.Dimension, flow.Score);
        double[] states = FlowSampling.DrawPrior<double>(flow.Model, 20, seed: 5), expected = [.. states];
        double beta = index == 2 ? 5 : 1, h = (index == 2 ? 1 : 2.999) / declared.Count;
        double[] slope = new double[flow.Model.Dimension], first = [.. states.Take(slope.Length)];
        flow.Score(declared.Times[0], first, slope);
        for (int j = 0; j < declared.Count; j++)
        {
            declared.Block(states, j);
            written.Block(expected, j);
            // x ← x + (Tβ/N)(x + S(x)), as the paper has it.
            if (j == 0) for (int i = 0; i < slope.Length; i++) Assert.Equal(first[i] + beta * h * (first[i] + slope[i]), expected[i], 1e-12);
        }
        for (int i = 0; i < states.Length; i++) Assert.Equal(expected[i], states[i], 1e-8 * (1 + Math.Abs(expected[i])));
    }

    /// <summary>Of the paper's mixture, the authors' table of L has ∫L = 210.088; the formula with s² by trapezoids, everywhere.</summary>
    [Theory]
    [MemberData(nameof(Flows))]
    public void TheAmplificationIsThePapers(int index)
    {
        GaussianMixtureModel model = DeepFlow.All[index].Model;
        var amplification = new Amplification(model);
        double variance = model.Mixture.Covariances[0].MinVariance, beta = index == 2 ? 5 : 1;
        double diameter = index switch { 0 => 8, 1 => 8 * Math.Sqrt(2), _ => 40.9973176667 };
        (double low, double high) = (model.Process.EarlyStop, model.Process.Horizon);
        const int Steps = 200_000;
        double sum = 0, previous = double.PositiveInfinity;
        for (int i = 0; i <= Steps; i++)
        {
            // Equal steps of log(t + 1e-3).
            double t = low + (high - low) * (Math.Pow(1001, (double)i / Steps) - 1) / 1000;
            double rate = Rate(t);
            if (i % 1000 == 0) Assert.Equal(rate, amplification.Rate(t), 1e-9 * rate);
            Assert.InRange(rate, 0, previous);
            previous = rate;
            sum += (i is 0 or Steps ? 0.5 : 1) * rate * (t - low + (high - low) / 1000) * Math.Log(1001) / Steps;
        }
        Assert.Equal(sum, amplification.Integral(low, high), 1e-6 * sum);
        if (index == 2) Assert.Equal(210.088, amplification.Integral(low, high), 1e-3);

        double Rate(double t)
        {
            double a2 = Math.Exp(-2 * beta * t), s2 = a2 * variance + 1 - a2;
            return beta * (Math.Abs(1 - 1 / s2) + a2 * diameter * diameter / (4 * s2 * s2));
        }
    }

    /// <summary>Between two equal modes the flow stretches as far as the one-sided bound lets it.</summary>
    [Fact]
    public void TheOneSidedBoundIsAttainedBetweenTwoModes()
    {
        FlowGrowth growth = FlowGrowths.Of(FlowGrowths.TwoModes);
        Assert.Equal(growth.OneSided, growth.AtCentre!.Value, 1e-7);
        Assert.Equal(Math.Log10(30276.4), growth.OneSided, 1e-5);
        Assert.True(growth.Paper > growth.OneSided);
        Assert.True(growth.Median < 0 && growth.High < 1);
    }
}
