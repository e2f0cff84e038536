using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Grids;
using FlowDsl.Mathematics.Numerics;
using Xunit.Abstractions;

namespace FlowDsl.Tests;

/// <summary>
/// Forecasts against mixtures on the line, whose flow is their quantile map and whose Jacobian a ratio of densities, and against products of them.
/// </summary>
[Trait("Hardware", "Any")]
public class ForecastTests(ITestOutputHelper output)
{
    private const int Points = 4000;
    private static readonly double[] s_weights = [0.3, 0.7], s_means = [-1, 1], s_variances = [0.1, 0.1];

    private static Mixture Line(double variance = 0.1) => Models.Isotropic(s_weights, [[-1], [1]], variance);

    /// <summary>Points of p_T in equal shares, by the quantiles of the components.</summary>
    private static double[] Starts(Process process, double variance = 0.1, int points = Points)
    {
        ProcessPoint point = process.At(process.Horizon);
        return [.. Enumerable.Range(0, 2).SelectMany(k =>
        {
            int count = (int)Math.Round(s_weights[k] * points);
            return Enumerable.Range(0, count)
                .Select(i => point.A * s_means[k] + Math.Sqrt(point.Spread(variance)) * PortableMath.NormalQuantile((i + 0.5) / count));
        })];
    }

    /// <summary>The states of all points at all times.</summary>
    private static double[][] Follow(Process process, IReadOnlyList<double> times)
    {
        var map = new QuantileMap(s_weights, s_means, s_variances);
        ProcessPoint start = process.At(process.Horizon);
        double[] starts = Starts(process);
        return [.. times.Select(t => process.At(t)).Select(point => starts.Select(x => map.Map(start.A, start.S2, point.A, point.S2, x)).ToArray())];
    }

    private static double[] Derivatives(Process process, double from, double to, double[] x, double[] y)
    {
        var map = new QuantileMap(s_weights, s_means, s_variances);
        (ProcessPoint start, ProcessPoint end) = (process.At(from), process.At(to));
        return [.. x.Zip(y, (source, target) => map.Derivative(start.A, start.S2, end.A, end.S2, source, target))];
    }

    private static double Quantile(double[] values, double quantile) => values.Order().ElementAt((int)(quantile * values.Length));

    private static double RootMeanSquare(IEnumerable<double> values) => Math.Sqrt(values.Average(value => value * value));

    public static TheoryData<Solver, Chart, int> Samplers => new()
    {
        { Solver.Euler, Chart.State, 6 },
        { Solver.Heun, Chart.Auto, 6 },
        { Solver.RungeKutta4, Chart.Edm, 5 },
        { Solver.DormandPrince54, Chart.Auto, 9 },
    };

    [Theory]
    [MemberData(nameof(Samplers))]
    public void OneStepSolversOnTheLine(Solver solver, Chart chart, int steps)
    {
        Process process = Models.Ou();
        var model = new GaussianMixtureModel(Line(), process);
        double[] times = model.CreateTimes(Grid.Angle, steps);
        FlowProgram program = model.CreateProgram(solver, times, chart);
        SamplerForecast forecast = model.MeasureForecast(program)!;
        Assert.Equal(512, forecast.Samples);
        double[][] exact = Follow(process, times);
        for (int i = 0; i < steps; i++)
        {
            double[] reached = [.. exact[i]];
            model.Integrate(model.CreateProgram(solver, [times[i], times[i + 1]], chart), reached);
            AssertSegment(process, times, exact, i, reached, forecast.Segments[i]);
        }
        AssertWhole(model, program, exact, forecast);
    }

