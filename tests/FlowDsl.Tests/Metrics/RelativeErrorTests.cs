using FlowDsl.Metrics;

namespace FlowDsl.Tests;

public class RelativeErrorTests
{
    /// <summary>Four samples on the line, by hand: errors 1, 0, 5 and 2, the third beyond 3.</summary>
    [Fact]
    public void FiguresOfFourSamples()
    {
        var error = RelativeError.Measure([2.0, 2, 8, 6], [1.0, 2, 3, 4], dimension: 1, flipDistance: 3);
        Assert.Equal(30.0 / 30, error.RelativeMeanSquaredError.Value, 1e-15);
        Assert.Equal(5.0 / 21, error.SameBranch.Value, 1e-15);
        Assert.Equal(0.25, error.FlipShare.Value);
        Assert.Equal(1.5, error.MedianError);
        Assert.Equal(0.97 * 5 + 0.03 * 2, error.HighError, 1e-14);
        // R = 1: Σ(|e|² - |x|²)² = 0 + 16 + 256 + 144; without the third sample R = 5/21.
        double half = 1.959963984540054 * Math.Sqrt(416) / 30;
        Compare.Close([Math.Max(0, 1 - half), 1 + half], [error.RelativeMeanSquaredError.Low, error.RelativeMeanSquaredError.High], 1e-14);
        // Wilson's interval of 1 in 4.
        Compare.Close([0.04558726, 0.69935820], [error.FlipShare.Low, error.FlipShare.High], 1e-6);
    }

    /// <summary>What a comparison of samplers shows are the same numbers.</summary>
    [Fact]
    public void ComparisonsShowTheSame()
    {
        GaussianMixtureModel model = GaussianMixtureModel.From<Faithful>();
        ComparedSampler compared = FlowComparison.Create(model, 500, 3).Add<Faithful.Heun8, float>().Samplers[0];
        float[] states = FlowSampling.DrawPrior<float>(model, 500, 3);
        double[] exact = Array.ConvertAll(states, value => (double)value);
        model.FlowMaps(model.Process.Horizon, model.Process.EarlyStop, exact);
        Faithful.Heun8.Integrate(states);
        var error = RelativeError.Measure(model, states, exact);
        Assert.Equal(
            (compared.RelativeMeanSquaredError, compared.Low, compared.High),
            (error.RelativeMeanSquaredError.Value, error.RelativeMeanSquaredError.Low, error.RelativeMeanSquaredError.High));
        Assert.Equal((compared.MedianError, compared.HighError, compared.FlipShare), (error.MedianError, error.HighError, error.FlipShare.Value));
        Assert.True(error.SameBranch.Value <= error.RelativeMeanSquaredError.Value);
    }

    /// <summary>
    /// Errors of independent sizes, E|e|² = 0.01 + 0.04·0.1 with one in ten four times as large as the others' variance. By chance fewer than 178 of 200
    /// intervals would hold the ratio in 2 of 10,000 choices of seeds.
    /// </summary>
    [Fact]
    public void IntervalsHoldTheRatio()
    {
        int held = MetricData.Held(200, 0.013 / 2, seed =>
        {
            double[] ends = MetricData.Normals(400, 1, seed, mean: 1), errors = MetricData.Normals(400, 1, seed + 1000, deviation: 0.1);
            for (int i = 0; i < ends.Length; i++) errors[i] = ends[i] + (i % 10 == 0 ? 2 : 1) * errors[i];
            return RelativeError.Measure(errors, ends, 1, double.PositiveInfinity).RelativeMeanSquaredError;
        });
        Assert.InRange(held, 178, 200);
    }

    /// <summary>Shares of 0 and of all have intervals too, which end there.</summary>
    [Fact]
    public void SharesStayBetween0And1()
    {
        Assert.Equal(0, RelativeError.Measure([1.0, 2], [1.0, 2], 1, 1).FlipShare.Low);
        Assert.InRange(RelativeError.Measure([1.0, 2], [1.0, 2], 1, 1).FlipShare.High, 0.5, 0.9);
        var all = RelativeError.Measure([5.0, 5], [1.0, 2], 1, 1);
        Assert.Equal(1, all.FlipShare.High);
        Assert.True(double.IsNaN(all.SameBranch.Value));
    }

    [Fact]
    public void BadInputIsNamed()
    {
        Assert.Contains(
            "There are 2 values; there must be 4", Assert.Throws<ArgumentException>(() => RelativeError.Measure([1.0, 2, 3, 4], [1.0, 2], 2, 1)).Message);
        Assert.Contains(
            "The flip distance is 0; it must be positive",
            Assert.Throws<ArgumentOutOfRangeException>(() => RelativeError.Measure([1.0, 2], [1.0, 2], 1, 0)).Message);
    }
}
