using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Grids;
using FlowDsl.Mathematics.Stability;

namespace FlowDsl.Tests;

/// <summary>Closed-form integrals of the bounds against quadrature of the bounds themselves.</summary>
[Trait("Hardware", "Any")]
public class StabilityIntegralTests
{
    // Variances on both sides of the stationary ones (1 and 2.25) and on them, where the velocity factor changes sign.
    public static TheoryData<double> Variances => [0.04, 0.25, 1, 1.7, 2.25, 5];

    [Theory]
    [MemberData(nameof(Variances))]
    public void AgreeWithQuadrature(double variance)
    {
        foreach (double distance in new[] { 0, 0.6, 2, 8 })
        {
            Mixture mixture = Models.Isotropic([0.4, 0.6], [[0.0, 0], [distance, 0]], variance);
            foreach (Process process in Models.Processes())
            {
                var stability = new StabilityProfile(mixture, process);
                double s = process.EarlyStop, t = process.Horizon;
                string what = $"{process.Description}, σ² = {variance}, D = {distance}: ";
                // The kinks of L and of max(μ, 0) are found by bisection, the pieces are smooth.
                double one = Quadrature(process, stability.OneSidedBound, s, t, _ => 1);
                double positive = Quadrature(process, x => Math.Max(0, stability.OneSidedBound(x)), s, t, x => stability.OneSidedBound(x));
                double lipschitz = Quadrature(
                    process, stability.LipschitzBound, s, t, x => stability.OneSidedBound(x) - stability.LipschitzBound(x) * (1 - 1e-12));
                double scale = Math.Max(lipschitz, 1);
                Compare.Close([one], [stability.OneSidedIntegral(s, t)], 1e-10, scale, what + "Λ_μ");
                Compare.Close([positive], [stability.PositiveOneSidedIntegral(s, t)], 1e-10, scale, what + "Λ_μ⁺");
                Compare.Close([lipschitz], [stability.LipschitzIntegral(s, t)], 1e-10, scale, what + "Λ_L");

                // And between inner times, on both sides of the kinks: integrals add up.
                double middle = Math.Sqrt(s * t);
                Compare.Close(
                    [stability.LipschitzIntegral(s, t)],
                    [stability.LipschitzIntegral(s, middle) + stability.LipschitzIntegral(middle, t)],
                    1e-13, scale, what);
                Compare.Close(
                    [stability.PositiveOneSidedIntegral(s, t)],
                    [stability.PositiveOneSidedIntegral(s, middle) + stability.PositiveOneSidedIntegral(middle, t)],
                    1e-13, scale, what);
            }
        }
    }

    /// <summary>Without a closed form ∫L is a rule in log t, meant for a table a reader looks at: within 1 %.</summary>
    [Fact]
    public void WithoutClosedFormTheyAreWithinAPercent()
    {
        Mixture sharedFull = ReferenceCase.Load("shared_full_3d").Mixture;
        Mixture[] mixtures = [sharedFull, Models.OrderedFull(), Models.Isotropic([0.5, 0.5], [[-1.0], [1.0]], 0.04, 0.09), Models.CrossingInWider()];
        foreach (Mixture mixture in mixtures)
        {
            foreach (Process process in Models.Processes())
            {
                var stability = new StabilityProfile(mixture, process);
                double[] times = new GaussianMixtureModel(mixture, process).CreateTimes(Grid.Angle, 4);
                for (int i = 0; i < 4; i++)
                {
                    double exact = Quadrature(process, stability.LipschitzBound, times[i + 1], times[i], _ => 1, panels: 60);
                    string what = $"{process.Description} {times[i + 1]} to {times[i]}";
                    Compare.Close([exact], [stability.LipschitzIntegral(times[i + 1], times[i])], 0.01, what: what);
                    double oneSided = Quadrature(process, stability.OneSidedBound, times[i + 1], times[i], _ => 1, panels: 60);
                    double positive = Quadrature(process, t => Math.Max(0, stability.OneSidedBound(t)), times[i + 1], times[i], _ => 1, panels: 60);
                    (double lipschitz, double one, double plus) = stability.BoundIntegrals(times[i + 1], times[i]);
                    Assert.Equal(stability.LipschitzIntegral(times[i + 1], times[i]), lipschitz);
                    // μ changes its sign, and then loses digits that L has.
                    Compare.Close([oneSided], [one], 0.01, scale: exact, what: what);
                    Compare.Close([positive], [plus], 0.01, scale: exact, what: what);
                }
            }
        }
        Assert.Equal(double.PositiveInfinity, new StabilityProfile(Models.Crossing(), Models.Ou()).LipschitzIntegral(0.1, 1));
        Assert.Equal(double.PositiveInfinity, new StabilityProfile(Models.Crossing(), Models.Ou()).OneSidedIntegral(0.1, 1));
    }

