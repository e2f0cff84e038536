using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Grids;
using FlowDsl.Mathematics.Solvers;

namespace FlowDsl.Tests;

/// <summary>The flow map's derivative against closed forms and central differences.</summary>
public class FlowMapDerivativeTests
{
    public static TheoryData<string> Processes => new(Models.Processes().Select(process => process.Description));

    [Theory]
    [MemberData(nameof(Processes))]
    public void OneGaussianScalesAlongItsAxes(string key)
    {
        Process process = Models.Processes().Single(process => process.Description == key);
        Mixture mixture = Models.OneGaussian();
        Covariance covariance = mixture.Covariances[0];
        var model = new GaussianMixtureModel(mixture, process);
        ProcessPoint start = process.At(process.Horizon), end = process.At(process.EarlyStop);
        double[] direction = [3e-7, -5e-7], product = new double[2], y = new double[2], expected = new double[2], exact = new double[2];
        for (int axis = 0; axis < 2; axis++)
        {
            double along = 0, stretch = Math.Sqrt(end.Spread(covariance.Variances[axis]) / start.Spread(covariance.Variances[axis]));
            for (int j = 0; j < 2; j++) along += covariance.Basis!.Value[2 * j + axis] * direction[j];
            for (int j = 0; j < 2; j++) expected[j] += stretch * along * covariance.Basis!.Value[2 * j + axis];
        }
        model.FlowMap(process.Horizon, process.EarlyStop, [1.7, -0.3], direction, y, product);
        Compare.Within(expected, product, 1e-15, key);
        model.FlowMap(process.Horizon, process.EarlyStop, [1.7, -0.3], exact);
        Compare.Within(exact, y, 1e-10, key);
    }

    /// <summary>On the line DΦ = p_s(x)/p_t(Φ(x)), 3e4 on the border of the two modes.</summary>
    [Fact]
    public void OnTheLineItIsTheRatioOfDensities()
    {
        var model = new GaussianMixtureModel(Models.Two(0.04), Models.Ou());
        foreach (double x in new[] { 0, 1e-8, 1e-4, 1e-2, 0.3, -1.1 })
        {
            double[] y = new double[1], product = new double[1];
            model.FlowMap(3, 1e-3, [x], [1], y, product);
            double expected = Math.Exp(model.LogDensity(3, [x]) - model.LogDensity(1e-3, y));
            // p_t near the border magnifies the point's own error.
            Compare.Close([expected], product, 1e-6, 0, $"x = {x}");
        }
    }

    [Theory]
    [MemberData(nameof(Processes))]
    public void ItIsTheLimitOfDifferences(string key)
    {
        Process process = Models.Processes().Single(process => process.Description == key);
        foreach (Mixture mixture in new[] { Models.TwoPlanar(0.04), Models.Crossing(), Models.OrderedFull() })
        {
            const double h = 1e-5;
            var model = new GaussianMixtureModel(mixture, process);
            double[] x = [1.9, 0.6], direction = [0.6, -0.8], y = new double[2], product = new double[2], above = new double[2], below = new double[2];
            (double from, double to) = (0.9 * process.Horizon, process.EarlyStop);
            model.FlowMap(from, to, [x[0] + h * direction[0], x[1] + h * direction[1]], above, 1e-13);
            model.FlowMap(from, to, [x[0] - h * direction[0], x[1] - h * direction[1]], below, 1e-13);
            model.FlowMap(from, to, x, direction, y, product);
            double[] expected = [(above[0] - below[0]) / (2 * h), (above[1] - below[1]) / (2 * h)];
            Compare.Close(expected, product, 1e-5, Compare.MaxNorm(expected), key);
        }
    }

    [Fact]
    public void MemoryMayBeShared()
    {
        var model = new GaussianMixtureModel(Models.OrderedFull(), Models.Ou());
        double[] x = [0.4, 1.1], direction = [1, 2], y = new double[2], product = new double[2], none = [0, 0];
        model.FlowMap(3, 1e-3, x, direction, y, product);
        model.FlowMap(3, 1e-3, x, none, x, none);
        Assert.Equal([0, 0], none);
        Compare.Within(y, x, 1e-10, "no direction");
        x = [0.4, 1.1];
        model.FlowMap(3, 1e-3, x, direction, x, direction);
        Compare.SameBits<double>(y, x, "point");
        Compare.SameBits<double>(product, direction, "direction");
    }

    [Fact]
    public void WhatIsNotFiniteStaysSo()
    {
        var model = new GaussianMixtureModel(Models.TwoPlanar(0.04), Models.Ou());
        ExtrapolatedFlow flow = model.PointFlow(1e-12);
        double[] y = new double[2], product = new double[2];
        flow.Map(3, 1e-3, [double.NaN, 0], [1, 0], y, product);
        Assert.All(y.Concat(product), value => Assert.True(double.IsNaN(value)));
        // And leaves nothing behind.
        flow.Map(3, 1e-3, [0.2, 0], y);
        Assert.All(y, value => Assert.True(double.IsFinite(value)));
        Assert.Throws<ArgumentException>(() => model.FlowMap(3, 1, [0, 0], [0], y, product));
        Assert.Throws<ArgumentOutOfRangeException>(() => model.FlowMap(3, 1, [0, 0], [0, 1], y, product, 1e-15));
    }
}
