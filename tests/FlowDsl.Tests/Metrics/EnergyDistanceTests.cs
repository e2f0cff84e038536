using FlowDsl.Mathematics.Numerics;
using FlowDsl.Metrics;

namespace FlowDsl.Tests;

[Trait("Hardware", "Any")]
public class EnergyDistanceTests
{
    /// <summary>Against SciPy's distances.</summary>
    [Theory]
    [InlineData(7, 5, 2, -0.15066003939718775)]
    [InlineData(30, 41, 3, 0.23684752173774593)]
    [InlineData(13, 9, 1, -0.05355156891842261)]
    public void EstimatesAreThoseOfSciPy(int n, int m, int d, double expected)
        => Compare.Close([expected], [EnergyDistance.Between(MetricData.Waves(n, d), MetricData.Ripples(m, d), d).Value], 1e-13, 1);

    /// <summary>
    /// N(0, 1) and N(0.6, 1.2²): |x - y| of a difference N(δ, v) has the mean √(2v/π) exp(-δ²/2v) + δ (1 - 2Q(δ/√v)). By chance fewer than 178 of 200
    /// intervals would hold it in 2 of 10,000 choices of seeds.
    /// </summary>
    [Fact]
    public void IntervalsHoldTheClosedForm()
    {
        double expected = 2 * Mean(0.6, 2.44) - Mean(0, 2) - Mean(0, 2.88);
        GaussianMixtureModel model = MetricData.Standard(1);
        Assert.InRange(MetricData.Held(200, expected, seed => EnergyDistance.Between(Other(seed), MetricData.Normals(250, 1, seed + 1000), 1)), 178, 200);
        Assert.InRange(MetricData.Held(200, expected, seed => EnergyDistance.ToMixture(model, Other(seed), new() { Seed = seed })), 178, 200);

        static double Mean(double shift, double variance)
            => Math.Sqrt(2 * variance / Math.PI) * Math.Exp(-shift * shift / 2 / variance) + shift * (1 - 2 * NormalTail.Of(shift / Math.Sqrt(variance)));

        static double[] Other(ulong seed) => MetricData.Normals(200, 1, seed, 0.6, 1.2);
    }

    /// <summary>Equal laws, one a mixture: the mean of the estimates is 0 within four standard errors, and at least as many intervals hold it.</summary>
    [Fact]
    public void EqualLawsAreAt0()
    {
        GaussianMixtureModel model = new(Models.TwoPlanar(0.3), Models.Ou(horizon: 0.2));
        MetricEstimate[] all = [.. Enumerable.Range(1, 200).Select(seed
            => EnergyDistance.ToMixture(model, FlowSampling.DrawPrior<double>(model, 150, (ulong)seed), new() { Time = 0.2, Seed = (ulong)seed }))];
        double mean = all.Average(own => own.Value), deviation = Math.Sqrt(all.Average(own => own.Value * own.Value));
        Assert.InRange(Math.Abs(mean), 0, 4 * deviation / Math.Sqrt(200));
        Assert.InRange(all.Count(own => own.Holds(0)), 178, 200);
    }
}