    /// <summary>A mixture of many variances has K² pairs: what a table of segments costs does not grow with the number of segments.</summary>
    [Theory]
    [InlineData(200)]
    [InlineData(1000)]
    public void ManySegmentsOfManyUnequalComponentsShareOneTable(int segments)
    {
        Random random = new(3);
        Mixture mixture = new(
            [.. Enumerable.Repeat(1.0 / 64, 64)],
            [.. Enumerable.Range(0, 64).Select(_ => (double[])[4 * random.NextDouble() - 2, 4 * random.NextDouble() - 2])],
            [.. Enumerable.Range(0, 64).Select(_ => Covariance.Isotropic(2, 0.02 + 0.1 * random.NextDouble()))]);
        foreach (Process process in new Process[] { Models.Ou(), Models.Ou(earlyStop: 0) })
        {
            var model = new GaussianMixtureModel(mixture, process);
            double[] times = model.CreateTimes(process.EarlyStop > 0 ? Grid.UniformLogSnr : Grid.Angle, segments);
            var integrals = model.Stability.BoundIntegrals(times);
            Assert.Equal(segments, integrals.Length);
            Assert.InRange(model.Stability.BoundEvaluations, 1, 150);

            var alone = new StabilityProfile(mixture, process);
            foreach (int i in new[] { 0, segments / 3, segments / 2, segments - 1 })
            {
                (double lipschitz, double oneSided, double positive) = alone.BoundIntegrals(times[i + 1], times[i]);
                Compare.Close([lipschitz], [integrals[i].Lipschitz], 0.01, what: $"∫L of segment {i}");
                Compare.Close([oneSided], [integrals[i].OneSided], 0.01, scale: lipschitz, what: $"∫μ of segment {i}");
                Compare.Close([positive], [integrals[i].PositiveOneSided], 0.01, scale: lipschitz, what: $"∫μ⁺ of segment {i}");
            }
        }
    }

    [Fact]
    public void FewSegmentsKeepTheirOwnRule()
    {
        var stability = new StabilityProfile(Models.Isotropic([0.5, 0.5], [[-1.0], [1.0]], 0.04, 0.09), Models.Ou());
        double[] times = [3, 1, 0.2, 1e-3];
        Assert.Equal(Enumerable.Range(0, 3).Select(i => stability.BoundIntegrals(times[i + 1], times[i])), stability.BoundIntegrals(times));
    }

    /// <summary>Crossing covariances are bounded through a third component: one of few is enough, and any bounds them.</summary>
    [Fact]
    public void ManyCrossingComponentsTakeAsManySupremaAsPairs()
    {
        Random random = new(4);
        const int count = 48;
        Covariance[] covariances = [.. Enumerable.Range(0, count).Select(k => k == 0
            ? Covariance.Isotropic(2, 4)
            : Covariance.Diagonal([0.1 + random.NextDouble(), 0.1 + random.NextDouble()]))];
        Mixture mixture = new(
            [.. Enumerable.Repeat(1.0 / count, count)],
            [.. Enumerable.Range(0, count).Select(_ => (double[])[random.NextDouble(), random.NextDouble()])],
            covariances);
        var suprema = new PairSuprema(mixture);
        Assert.InRange(suprema.Terms, count * (count - 1) / 2, 3 * count * (count - 1) / 2);

        // A bound all the same, of what is met at points.
        Process process = Models.Ou();
        var stability = new StabilityProfile(mixture, process);
        Assert.Null(stability.Crossing);
        var model = new GaussianMixtureModel(mixture, process);
        foreach (double t in new[] { 0.01, 0.3, 1.5 })
        {
            for (int i = 0; i < 20; i++)
            {
                double[] x = [4 * random.NextDouble() - 2, 4 * random.NextDouble() - 2], eigenvalues = Models.JacobianEigenvalues(model, t, x);
                Assert.All(eigenvalues, value => Assert.InRange(Math.Abs(value), 0, stability.LipschitzBound(t) * (1 + 1e-9)));
            }
        }
    }