    /// <summary>DPM-Solver++(2M) written down once more, with exact slopes of the step before.</summary>
    [Fact]
    public void StepsThatUseEarlierOnesOnTheLine()
    {
        Process process = Models.Ou();
        var model = new GaussianMixtureModel(Line(), process);
        double[] times = model.CreateTimes(Grid.UniformLogSnr, 7);
        FlowProgram program = model.CreateProgram(Solver.DpmSolverPlusPlus2M, times);
        SamplerForecast forecast = model.MeasureForecast(program)!;
        double[][] exact = Follow(process, times);
        double[] logs = [.. times.Select(t => -Math.Log(process.At(t).NoiseToSignal))];
        for (int i = 0; i + 1 < times.Length; i++)
        {
            ProcessPoint from = process.At(times[i]), to = process.At(times[i + 1]);
            double h = logs[i + 1] - logs[i], e = 1 - Math.Exp(-h);
            double[] reached = [.. exact[i].Select((x, point) =>
            {
                double m = Mean(times[i], x), slope = i == 0 ? 0 : (m - Mean(times[i - 1], exact[i - 1][point])) * h / (logs[i] - logs[i - 1]);
                return to.S / from.S * x + to.A * e * (m + 0.5 * slope);
            })];
            AssertSegment(process, times, exact, i, reached, forecast.Segments[i]);
        }
        AssertWhole(model, program, exact, forecast);

        double Mean(double t, double x)
        {
            double[] mean = new double[1];
            model.PosteriorMean(t, [x], mean);
            return mean[0];
        }
    }

    /// <summary>
    /// With narrow modes one sample of thousands ends in the other mode and makes nearly all of the error: among 512 equally likely starts there is hardly
    /// one. The truth is the exact flow's, from 200,000 starts in equal shares.
    /// </summary>
    [Theory]
    [InlineData(Solver.Heun, 8)]
    [InlineData(Solver.Heun, 16)]
    [InlineData(Solver.DpmSolverPlusPlus2M, 16)]
    public void RareSamplesThatEndInTheOtherModeAreSeen(Solver solver, int steps)
    {
        const double variance = 0.04;
        Process process = Models.Ou();
        var model = new GaussianMixtureModel(Line(variance), process);
        FlowProgram program = model.CreateProgram(solver, model.CreateTimes(Grid.Angle, steps));
        double[] exact = Starts(process, variance, points: 200_000), ends = [.. exact];
        model.FlowMaps(process.Horizon, process.EarlyStop, exact);
        model.Integrate(program, ends);
        double truth = exact.Zip(ends, (x, y) => (x - y) * (x - y)).Sum() / exact.Sum(x => x * x);
        double forecast = model.MeasureForecast(program)!.RelativeMeanSquaredError;
        output.WriteLine($"{forecast:E2}, truly {truth:E2}");
        Assert.InRange(forecast / truth, 0.75, 1.3);
    }

    private void AssertSegment(Process process, double[] times, double[][] exact, int i, double[] reached, SegmentForecast segment)
    {
        double[] stretch = Derivatives(process, times[i], times[i + 1], exact[i], exact[i + 1]);
        double[] downstream = Derivatives(process, times[i + 1], times[^1], exact[i + 1], exact[^1]);
        double local = RootMeanSquare(reached.Zip(exact[i + 1], (y, x) => y - x));
        double propagated = RootMeanSquare(reached.Select((y, j) => downstream[j] * (y - exact[i + 1][j])));
        output.WriteLine(
            $"{i}: median {segment.MedianAmplification / Quantile(stretch, 0.5):f3}, 99 % {segment.HighAmplification / Quantile(stretch, 0.99):f3}, "
            + $"local {segment.LocalError / local:f3} of {local:g3}, propagated {segment.PropagatedError / propagated:f3}");
        Assert.InRange(segment.MedianAmplification / Quantile(stretch, 0.5), 0.97, 1.03);
        // In the last segments both are of the few samples between the modes.
        Assert.InRange(segment.HighAmplification / Quantile(stretch, 0.99), 0.8, 1.25);
        Assert.InRange(segment.LocalError / local, 0.7, 1.4);
        Assert.InRange(segment.PropagatedError / propagated, 0.6, 1.6);
    }

    private void AssertWhole(GaussianMixtureModel model, FlowProgram program, double[][] exact, SamplerForecast forecast)
    {
        Process process = model.Process;
        double[] ends = [.. exact[0]], stretch = Derivatives(process, process.Horizon, process.EarlyStop, exact[0], exact[^1]);
        model.Integrate(program, ends);
        double error = ends.Zip(exact[^1], (y, x) => (y - x) * (y - x)).Sum() / exact[^1].Sum(x => x * x);
        output.WriteLine(
            $"relative MSE {forecast.RelativeMeanSquaredError:g3} for {error:g3}, "
            + $"amplification {forecast.MedianAmplification:g3}, {forecast.HighAmplification:g3}");
        Assert.InRange(forecast.RelativeMeanSquaredError / error, 0.5, 2);
        Assert.InRange(forecast.MedianAmplification / Quantile(stretch, 0.5), 0.95, 1.05);
        Assert.InRange(forecast.HighAmplification / Quantile(stretch, 0.99), 0.7, 1.4);
    }

