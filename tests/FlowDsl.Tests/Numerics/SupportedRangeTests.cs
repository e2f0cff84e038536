using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Fields;
using FlowDsl.Mathematics.Grids;
using FlowDsl.Mathematics.Numerics;
using FlowDsl.Mathematics.Structure;
using FlowDsl.Mathematics.Students;
using FlowDsl.Mathematics.Trajectories;

namespace FlowDsl.Tests;

/// <summary>One range of sizes for all constructors, and what is computed at its ends.</summary>
public class SupportedRangeTests
{
    public static TheoryData<string, Action, string> Beyond => new()
    {
        { "a mean", () => Models.Isotropic([1], [[0, 1e156]], 1), "Mean 0 has the coordinate 1E+156; its length must be at most 1e50" },
        { "a mean by its length", () => Models.Isotropic([1], [[9e49, 9e49]], 1), "Mean 0 has the length 1.27279E+50; it must be at most 1e50" },
        { "the greatest mean", () => Models.Isotropic([1], [[double.MaxValue]], 1), "Mean 0 has the coordinate 1.79769E+308" },
        { "a variance", () => Covariance.Isotropic(2, 1e300), "The variance is 1E+300; it must be 0 or from 1e-100 to 1e100" },
        { "a denormal variance", () => Covariance.Diagonal([1, double.Epsilon]), "Variance 1 is 4.94066E-324; it must be 0 or from 1e-100 to 1e100" },
        {
            "a matrix of rank one", () => Covariance.Full(2, [1e308, 1e308, 1e308, 1e308]),
            "The covariance has 1E+308 at (0, 0); it must be 0 or from 1e-100 to 1e100"
        },
        { "an entry aside", () => Covariance.Full(2, [1, -1e150, -1e150, 1]), "The covariance has -1E+150 at (0, 1); it must be at most 1e100 in size" },
        { "sigma", () => Model(new OrnsteinUhlenbeckProcess(sigma: 1e200)), "Sigma is 1E+200; it must be from 1e-50 to 1e50" },
        { "beta", () => Model(new OrnsteinUhlenbeckProcess(beta: 1e-60)), "Beta is 1E-60; it must be from 1e-50 to 1e50" },
        {
            "a horizon", () => Model(new OrnsteinUhlenbeckProcess(horizon: 2.2250738585072014e-308, earlyStop: 0)),
            "Horizon is 2.22507E-308; it must be from 1e-50 to 1e50"
        },
        { "an early stop", () => Model(new LinearInterpolantProcess(1e-165)), "EarlyStop is 1E-165; it must be from 1e-50 to 1e50" },
        { "a noise level", () => Model(new VarianceExplodingProcess(0, 1e155)), "SigmaMax is 1E+155; it must be from 1e-50 to 1e50" },
        {
            "a product", () => Model(new OrnsteinUhlenbeckProcess(1e-50, 1e-50, 0, 1e-3)),
            "Horizon is 1E-50, for which the noise level s is 1.41421E-53; it must be from 1e-50 to 1e50"
        },
    };

    private static void Model(Process process) => _ = new GaussianMixtureModel(Models.Two(1), process);

    [Theory]
    [MemberData(nameof(Beyond))]
    public void WhatIsBeyondIsNamed(string what, Action make, string problem)
    {
        Assert.NotEmpty(what);
        Assert.Contains(problem, Assert.ThrowsAny<ArgumentException>(make).Message, StringComparison.Ordinal);
    }

    /// <summary>Two modes in units of any size: every number is that of the model in its own units, in powers of two that change no digit.</summary>
    [Theory]
    [InlineData(-155)]
    [InlineData(-100)]
    [InlineData(100)]
    [InlineData(155)]
    public void UnitsDoNotMatter(int exponent)
    {
        double unit = Math.ScaleB(1, exponent);
        Covariance[] covariances = [Covariance.Full(2, [0.2, 0.05, 0.05, 0.15]), Covariance.Diagonal([0.3, 0.4])];
        Covariance[] scaledCovariances =
        [
            Covariance.Full(2, [.. covariances[0].Matrix.Select(value => value * unit * unit)]),
            Covariance.Diagonal([.. covariances[1].Variances.Select(value => value * unit * unit)]),
        ];
        double[][] means = [[1, -0.5], [-0.75, 0.25]];
        var model = new GaussianMixtureModel(new Mixture([0.25, 0.75], means, covariances), new VarianceExplodingProcess(0.0078125, 16));
        var scaled = new GaussianMixtureModel(
            new Mixture([0.25, 0.75], [.. means.Select(mean => mean.Select(value => value * unit).ToArray())], scaledCovariances),
            new VarianceExplodingProcess(0.0078125 * unit, 16 * unit));
        double[] x = [0.3, 0.2], score = new double[2], scaledScore = new double[2];
        foreach (double t in new[] { 0.0078125, 0.5, 16 })
        {
            model.Score(t, x, score);
            scaled.Score(t * unit, [.. x.Select(value => value * unit)], scaledScore);
            Compare.Close(score, [.. scaledScore.Select(value => value * unit)], 1e-13);
            Compare.Close([model.Stability.LipschitzBound(t)], [scaled.Stability.LipschitzBound(t * unit) * unit], 1e-12);
            Compare.Close([model.Stability.ExpectedNorm(t)], [scaled.Stability.ExpectedNorm(t * unit) * unit], 1e-12);
        }
        foreach (Grid grid in new[] { Grid.Edm, Grid.ExpectedStability, Grid.ErrorBalanced })
            Compare.Close(model.CreateTimes(grid, 5, Solver.Heun), [.. scaled.CreateTimes(grid, 5, Solver.Heun).Select(t => t / unit)], 1e-9);
    }

