using System.Text.Json;
using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Structure;
using FlowDsl.Runtime.Blocks;
using FlowDsl.Runtime.Loops;

namespace FlowDsl.Tests;

/// <summary>Mixtures of great, small and very different scales: what rounding leaves of them, and what is said of it beforehand.</summary>
public class ScaleTests
{
    private static Mixture Three(double variance = 0.04) => Models.Isotropic([0.5, 0.3, 0.2], [[1, 0], [-1, 0.5], [-1, -0.5]], variance);

    private static Mixture Columns() => new([0.5, 0.5], [[0, 0], [10, 0]], [Covariance.Diagonal([1e6, 1]), Covariance.Diagonal([1e6, 1])]);

    /// <summary>Means at 10^6, 10^6 + 1 and -10^6: affine logits are 10^12 bits, and their rounding decided between the neighbours.</summary>
    [Fact]
    public void NeighboursFarFromTheOriginAreToldApart()
    {
        NeighboursAreToldApart<Neighbours.Line>();
        NeighboursAreToldApart<NeighboursInThePlane.Plane>();
    }

    private static void NeighboursAreToldApart<TSampler>()
        where TSampler : IFlowSampler<TSampler, double>
    {
        SamplerDescriptor sampler = TSampler.Descriptor;
        double[] states = FlowSampling.DrawPrior<double>(sampler.Model, 500, seed: 1), exact = [.. states], looped = [.. states];
        FlowProgram program = sampler.Model.CreateProgram(sampler.Solver, sampler.Times, sampler.Chart);
        TSampler.Integrate(states);
        BlockDriver.Integrate(new TableKernel<double>(sampler.Model.Mixture, program), looped.AsSpan());
        // The run-time model subtracts no large numbers; its own error is some units in the last place of 10^6.
        sampler.Model.Integrate(program, exact);
        Compare.Within(exact, states, 3e-9, "generated");
        Compare.Within(exact, looped, 3e-9, "loops");
        Assert.Contains(states, x => x is > 998_990 and < 999_010);
    }

    /// <summary>Where no sample is shared, or nothing is far away, logits stay affine: they cost less.</summary>
    [Fact]
    public void OrdinaryMixturesKeepAffineLogits()
    {
        Process process = Models.Ou(0);
        foreach (double t in new[] { 0, 1e-6, 1e-3, 0.1, 1, 3 })
        {
            Assert.All(
                [Three(), Three(1e-6), Models.Two(1e-8), Models.TwoPlanar(0.04)],
                mixture => Assert.False(LogitScales.AreLost(mixture, process.At(t), Precision.Single)));
            Assert.True(t > 1 || LogitScales.AreLost(Models.Isotropic([0.3, 0.3, 0.4], [[1e6], [1e6 + 1], [-1e6]], 1), process.At(t), Precision.Double));
        }
    }

