using FlowDsl.Errors.Certification;
using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Grids;
using FlowDsl.Runtime.Arithmetic;

namespace FlowDsl.Tests;

/// <summary>Certified bounds hold, and are near the error, for mixtures of every class.</summary>
public class FlowCertificateTests
{
    // The flow map that stands for the truth is good to some 1e-11 of the data's size.
    private const double TruthError = 1e-10;

    private static readonly (Solver Solver, int Steps, Grid Grid)[] s_samplers =
    [
        (Solver.Euler, 8, Grid.Angle), (Solver.Heun, 8, Grid.Angle), (Solver.DpmSolverPlusPlus2M, 8, Grid.UniformLogSnr), (Solver.RungeKutta4, 32, Grid.Angle),
    ];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void BoundsHoldForRandomMixtures(bool full)
    {
        var random = new RandomMixtures(full ? 21 : 20);
        List<double> looseness = [];
        for (int m = 0; m < 60; m++)
        {
            var model = new GaussianMixtureModel(random.Draw(1 + m % 4, 2 + m % 5, Math.Pow(10, -2.5 + 2 * random.Uniform()), full), Models.Ou());
            looseness.AddRange(Looseness(model, 5, s_samplers));
        }
        Assert.All(looseness, ratio => Assert.True(double.IsFinite(ratio)));
        Assert.InRange(Quantile(looseness, 0.5), 1 - 1e-9, 1.001);
        Assert.InRange(Quantile(looseness, 0.95), 1 - 1e-9, 1.05);
    }

    public static TheoryData<string> Named => new(
        "crossing", "crossing in wider", "ordered full", "unequal", "ring", "lattice", "sixteen dimensions", "five means in thirty dimensions");

    [Theory]
    [MemberData(nameof(Named))]
    public void BoundsHoldAndAreTight(string name)
    {
        var random = new RandomMixtures(6);
        double[] eighths = [.. Enumerable.Repeat(0.125, 8)], tenths = [.. Enumerable.Repeat(0.1, 10)];
        Mixture mixture = name switch
        {
            "crossing" => Models.Crossing(),
            "crossing in wider" => Models.CrossingInWider(),
            "ordered full" => Models.OrderedFull(),
            "unequal" => Models.Isotropic([0.3, 0.7], [[-1.0], [1.0]], 0.01, 0.2),
            "ring" => Models.Isotropic(eighths, [.. eighths.Select((_, k) => new[] { 4 * Math.Cos(Math.PI * k / 4), 4 * Math.Sin(Math.PI * k / 4) })], 0.09),
            "lattice" => Models.Isotropic(
                [.. Enumerable.Repeat(0.04, 25)],
                [.. Enumerable.Range(0, 25).Select(k => new[] { 2.0 * (k / 5 - 2), 2.0 * (k % 5 - 2) })],
                0.01),
            "five means in thirty dimensions" => Models.Isotropic([0.2, 0.2, 0.2, 0.3, 0.1], [.. Enumerable.Range(0, 5).Select(_ => random.Normals(30))], 0.05),
            _ => Models.Isotropic(tenths, [.. tenths.Select(_ => random.Normals(16))], 0.02, 0.03, 0.05, 0.08, 0.1),
        };
        foreach (Process process in name is "lattice" or "sixteen dimensions" ? [Models.Ou()] : Models.Processes())
        {
            // The log-SNR grid of an interpolant starts at an infinite ratio.
            var samplers = process is LinearInterpolantProcess ? s_samplers.Where(sampler => sampler.Grid != Grid.UniformLogSnr) : s_samplers;
            List<double> looseness = Looseness(new GaussianMixtureModel(mixture, process), 10, samplers);
            Assert.All(looseness, ratio => Assert.True(double.IsFinite(ratio)));
            Assert.InRange(Quantile(looseness, 0.5), 1 - 1e-9, 1.001);
            Assert.InRange(Quantile(looseness, 0.95), 1 - 1e-9, 1.1);
        }
    }

    [Fact]
    public void FlowMapsComposeInBounds()
    {
        // Between any two times, not only from the horizon to the early stop.
        var model = new GaussianMixtureModel(Models.OrderedFull(), Models.Ou());
        var certificate = new FlowCertificate(model);
        double[] x = [0.3, -0.8], y = new double[2];
        foreach ((double from, double to) in new[] { (3.0, 1.0), (1.0, 0.1), (0.1, 0.05), (0.05, 1e-6), (1e-6, 0) })
        {
            model.FlowMap(from, to, x, y, 1e-13);
            Assert.InRange(certificate.Bound(from, to, x, y), 0, TruthError);
            Assert.Equal(double.PositiveInfinity, certificate.Bound(to, from, x, y));
            y[0] += 0.01;
            Assert.InRange(certificate.Bound(from, to, x, y), 0.01 - TruthError, 0.01 * 1.0001);
        }
    }

    [Fact]
    public void SinglePrecisionEndsAreWidened()
    {
        var model = new GaussianMixtureModel(Models.TwoPlanar(0.04), Models.Ou());
        var certificate = new FlowCertificate(model);
        double[] start = [0.4, 1.3], truth = new double[2];
        model.FlowMap(3, 1e-3, start, truth, 1e-13);
        double[] end = [(float)truth[0], (float)truth[1]];
        double error = Vectors.Distance(truth, end);
        Assert.InRange(error, 1e-9, 1e-6);
        Assert.InRange(certificate.Bound(start, end), error - 1e-11, 1.05 * error);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    [InlineData(1e300)]
    public void NonFiniteInputHasNoBound(double bad)
    {
        foreach (Mixture mixture in new[] { Models.TwoPlanar(0.04), Models.Crossing(), Models.OrderedFull() })
        {
            var certificate = new FlowCertificate(new GaussianMixtureModel(mixture, Models.Ou()));
            Assert.Equal(double.PositiveInfinity, certificate.Bound([0.1, bad], [1, 0.5]));
            Assert.Equal(double.PositiveInfinity, certificate.Bound([0.1, bad], [1, bad]));
            if (!double.IsFinite(bad)) Assert.Equal(double.PositiveInfinity, certificate.Bound([0.1, 0.2], [bad, 0.5]));
            // And it leaves nothing behind.
            Assert.True(double.IsFinite(certificate.Bound([0.1, 0.2], [1, 0.5])));
        }
    }

    private static List<double> Looseness(GaussianMixtureModel model, int samples, IEnumerable<(Solver Solver, int Steps, Grid Grid)> samplers)
    {
        int d = model.Dimension;
        var certificate = new FlowCertificate(model);
        double[] starts = FlowSampling.DrawPrior<double>(model, samples, 17), truth = new double[d];
        List<double> looseness = [];
        foreach ((Solver solver, int steps, Grid grid) in samplers)
        {
            double[] ends = [.. starts];
            model.Integrate(model.CreateProgram(solver, model.CreateTimes(grid, steps, solver)), ends);
            for (int i = 0; i < samples; i++)
            {
                ReadOnlySpan<double> start = starts.AsSpan(i * d, d), end = ends.AsSpan(i * d, d);
                model.FlowMap(model.Process.Horizon, model.Process.EarlyStop, start, truth, 1e-13);
                double error = Vectors.Distance(truth, end), bound = certificate.Bound(start, end);
                Assert.True(error <= bound + TruthError, $"{model.Process.Description}, {solver} {steps}, sample {i}: error {error:R}, bound {bound:R}");
                looseness.Add(bound / Math.Max(error, 1e-8));
            }
        }
        return looseness;
    }

    private static double Quantile(List<double> values, double share) => values.Order().ElementAt((int)(share * (values.Count - 1)));
}