    /// <summary>Where variances along the axes are further apart than sixteen digits, the kernels still have every one of them.</summary>
    [Theory]
    [InlineData(1e-6)]
    [InlineData(1e-12)]
    [InlineData(1e-40)]
    public void ACovarianceOfRankOneKeepsItsNarrowDirection(double early)
    {
        // Rank one along (1, 1)/√2, without rounding: at the early stop its other direction has the noise's variance alone.
        var mixture = new Mixture([0.5, 0.5], [[0, 0], [3, -1]], [Covariance.Full(2, [1, 1, 1, 1]), Covariance.Full(2, [1, 1, 1, 1])]);
        var process = new VarianceExplodingProcess(early, 10);
        var coefficients = new EvaluationCoefficients(mixture, MixtureField.Velocity(process.At(early)));
        double[] root = coefficients.Components[0].Root;
        // |Root y|² = y'C⁻¹y log2(e)/2, along the range of the matrix and across it.
        double along = Energy(root, 1, 1), across = Energy(root, -1, 1), half = 0.5 / Math.Log(2);
        Compare.Close([2 * half / (early * early)], [across], 1e-9);
        // (1, 1) has y'C⁻¹y = 1, beside the rounding of terms that are as great as those across and cancel.
        Assert.InRange(along, 0, 1e-15 * across + 1.01 * half);

        static double Energy(double[] root, double x, double y)
        {
            double first = root[0] * x + root[1] * y, second = root[3] * y;
            return first * first + second * second;
        }
    }

    /// <summary>Means as near as any two doubles: what looks for their structure ends.</summary>
    [Theory]
    [InlineData(1e-290)]
    [InlineData(1e-308)]
    [InlineData(1e-310)]
    [InlineData(double.Epsilon)]
    public void MeansMayBeAsNearAsDoublesCanBe(double distance)
    {
        Mixture mixture = Models.Isotropic([0.25, 0.25, 0.5], [[0, 0, 0], [distance, 0, 0], [0, distance, distance]], 1);
        Assert.InRange(MeansSpan.Find(mixture)!.Axes.Length, 1, 2);
        var model = new GaussianMixtureModel(mixture, Models.Ou());
        double[] score = new double[3];
        model.Score(1e-3, [1, 2, 3], score);
        // One Gaussian, to the last digit.
        double spread = model.Process.At(1e-3).Spread(1);
        Compare.Close([-1 / spread, -2 / spread, -3 / spread], score, 1e-14);
    }

    /// <summary>Deviations from one end of the range to the other on a line, where quantiles are sought.</summary>
    [Theory]
    [InlineData(1e-100, 1e100, 1e50)]
    [InlineData(1e-100, 1, 1)]
    [InlineData(1e-60, 1e60, 1e-30)]
    public void QuantilesOfVeryDifferentDeviationsAreFound(double narrow, double wide, double distance)
    {
        Mixture mixture = Models.Isotropic([0.5, 0.5], [[-distance], [distance]], narrow, wide);
        LipschitzMismatch exact = LipschitzMismatch.Of(mixture, new VarianceExplodingProcess(1e-50, 1e50), 1e50, 1e-50);
        Assert.True(exact.Lipschitz >= 0);
    }

    [Fact]
    public void WhatWasStoppedIsStopped()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        Mixture mixture = Models.OrderedFull();
        OrnsteinUhlenbeckProcess process = Models.Ou();
        string json = MixtureJson.Write(mixture);
        FlowProgram program = FlowProgram.Create(process, ChartFrame.Canonical(mixture.MeanVariance), Solver.Heun, [3, 1, 1e-3]);
        Action[] analyses =
        [
            () => SymmetricMatrix.Eigen([.. mixture.Covariances[0].Matrix], 2, out _, source.Token),
            () => Covariance.Full(2, mixture.Covariances[0].Matrix.AsSpan(), source.Token),
            () => MixtureJson.Parse(json, source.Token),
            () => ScoreNetwork.Obstacle(mixture, process, new ScoreNetworkOptions(1e-3), source.Token),
            () => ScoreNetwork.Build(mixture, process, new ScoreNetworkOptions(1e-3), source.Token),
            () => LipschitzMismatch.Of(mixture, process, 3, 1, source.Token),
            () => _ = Profile().Crossing,
            () => _ = Profile().SpeciationTime,
            () => Profile().LipschitzBound(1),
            () => Profile().RegionalLipschitzBound(1),
            () => Profile().ExpectedNorm(1),
            () => Profile().BoundIntegrals(1, 2),
            () => Profile().ExpectedIntegral(1, 2),
            () => SamplerForecast.Measure(Analysis(), program),
            () => Times(Grid.ExpectedStability),
            () => Times(Grid.StabilityBalanced),
            () => Times(Grid.ErrorBalanced),
            () => Times(Grid.Optimal),
        ];
        foreach (Action analysis in analyses) Assert.Throws<OperationCanceledException>(analysis);

        ModelAnalysis Analysis() => new(mixture, process, source.Token);

        StabilityProfile Profile() => Analysis().Stability;

        void Times(Grid grid) => TimeGrid.Create(new GridRequest(grid, 4, Solver.Heun, ChartFrame.Canonical(mixture.MeanVariance)), Analysis());
    }
}
