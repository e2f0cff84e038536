using FlowDsl.Mathematics;
using FlowDsl.Metrics;

namespace FlowDsl.Tests;

public class GaussianWassersteinTests
{
    private static readonly double[] s_wide = [2, 0.3, -0.4, 0.3, 1, 0.2, -0.4, 0.2, 0.7];

    /// <summary>Against the formula with matrix roots in 40 digits.</summary>
    [Fact]
    public void DistancesAreThoseOfTheFormula()
    {
        Compare.Close([1.7636508729137043], [GaussianWasserstein.Between(
            [0.4, -1.2], Covariance.Full(2, [1.3, 0.7, 0.7, 0.6]), [0.1, 0.3], Covariance.Full(2, [0.5, -0.2, -0.2, 0.9]))], 1e-14);
        Compare.Close([1.1628861193980464], [GaussianWasserstein.Between(
            new double[3], Covariance.Full(3, s_wide), new double[3], Covariance.Full(3, [1.1, -0.2, 0.1, -0.2, 0.4, 0.05, 0.1, 0.05, 3]))], 1e-14);
    }

    /// <summary>Laws that differ in the tenth digit: traces would cancel to 1e-8.</summary>
    [Fact]
    public void SmallDistancesKeepTheirDigits()
    {
        double[] near = [.. s_wide];
        (near[0], near[5], near[7]) = (2 + 1e-9, 0.2 + 2e-10, 0.2 + 2e-10);
        double own = GaussianWasserstein.Between(new double[3], Covariance.Full(3, s_wide), new double[3], Covariance.Full(3, near));
        Compare.Close([3.8887364193419782e-10], [own], 1e-5);
        Assert.InRange(GaussianWasserstein.Between([1, 2, 3], Covariance.Full(3, s_wide), [1, 2, 3], Covariance.Full(3, s_wide)), 0, 1e-14);
    }

    /// <summary>A law on a line and one on another line, 60° apart: W2² = 1 + 4 - 2·2·cos 60°; on lines at right angles the coupling is free.</summary>
    [Fact]
    public void SingularCovariancesHaveADistance()
    {
        double c = 0.5, s = Math.Sqrt(0.75);
        Compare.Close([Math.Sqrt(3)], [GaussianWasserstein.Between(
            new double[2], Covariance.Full(2, [1, 0, 0, 0]), new double[2], Covariance.Full(2, [4 * c * c, 4 * c * s, 4 * c * s, 4 * s * s]))], 1e-14);
        Compare.Close([Math.Sqrt(5)], [GaussianWasserstein.Between(
            new double[2], Covariance.Full(2, [1, 0, 0, 0]), new double[2], Covariance.Full(2, [0, 0, 0, 4]))], 1e-14);
        Assert.Equal(3, GaussianWasserstein.Between([0, 3], Covariance.Isotropic(2, 0), new double[2], Covariance.Isotropic(2, 0)), 1e-15);
    }

    /// <summary>
    /// Euler's steps on one centred Gaussian multiply by 1 + Δt λ(t), λ = e^-2t (1 - σ²)/(e^-2t σ² + 1 - e^-2t): the end's standard deviation is known,
    /// and W2 is its difference from the right one. From a Gaussian prior of the same variance it is the same.
    /// </summary>
    [Fact]
    public void AnAffineSamplerHasItsExactDistance()
    {
        var model = new GaussianMixtureModel(Models.Isotropic([1], [[0.0]], 0.25), Models.Ou());
        double[] times = [.. Enumerable.Range(0, 9).Select(i => i == 8 ? 1e-3 : 3 - 0.374875 * i)];
        FlowProgram program = model.CreateProgram(Solver.Euler, times, Chart.State);
        var map = AffineMap.Of(1, states => model.Integrate(program, states));
        double factor = 1;
        for (int i = 0; i < 8; i++) factor *= 1 + (times[i + 1] - times[i]) * Math.Exp(-2 * times[i]) * 0.75 / Spread(times[i]);
        double expected = Math.Abs(factor * Math.Sqrt(Spread(3)) - Math.Sqrt(Spread(1e-3)));
        Assert.Equal(factor, map.Matrix[0], 1e-13);
        Compare.Close([expected, expected], [GaussianWasserstein.OfSampler(model, map), GaussianWasserstein.OfSampler(model, map, Prior.Gaussian)], 1e-12);

        static double Spread(double t) => 0.25 * Math.Exp(-2 * t) + 1 - Math.Exp(-2 * t);
    }

