using FlowDsl.Metrics;

namespace FlowDsl.Tests;

public class ModeWeightsTests
{
    /// <summary>Two overlapping components of weights 0.3 and 0.7: the border is at ½ + log(3/7), and the first owns 0.1715 of the law.</summary>
    [Fact]
    public void WhereComponentsOverlapSharesAreNotWeights()
    {
        GaussianMixtureModel model = Overlapping();
        var own = ModeWeights.Measure(model, MetricData.Normals(1000, 1, 1), draws: 200_000);
        // Four standard errors.
        Assert.Equal(0.17151464603467415, own.ExpectedShares[0].Value, 4 * Math.Sqrt(0.1715 * 0.8285 / 200_000));
        Assert.InRange(own.ExpectedShares[0].High - own.ExpectedShares[0].Low, 0, 0.004);
        // Of N(0, 1), 0.3642 lies below the border.
        Assert.True(own.Shares[0].Holds(0.36418), own.ToString());
        Assert.True(own.PValue < 1e-12);
    }

    /// <summary>
    /// Samples of the true law, overlapping components, few draws: a p-value below 5 % comes in 5 % of cases. By chance fewer than 178 of 200 would be
    /// above in 2 of 10,000 choices of seeds, and all in 4 of 100,000.
    /// </summary>
    [Fact]
    public void TheTestRaisesFalseAlarmsAsOftenAsItSays()
    {
        GaussianMixtureModel model = new(Models.Isotropic([0.2, 0.3, 0.1, 0.4], [[-1.5], [0], [1], [2.5]], 0.3), Models.Ou(horizon: 0.1));
        double[] values = [.. Enumerable.Range(1, 200).Select(seed => ModeWeights.Measure(
            model, FlowSampling.DrawPrior<double>(model, 300, (ulong)seed), 600, new() { Time = 0.1, Seed = (ulong)seed }).PValue)];
        Assert.InRange(values.Count(value => value > 0.05), 178, 199);
        // The mean of a uniform number, within four standard errors.
        Assert.InRange(values.Average(), 0.5 - 4 * Math.Sqrt(1 / 12.0 / 200), 0.5 + 4 * Math.Sqrt(1 / 12.0 / 200));
    }

    /// <summary>Components apart: counts are known, and χ² of the table with the draws' counts is Pearson's.</summary>
    [Fact]
    public void TheStatisticIsThatOfTheTable()
    {
        GaussianMixtureModel model = MetricData.AtRest(Models.Isotropic([0.4, 0.38, 0.22], [[-100.0], [0], [100]], 1));
        double[] samples = [.. Enumerable.Repeat(-100.0, 30), .. Enumerable.Repeat(0.0, 50), .. Enumerable.Repeat(100.0, 20)];
        var own = ModeWeights.Measure(model, samples, 1000);
        double[] drawn = [.. own.ExpectedShares.Select(share => 1000 * share.Value)], counts = [30, 50, 20];
        double expected = 0;
        for (int k = 0; k < 3; k++)
        {
            double all = counts[k] + drawn[k];
            expected += Math.Pow(counts[k] - all * 100 / 1100, 2) / (all * 100 / 1100) + Math.Pow(drawn[k] - all * 1000 / 1100, 2) / (all * 1000 / 1100);
        }
        Assert.Equal(1000, drawn.Sum(), 1e-9);
        Compare.Close([expected, SpecialFunctions.ChiSquareTail(expected, 2)], [own.ChiSquare, own.PValue], 1e-12);
        Assert.Equal((2, 100), (own.DegreesOfFreedom, own.SampleCount));
        Assert.Equal([0.3, 0.5, 0.2], own.Shares.Select(share => share.Value));
    }

    /// <summary>Two overlapping components, the border at ½ + log(3/7) = -0.347: three of eight samples are on the other side of it than their ends.</summary>
    [Fact]
    public void StraysAreOnTheOtherSideOfTheBorder()
    {
        double[] ends = [-1, -0.4, -0.3, 2, 0.1, -0.5, 1, 1], samples = [-0.5, -0.3, -0.4, -0.34, 0.2, 3, 1.1, 0.9];
        MetricEstimate strays = ModeWeights.Strays(Overlapping(), samples, ends);
        Assert.Equal(3 / 8.0, strays.Value);
        // Wilson's interval of 3 of 8, by R's prop.test(3, 8, correct = FALSE).
        Compare.Close([0.1368443, 0.6942576], [strays.Low, strays.High], 1e-6);
        Assert.Equal(0, ModeWeights.Strays(Overlapping(), ends, ends).Value);
        Assert.True(double.IsNaN(ModeWeights.Strays<double>(Overlapping(), [double.NaN], [1]).Value));
        Assert.Throws<ArgumentException>(() => ModeWeights.Strays<double>(Overlapping(), [1, 2], [1]));
    }

    /// <summary>Components that would own fewer than five samples are counted together; of one component there is nothing to test.</summary>
    [Fact]
    public void RareComponentsAreOneCell()
    {
        double[] weights = [0.5, 0.47, 0.01, 0.01, 0.01];
        GaussianMixtureModel model = MetricData.AtRest(Models.Isotropic(weights, [[-100.0], [0], [100], [200], [300]], 1));
        double[] samples = [.. Enumerable.Repeat(-100.0, 100), .. Enumerable.Repeat(0.0, 94), .. Enumerable.Repeat(200.0, 6)];
        Assert.Equal(2, ModeWeights.Measure(model, samples).DegreesOfFreedom);
        var one = ModeWeights.Measure(MetricData.Standard(1), MetricData.Normals(50, 1, 1));
        Assert.Equal((0, 0.0, 1.0), (one.DegreesOfFreedom, one.ChiSquare, one.PValue));
    }

    [Fact]
    public void TheTextSaysTheTestAndTheShares()
    {
        string[] lines = ModeWeights.Measure(Overlapping(), MetricData.Normals(1000, 1, 1)).ToString().Split('\n');
        Assert.Equal(3, lines.Length);
        Assert.Matches("^χ² [0-9.E+]+ with 1 degree of freedom, p = [0-9.E+-]+$", lines[0]);
        Assert.Matches(@"^  component 0: 0\.3[0-9]+ \(0\.3[0-9]+ to 0\.[34][0-9]*\), expected 0\.17[0-9]?$", lines[1]);
    }

    [Fact]
    public void BadInputIsNamed()
    {
        Assert.Contains("There are 0 draws", Assert.Throws<ArgumentOutOfRangeException>(() => ModeWeights.Measure(Overlapping(), new double[3], 0)).Message);
        Assert.Contains("There are 0 samples", Assert.Throws<ArgumentException>(() => ModeWeights.Measure<double>(Overlapping(), [])).Message);
    }

    private static GaussianMixtureModel Overlapping() => MetricData.AtRest(Models.Isotropic([0.3, 0.7], [[0.0], [1.0]], 1));
}