    /// <summary>Variances of 1e-8 and 1e8, against 80 digits: the canonical chart's clock holds no digit of the noise near the data.</summary>
    [Fact]
    public void StageTimesOfWideMixturesKeepTheirDigits()
    {
        using JsonDocument json = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "reference", "wide-variances.json")));
        double[] Numbers(string name) => [.. json.RootElement.GetProperty(name).EnumerateArray().Select(number => number.GetDouble())];
        var model = new GaussianMixtureModel(Models.Isotropic([0.5, 0.5], [[0], [1]], 1e-8, 1e8), Models.Ou(0));
        double[] states = Numbers("starts");
        model.Integrate(model.CreateProgram(Solver.DormandPrince54, Numbers("times"), Chart.Canonical), states);
        Compare.Close(Numbers("ends"), states, 1e-13);
    }

    /// <summary>The way to the noise takes the same times as that to the data.</summary>
    [Fact]
    public void StageTimesNearTheDataAreThoseOfBothWays()
    {
        Process process = Models.Ou(0);
        var frame = ChartFrame.Canonical(5e7);
        foreach ((double near, double far) in new[] { (0, 1e-10), (1e-10, 1e-6), (1e-6, 1e-3) })
        {
            ProcessPoint data = process.At(near), noise = process.At(far);
            Assert.Equal(-frame.Step(noise, data), frame.Step(data, noise));
            foreach (double share in new[] { 0.2, 0.3, 0.8 })
                Compare.Close([frame.TimeBetween(process, noise, data, share)], [frame.TimeBetween(process, data, noise, 1 - share)], 1e-13);
        }
    }

    /// <summary>A Gaussian of variances 10^6 and 1 has its flow in closed form: the tolerance holds for the narrow coordinate in its own width.</summary>
    [Theory]
    [InlineData(1e-3)]
    [InlineData(1e-6)]
    [InlineData(1e-9)]
    public void ToleranceOfTheFlowIsThatOfTheNarrowestCoordinate(double tolerance)
    {
        var model = new GaussianMixtureModel(new Mixture([1], [[0, 0]], [Covariance.Diagonal([1e6, 1])]), Models.Ou());
        ProcessPoint start = model.Process.At(3), end = model.Process.At(1e-3);
        double[] x = [40, 0.7], y = new double[2];
        model.FlowMap(3, 1e-3, x, y, tolerance);
        for (int j = 0; j < 2; j++)
        {
            double variance = j == 0 ? 1e6 : 1, width = Math.Sqrt(end.Spread(variance));
            Assert.InRange(Math.Abs(y[j] - x[j] * width / Math.Sqrt(start.Spread(variance))) / width, 0, 100 * tolerance);
        }
    }

    /// <summary>Heun in 16 steps makes the narrow column 6 % wrong: the samples' own deviation says so, and the forecast in units of widths.</summary>
    [Fact]
    public void ForecastSeesTheNarrowColumn()
    {
        var model = new GaussianMixtureModel(Columns(), Models.Ou());
        FlowProgram program = model.CreateProgram(Solver.Heun, model.CreateTimes(Grid.Auto, 16));
        SamplerForecast forecast = model.MeasureForecast(program)!;
        double[] states = FlowSampling.DrawPrior<double>(model, 20_000, seed: 1);
        double Deviation() => Math.Sqrt(Enumerable.Range(0, states.Length / 2).Average(i => states[2 * i + 1] * states[2 * i + 1]));
        double before = Deviation() / Math.Sqrt(model.Process.At(3).Spread(1));
        model.Integrate(program, states);
        double wrong = Deviation() / before / Math.Sqrt(model.Process.At(1e-3).Spread(1)) - 1;
        Assert.InRange(Math.Abs(wrong), 0.05, 0.07);
        Assert.InRange(forecast.StandardizedError / Math.Abs(wrong), 0.9, 1.1);
        Assert.True(forecast.RelativeMeanSquaredError < 1e-8);
    }

    /// <summary>
    /// In coordinates where the law is one Gaussian as in the others: three means on a plane in 20 dimensions, and a solver whose error is that of
    /// the 18 others.
    /// </summary>
    [Fact]
    public void ForecastSeesTheRestOfTheCoordinates()
    {
        double[][] means = [.. new[] { 0.001, 0.0, -0.001 }.Select(first => Enumerable.Range(0, 20).Select(j => j == 0 ? first : 0.0).ToArray())];
        var model = new GaussianMixtureModel(Models.Isotropic([0.3, 0.4, 0.3], means, 0.04), Models.Ou());
        FlowProgram program = model.CreateProgram(Solver.Heun, model.CreateTimes(Grid.Angle, 6), Chart.State);
        double[] unit = new double[20];
        unit[19] = 1;
        model.Integrate(program, unit);
        double before = model.Process.At(3).Spread(0.04), after = model.Process.At(1e-3).Spread(0.04);
        double error = Math.Abs(unit[19] - Math.Sqrt(after / before)) * Math.Sqrt(before / after);
        Assert.InRange(model.MeasureForecast(program)!.StandardizedError / error, 0.95, 1.05);
    }

    /// <summary>
    /// A map that is exact but for 6 % of the narrow column of a Gaussian: the relative MSE hides it, the error in widths is 6 % of the column's.
    /// </summary>
    [Fact]
    public void BudgetSeesTheNarrowColumn()
    {
        var model = new GaussianMixtureModel(new Mixture([1], [[0, 0]], [Covariance.Diagonal([1e6, 1])]), Models.Ou());
        ProcessPoint start = model.Process.At(3), end = model.Process.At(1e-3);
        double[] stretches = [Math.Sqrt(end.Spread(1e6) / start.Spread(1e6)), 1.06 * Math.Sqrt(end.Spread(1) / start.Spread(1))];
        SegmentMap map = states =>
        {
            for (int i = 0; i < states.Length; i++) states[i] *= stretches[i % 2];
        };
        double[] starts = FlowSampling.DrawPrior<double>(model, 200, seed: 1);
        double deviation = Math.Sqrt(Enumerable.Range(0, 200).Average(i => starts[2 * i + 1] * starts[2 * i + 1]) / start.Spread(1));
        ErrorBudget budget = ErrorBudget.Measure(model, [3, 1e-3], [map], starts);
        Assert.InRange(budget.StandardizedError / (0.06 * deviation), 0.999, 1.001);
        Assert.True(budget.RelativeMeanSquaredError < 1e-8);
    }

    public static TheoryData<Solver, Chart, Grid, double> Rounders => new()
    {
        { Solver.Heun, Chart.Edm, Grid.ErrorBalanced, 10 },
        { Solver.RungeKutta4, Chart.Edm, Grid.Angle, 10 },
        { Solver.DpmSolverPlusPlus3M, Chart.Auto, Grid.Angle, 100 },
        { Solver.DpmSolverPlusPlus2M, Chart.Auto, Grid.UniformLogSnr, 100 },
        { Solver.Heun, Chart.Auto, Grid.ErrorBalanced, 100 },
    };

    /// <summary>Rounding in single precision is forecast from above, and not far from it, up to long horizons and for multistep solvers.</summary>
    [Theory]
    [Trait("Hardware", "Any")]
    [MemberData(nameof(Rounders))]
    public void RoundingIsForecast(Solver solver, Chart chart, Grid grid, double horizon)
    {
        Mixture mixture = Models.Isotropic([0.5, 0.3, 0.2], [[1, 0], [-1, 0.5], [-1, -0.5]], 0.04, 0.05, 0.06);
        var model = new GaussianMixtureModel(mixture, Models.Ou(horizon: horizon));
        FlowProgram program = model.CreateProgram(solver, model.CreateSchedule(grid, 24, solver, chart).Times, chart);
        double forecast = SamplerForecast.Measure(model.Analysis, program, Precision.Single)!.RoundingError;
        float[] single = FlowSampling.DrawPrior<float>(model, 2000, seed: 1);
        double[] exact = [.. single.Select(x => (double)x)];
        BlockDriver.Integrate(new TableKernel<float>(mixture, program), single.AsSpan());
        model.Integrate(program, exact);
        // The median: a few samples on a border end in another mode.
        double Off(int i) => Math.Max(Math.Abs(single[2 * i] - exact[2 * i]), Math.Abs(single[2 * i + 1] - exact[2 * i + 1]));
        double[] errors = [.. Enumerable.Range(0, 2000).Select(i => Off(i) / Math.Sqrt(0.05)).Order()];
        Assert.InRange(errors[1000] / forecast, 0.01, 3);
        double inDouble = SamplerForecast.Measure(model.Analysis, program)!.RoundingError;
        Assert.Equal(forecast / (1 << 29), inDouble, 1e-6 * inDouble);
    }

    /// <summary>∇v at t = 100 is of the size e^-200; all its digits, against finite differences in 400 digits.</summary>
    [Theory]
    [InlineData(0.04, 0.04, 0.04, 2.21423444277878e-89, 9.6872756871571627e-88)]
    [InlineData(0.04, 0.05, 0.06, 1.6329979015493503e-89, 9.6097774816599054e-88)]
    public void JacobianAtLongTimesHasItsDigits(double first, double second, double third, double along, double across)
    {
        var model = new GaussianMixtureModel(Models.Isotropic([0.5, 0.3, 0.2], [[1, 0], [-1, 0.5], [-1, -0.5]], first, second, third), Models.Ou(horizon: 100));
        double[] product = new double[2];
        model.JacobianVectorProduct(100, [0.3, -0.7], [0.6, 0.8], product);
        // The terms are forty times as great as the first coordinate.
        Compare.Close([along, across], product, 2e-14, scale: across);
    }
}

/// <summary>Two neighbours far from the origin, and a third component as far on the other side.</summary>
[GaussianMixture(1)]
[Component(0.3, 1e6, Variance = 1)]
[Component(0.3, 1000001, Variance = 1)]
[Component(0.4, -1e6, Variance = 1)]
[Sampler("Line", Steps = 16, Precision = Precision.Double)]
public partial class Neighbours;

/// <summary>The same in two coordinates that depend on each other.</summary>
[GaussianMixture(2)]
[Component(0.3, 1e6, 0.3, Variance = 1)]
[Component(0.3, 1000001, 0, Variance = 1)]
[Component(0.4, -1e6, 1, Variance = 1)]
[Sampler("Plane", Steps = 16, Precision = Precision.Double)]
public partial class NeighboursInThePlane;