    /// <summary>
    /// A full covariance in two dimensions: a converged sampler is at the target, a coarse one as far as the covariance and mean of its own ends say.
    /// </summary>
    [Fact]
    public void GeneratedSamplersHaveTheirs()
    {
        Assert.InRange(GaussianWasserstein.OfSampler<OneGaussian.Dp5x400Double, double>(), 0, 1e-10);
        double coarse = GaussianWasserstein.OfSampler<OneGaussian.Heun8, float>();
        // The law of the ends by its moments: M C Mᵀ and M m + b from the map, as a covariance of its own.
        GaussianMixtureModel model = GaussianMixtureModel.From<OneGaussian>();
        var map = AffineMap.Of<OneGaussian.Heun8, float>();
        (double a, double s2, double a0, double s0) = (Math.Exp(-model.Process.Horizon), model.Process.At(model.Process.Horizon).S2,
            Math.Exp(-model.Process.EarlyStop), model.Process.At(model.Process.EarlyStop).S2);
        double[] start = At(a, s2), half = new double[4], end = new double[4];
        for (int i = 0; i < 2; i++)
            for (int j = 0; j < 2; j++) half[2 * i + j] = map.Matrix[2 * i] * start[j] + map.Matrix[2 * i + 1] * start[2 + j];
        for (int i = 0; i < 2; i++)
            for (int j = 0; j < 2; j++) end[2 * i + j] = half[2 * i] * map.Matrix[2 * j] + half[2 * i + 1] * map.Matrix[2 * j + 1];
        double[] mean = [.. Enumerable.Range(0, 2).Select(i => map.Offset[i] + a * (0.4 * map.Matrix[2 * i] - 1.2 * map.Matrix[2 * i + 1]))];
        double expected = GaussianWasserstein.Between(mean, Covariance.Full(2, end), [0.4 * a0, -1.2 * a0], Covariance.Full(2, At(a0, s0)));
        Compare.Close([expected], [coarse], 1e-9);
        Assert.InRange(coarse, 1e-4, 0.1);

        static double[] At(double signal, double noise)
            => [signal * signal * 1.3 + noise, signal * signal * 0.7, signal * signal * 0.7, signal * signal * 0.6 + noise];
    }

    /// <summary>A rotation by 90° with all covariances 0 but one: the orthogonal factor is found whatever is missing, and is orthogonal.</summary>
    [Fact]
    public void OrthogonalFactorsAreOrthogonal()
    {
        double[][] matrices = [[0, -2, 0, 1, 0, 0, 0, 0, 0], new double[9], [1, 1, 1, 1, 1, 1, 1, 1, 1], [3, 1, 0, -1, 2, 1e-9, 0, 1, 1e-12], s_wide];
        foreach (double[] matrix in matrices)
        {
            double[] factor = Procrustes.OrthogonalFactor(matrix, 3), identity = new double[9];
            for (int i = 0; i < 3; i++)
                for (int j = 0; j < 3; j++)
                    for (int l = 0; l < 3; l++) identity[3 * i + j] += factor[3 * l + i] * factor[3 * l + j];
            Compare.Close([1, 0, 0, 0, 1, 0, 0, 0, 1], identity, 1e-14, 1);
        }
        // Of a symmetric positive definite matrix it is the identity.
        Compare.Close([1, 0, 0, 0, 1, 0, 0, 0, 1], Procrustes.OrthogonalFactor(s_wide, 3), 1e-14, 1);
    }

    [Fact]
    public void WhatIsNotAffineIsRefused()
    {
        Assert.Contains(
            "The map is not affine", Assert.Throws<ArgumentException>(() => AffineMap.Of(2, states => states[^1] = states[^1] * states[^1])).Message);
        Assert.Contains("samples a mixture of 2 components", Assert.Throws<ArgumentException>(() => AffineMap.Of<TwoModes.Heun8, float>()).Message);
        Assert.Contains("not finite", Assert.Throws<ArgumentException>(() => AffineMap.Of(1, states => states[0] = double.NaN)).Message);
        Assert.Contains("The model has 2 components", Assert.Throws<ArgumentException>(
            () => GaussianWasserstein.OfSampler(MetricData.TwoFull(), AffineMap.Of(2, _ => { }))).Message);
        Assert.Contains("It has 3 dimensions; it must have 2", Assert.Throws<ArgumentException>(
            () => GaussianWasserstein.OfSampler(MetricData.Standard(2), AffineMap.Of(3, _ => { }))).Message);
    }
}
