using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Grids;
using FlowDsl.Mathematics.Numerics;

namespace FlowDsl.Tests;

/// <summary>When modes separate and where errors grow, against what is known of two modes on the line.</summary>
public class DangerWindowTests
{
    /// <summary>a²m² = a²σ² + s², solved by hand for each process.</summary>
    [Fact]
    public void TwoModesSeparateWhereTheirVarianceIsThatOfTheNoise()
    {
        const double variance = 0.04, ratio2 = 1 - variance;
        Mixture two = Models.Two(variance);
        AssertTime(0.5 * Math.Log(1 + ratio2), Models.Ou());
        AssertTime(0.5 / 0.7 * Math.Log(1 + ratio2 / (1.5 * 1.5)), Models.Ou(1e-3, 2.5, 0.7, 1.5));
        AssertTime(Math.Sqrt(ratio2), new VarianceExplodingProcess(1e-3, 20));
        AssertTime(Math.Sqrt(ratio2) / (1 + Math.Sqrt(ratio2)), new LinearInterpolantProcess(1e-3));

        void AssertTime(double expected, Process process)
            => Compare.Close([expected], [new StabilityProfile(two, process).SpeciationTime!.Value], 1e-13, what: process.Description);
    }

    /// <summary>The axis of the means is neither the widest one nor a coordinate: variances between and within are both along it.</summary>
    [Fact]
    public void TheAxisIsThatOfTheMeans()
    {
        double c = Math.Cos(0.4), s = Math.Sin(0.4);
        Covariance first = Tilted(0.05, 3), second = Tilted(0.25, 2);
        double[] weights = [0.25, 0.75];
        var mixture = new Mixture(weights, [[2 * c, 2 * s], [-c, -s]], [first, second]);
        // Means at 2 and -1 along the axis: variance w(1 - w)·3².
        double between = 0.25 * 0.75 * 9, within = 0.25 * 0.05 + 0.75 * 0.25;
        Compare.Close([0.5 * Math.Log(1 + between - within)], [new StabilityProfile(mixture, Models.Ou()).SpeciationTime!.Value], 1e-12);
        // The same in many coordinates, where Gram's matrix is the smaller one.
        double[] wide = [.. Enumerable.Repeat(1 / Math.Sqrt(6), 6)];
        double[][] means = [[.. wide.Select(e => 2 * e)], [.. wide.Select(e => -e)]];
        var raised = new Mixture(weights, means, [Covariance.Isotropic(6, 0.05), Covariance.Isotropic(6, 0.25)]);
        Compare.Close([0.5 * Math.Log(1 + between - within)], [new StabilityProfile(raised, Models.Ou()).SpeciationTime!.Value], 1e-12);

        Covariance Tilted(double along, double across)
            => Covariance.Full(2, [along * c * c + across * s * s, (along - across) * c * s, (along - across) * c * s, along * s * s + across * c * c]);
    }

    [Fact]
    public void MeansWithinTheModesNeverSeparate()
    {
        Assert.Null(new StabilityProfile(Models.Two(1.01), Models.Ou()).SpeciationTime);
        Assert.Null(new StabilityProfile(Models.OneGaussian(), Models.Ou()).SpeciationTime);
    }

    /// <summary>One Gaussian narrower than the noise only shrinks; a wider one grows, without any modes.</summary>
    [Fact]
    public void OneGaussianGrowsOnlyIfItIsWide()
    {
        Assert.Null(new StabilityProfile(Models.Isotropic([1], [[0.5, 1]], 0.25), Models.Ou()).DangerWindow);
        Assert.Null(new StabilityProfile(Models.Isotropic([1], [[0.5, 1]], 1), Models.Ou()).DangerWindow);
        Assert.NotNull(new StabilityProfile(Models.Isotropic([1], [[0.5, 1]], 4), Models.Ou()).DangerWindow);
    }

    /// <summary>
    /// Between modes at ±m of variance v the reverse Ornstein-Uhlenbeck flow stretches at the rate
    /// -a²(1 - v)/λ + (a²/λ²) m² sech²(amx/λ), λ = a²v + s². Its positive part is integrated over p_t and over t by dense sums.
    /// </summary>
    [Theory]
    [InlineData(0.25, 1e-3)]
    [InlineData(0.04, 1e-3)]
    [InlineData(0.04, 0)]
    [InlineData(0.0025, 1e-3)]
    public void WindowHoldsNineTenthsOfTheGrowth(double variance, double earlyStop)
    {
        const int nodes = 1000;
        var profile = new StabilityProfile(Models.Two(variance), Models.Ou(earlyStop));
        double start = Math.Max(earlyStop, 1e-5);
        double[] times = [.. Enumerable.Range(0, nodes + 1).Select(i => start * Math.Pow(3 / start, (double)i / nodes))], cumulative = new double[nodes + 1];
        for (int i = 0; i < nodes; i++) cumulative[i + 1] = cumulative[i] + 0.5 * (times[i + 1] - times[i]) * (Growth(times[i]) + Growth(times[i + 1]));
        double total = cumulative[nodes];
        TimeWindow window = profile.DangerWindow!.Value;
        Compare.Close([TimeOf(0.95), TimeOf(0.05)], [window.From, window.To], 0.05, what: $"{window}");
        Compare.Close([total], [profile.ExpectedGrowthIntegral(earlyStop, 3)], 0.05);
        // Not at the smallest times, when some hundred points miss the few samples between the modes.
        double greatest = times.Max(Growth);
        foreach (double t in (double[])[0.1, 0.2, 0.4, 0.8, 1.5]) Compare.Close([Growth(t)], [profile.ExpectedGrowth(t)], 0.05, scale: greatest);

        double TimeOf(double share) => times[Array.FindIndex(cumulative, value => value >= share * total)];

        double Growth(double t)
        {
            double a = Math.Exp(-t), spread = a * a * variance - PortableMath.Expm1(-2 * t), deviation = Math.Sqrt(spread), sum = 0;
            const int points = 401;
            for (int i = 0; i < points; i++)
            {
                // About one mode, which has the same growth as the other.
                double z = -8 + 16.0 * i / (points - 1), x = a + deviation * z, cosh = Math.Cosh(Math.Min(300, Math.Abs(a * x / spread)));
                double rate = -a * a * (1 - variance) / spread + a * a / (spread * spread * cosh * cosh);
                sum += Math.Max(0, rate) * Math.Exp(-0.5 * z * z);
            }
            return sum * 16 / (points - 1) / Math.Sqrt(2 * Math.PI);
        }
    }
}