    [Fact]
    public void RunTimeModelComputesBoundsWhenTheyAreAskedFor()
    {
        Random random = new(6);
        var model = new GaussianMixtureModel(
            new Mixture(
                [.. Enumerable.Repeat(0.01, 100)], [.. Enumerable.Range(0, 100).Select(_ => (double[])[random.NextDouble()])],
                [.. Enumerable.Range(0, 100).Select(_ => Covariance.Isotropic(1, 0.1 + random.NextDouble()))]),
            Models.Ou());
        SamplerDescriptor descriptor = new()
        {
            Name = "S",
            Dimension = 1,
            Solver = Solver.Heun,
            Chart = Chart.State,
            ChartVariance = 0,
            Grid = null,
            Precision = Precision.Double,
            Times = [3, 1, 1e-3],
            FunctionEvaluations = 4,
            HistoryLength = 0,
            Model = model,
        };
        Assert.Equal(0, model.Stability.BoundEvaluations);
        Assert.Equal(SegmentStability.Table(model, descriptor.Times), descriptor.Stability);
        Assert.Equal(model.Stability.SpeciationTime, descriptor.SpeciationTime);
        Assert.Equal(model.Stability.DangerWindow, descriptor.DangerWindow);
        int evaluations = model.Stability.BoundEvaluations;
        Assert.InRange(evaluations, 1, int.MaxValue);
        Assert.Same(descriptor.Stability, descriptor.Stability);
        Assert.Equal(evaluations, model.Stability.BoundEvaluations);
    }

    /// <summary>Gauss-Legendre with five nodes on panels equal in log t, split where an indicator changes sign.</summary>
    /// <summary>Training steps one by one: rates jump between them.</summary>
    private static double Quadrature(Process process, Func<double, double> rate, double from, double to, Func<double, double> indicator, int panels = 60)
    {
        if (process is not VariancePreservingProcess) return Quadrature(rate, from, to, indicator, panels);
        double[] ends = [from, .. Enumerable.Range(0, 1000).Select(step => (double)step).Where(step => step > from && step < to), to];
        return ends.Zip(ends.Skip(1), (low, high) => Quadrature(rate, low, high, indicator, panels: 12)).Sum();
    }

    private static double Quadrature(Func<double, double> rate, double from, double to, Func<double, double> indicator, int panels = 60)
    {
        double low = from, high = to;
        if (indicator(from) > 0 != indicator(to) > 0)
        {
            bool start = indicator(from) > 0;
            for (int i = 0; i < 100; i++)
            {
                double middle = Math.Sqrt(low * high);
                if (indicator(middle) > 0 == start) low = middle;
                else high = middle;
            }
            return Smooth(from, low) + Smooth(low, to);
        }
        return Smooth(from, to);

        double Smooth(double a, double b)
        {
            double[] nodes = [0, 0.5384693101056831, -0.5384693101056831, 0.9061798459386640, -0.9061798459386640];
            double[] weights = [0.5688888888888889, 0.4786286704993665, 0.4786286704993665, 0.2369268850561891, 0.2369268850561891];
            double length = Math.Log(b / a) / panels, sum = 0;
            for (int p = 0; p < panels; p++)
            {
                for (int n = 0; n < 5; n++)
                {
                    double t = a * Math.Exp(length * (p + 0.5 * (1 + nodes[n])));
                    sum += 0.5 * weights[n] * length * t * rate(t);
                }
            }
            return sum;
        }
    }
}