    /// <summary>
    /// Coordinates without modes are one Gaussian: errors add up in squares, up to the sampling of one of them, and a norm is at least their stretch.
    /// </summary>
    [Theory]
    [InlineData(Solver.Heun)]
    [InlineData(Solver.DpmSolverPlusPlus3M)]
    public void CoordinatesOfOneGaussianAreInClosedForm(Solver solver)
    {
        var line = new GaussianMixtureModel(Line(), Models.Ou());
        var space = new GaussianMixtureModel(Models.Isotropic(s_weights, [[-1, 0.5, 2, 0, 0], [1, 0.5, 2, 0, 0]], 0.1), Models.Ou());
        var gaussian = new GaussianMixtureModel(Models.Isotropic([1], [[0.5, 2, 0, 0]], 0.1), Models.Ou());
        double[] times = line.CreateTimes(Grid.Angle, 5);
        // One chart for all three, that of their one variance.
        SamplerForecast[] parts = [.. new[] { line, gaussian, space }.Select(model => model.MeasureForecast(model.CreateProgram(solver, times))!)];
        for (int i = 0; i < 5; i++)
        {
            (SegmentForecast one, SegmentForecast rest, SegmentForecast all) = (parts[0].Segments[i], parts[1].Segments[i], parts[2].Segments[i]);
            AssertSquares(one.LocalError, rest.LocalError, all.LocalError);
            AssertSquares(one.PropagatedError, rest.PropagatedError, all.PropagatedError);
            ProcessPoint from = line.Process.At(times[i]), to = line.Process.At(times[i + 1]);
            double stretch = Math.Sqrt(to.Spread(0.1) / from.Spread(0.1));
            Compare.Close([stretch, stretch], [rest.MedianAmplification, rest.HighAmplification], 2e-3);
            Assert.Equal(Math.Max(one.MedianAmplification, stretch), all.MedianAmplification, 1e-6);
        }

        static void AssertSquares(double one, double rest, double all) => Assert.Equal(one * one + rest * rest, all * all, 1e-3 * all * all);
    }

    /// <summary>Products of modes on lines: the norm of a diagonal Jacobian is its greatest entry. Beyond three coordinates the norm is from below.</summary>
    [Theory]
    [InlineData(2, 0.03)]
    [InlineData(3, 0.03)]
    [InlineData(4, 0.15)]
    public void ProductsOfLines(int d, double below)
    {
        Process process = Models.Ou();
        int count = 1 << d;
        double[] weights =
            [.. Enumerable.Range(0, count).Select(k => Enumerable.Range(0, d).Aggregate(1.0, (product, j) => product * s_weights[(k >> j) & 1]))];
        double[][] means = [.. Enumerable.Range(0, count).Select(k => Enumerable.Range(0, d).Select(j => s_means[(k >> j) & 1]).ToArray())];
        var model = new GaussianMixtureModel(Models.Isotropic(weights, means, 0.1), process);
        double[] times = model.CreateTimes(Grid.Angle, 4);
        SamplerForecast forecast = model.MeasureForecast(model.CreateProgram(Solver.Heun, times))!;
        double[][] exact = Follow(process, times);
        for (int i = 0; i < 4; i++)
        {
            // The greatest of d independent values has a quantile q where one has q^(1/d).
            double[] stretch = Derivatives(process, times[i], times[i + 1], exact[i], exact[i + 1]);
            double median = Quantile(stretch, Math.Pow(0.5, 1.0 / d)), high = Quantile(stretch, Math.Pow(0.99, 1.0 / d));
            output.WriteLine($"{i}: {forecast.Segments[i].MedianAmplification / median:f3}, {forecast.Segments[i].HighAmplification / high:f3}");
            Assert.InRange(forecast.Segments[i].MedianAmplification / median, 1 - below, 1.05);
            Assert.InRange(forecast.Segments[i].HighAmplification / high, 0.6, 1.4);
        }
    }

    /// <summary>A solver that leaves its region of stability has an error and no NaN.</summary>
    [Fact]
    public void DivergenceIsInfiniteOrGreat()
    {
        var model = new GaussianMixtureModel(Models.Two(1e-12), Models.Ou(0));
        SamplerForecast forecast = model.MeasureForecast(model.CreateProgram(Solver.RungeKutta4, model.CreateTimes(Grid.Uniform, 10), Chart.State))!;
        Assert.True(forecast.RelativeMeanSquaredError > 1e10);
        Assert.All(forecast.Segments, segment => Assert.True(segment.LocalError >= 0 && segment.PropagatedError >= 0 && segment.MedianAmplification >= 0));
    }

    [Fact]
    public void TooManyStepsHaveNone()
    {
        var model = new GaussianMixtureModel(Line(), Models.Ou());
        Assert.Null(model.MeasureForecast(model.CreateProgram(Solver.Euler, model.CreateTimes(Grid.Angle, TimeGrid.MaxSteps))));
        Assert.NotNull(model.MeasureForecast(model.CreateProgram(Solver.Euler, model.CreateTimes(Grid.Angle, 200))));
    }

    [Fact]
    public void PartsOfAFlowHaveNone()
    {
        var model = new GaussianMixtureModel(Line(), Models.Ou());
        ArgumentException thrown = Assert.Throws<ArgumentException>(() => model.MeasureForecast(model.CreateProgram(Solver.Euler, [3, 1])));
        Assert.Contains("from t = 3 to 1", thrown.Message, StringComparison.Ordinal);
    }

    /// <summary>What the generator wrote is what the run-time library finds; what was measured, to the digits that it has.</summary>
    [Fact]
    public void DescriptorsHoldThem()
    {
        SamplerDescriptor descriptor = Judged.Student.Descriptor;
        GaussianMixtureModel model = descriptor.Model;
        Assert.Equal("Teacher", descriptor.Reference);
        Assert.Null(Judged.Teacher.Descriptor.Reference);
        Assert.Equal(model.Stability.SpeciationTime, descriptor.SpeciationTime);
        Assert.Equal(model.Stability.DangerWindow, descriptor.DangerWindow);
        Assert.Equal(SegmentStability.Table(model, descriptor.Times), descriptor.Stability);
        SamplerForecast measured = model.MeasureForecast(model.CreateProgram(descriptor.Solver, descriptor.Times, Chart.Canonical))!;
        SamplerForecast written = descriptor.Forecast!;
        Assert.Equal(measured.Samples, written.Samples);
        Compare.Close(Numbers(measured), Numbers(written), 5e-4);

        static double[] Numbers(SamplerForecast forecast) =>
        [
            forecast.RelativeMeanSquaredError, forecast.MedianAmplification, forecast.HighAmplification,
            .. forecast.Segments.SelectMany(
                segment => new[] { segment.MedianAmplification, segment.HighAmplification, segment.LocalError, segment.PropagatedError }),
        ];
    }

    [Fact]
    public void ForecastsAreRepeatable()
    {
        var model = new GaussianMixtureModel(Models.OrderedFull(), new LinearInterpolantProcess(0));
        FlowProgram program = model.CreateProgram(Solver.Midpoint, model.CreateTimes(Grid.Angle, 4));
        (SamplerForecast first, SamplerForecast second) = (model.MeasureForecast(program)!, model.MeasureForecast(program)!);
        Assert.Equal(first.Segments, second.Segments);
        Assert.Equal(first.RelativeMeanSquaredError, second.RelativeMeanSquaredError);
    }
}

[GaussianMixture(2)]
[Component(0.3, -1.2, 0.9, Variance = 0.04)]
[Component(0.7, 1.2, -0.9, Variance = 0.04)]
[Sampler("Student", Steps = 4, Reference = "Teacher")]
[Sampler("Teacher", Steps = 32, Solver = Solver.RungeKutta4, Precision = Precision.Double)]
public partial class Judged;
