using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Grids;
using FlowDsl.Mathematics.Numerics;
using Xunit.Abstractions;

namespace FlowDsl.Tests;

/// <summary>Grids that are measured: ends, order, repeatability, and errors against the exact flow on samples they have not seen.</summary>
public class ErrorGridTests(ITestOutputHelper output)
{
    private static readonly Dictionary<string, Mixture> s_mixtures = new()
    {
        ["two"] = Models.Two(0.04),
        ["ring"] = GaussianMixtureModel.From<Ring>().Mixture,
        ["faithful"] = GaussianMixtureModel.From<Faithful>().Mixture,
    };

    // The last digits are those of another day and, in the tests on narrower hardware, of wider vectors.
    private static readonly double[] s_expected =
    [
        3, 0.5408339565785898, 0.1718638483948171, 0.04859318985973057, 0.001,
        3, 0.601706335453084, 0.14699617897624367, 0.001,
    ];

    [Fact]
    [Trait("Hardware", "Any")]
    public void EverySolverInEveryChartHasTimes()
    {
        Process[] processes =
            [Models.Ou(), Models.Ou(0), new VarianceExplodingProcess(0, 80), new LinearInterpolantProcess(), new LinearInterpolantProcess(0)];
        foreach (Process process in processes)
        {
            var model = new GaussianMixtureModel(Models.Crossing(), process);
            foreach (Solver solver in Models.Solvers)
            {
                foreach (Chart chart in Enum.GetValues<Chart>())
                {
                    if (!ChartFrame.Exists(chart, solver)) continue;
                    if (chart == Chart.Edm && process.At(process.Horizon).A == 0) continue;
                    AssertGrid(model, [.. model.CreateSchedule(Grid.ErrorBalanced, 5, solver, chart).Times], 5);
                }
            }
        }
    }

    /// <summary>
    /// From pure noise and down to the data the grid is measured like any other, and no stand-in. For one-step solvers it is the limit of those of shorter
    /// intervals; a multistep solver's steps to the ends have other limits, since they use no earlier slope.
    /// </summary>
    [Fact]
    [Trait("Hardware", "Any")]
    public void WholeIntervalsAreMeasured()
    {
        (Process Whole, Process Short)[] processes =
        [
            (new LinearInterpolantProcess(0), new LinearInterpolantProcess(1e-9, 1 - 1e-9)),
            (Models.Ou(0), Models.Ou(1e-9)),
            (new VarianceExplodingProcess(0, 80), new VarianceExplodingProcess(1e-7, 80)),
        ];
        foreach (Mixture mixture in new[] { Models.TwoPlanar(0.04), Models.Crossing() })
        {
            foreach ((Process whole, Process part) in processes)
            {
                GaussianMixtureModel model = new(mixture, whole), shorter = new(mixture, part);
                foreach (Solver solver in new[] { Solver.Ddim, Solver.Heun, Solver.RungeKutta4, Solver.DpmSolverPlusPlus2M, Solver.DpmSolverPlusPlus3M })
                {
                    GridTimes times = model.CreateSchedule(Grid.ErrorBalanced, 8, solver);
                    Assert.Equal((Grid.ErrorBalanced, null), (times.Grid, times.StandIn));
                    AssertGrid(model, [.. times.Times], 8);
                    double[] limit = shorter.CreateTimes(Grid.ErrorBalanced, 8, solver), angle = model.CreateTimes(Grid.Angle, 8);
                    for (int i = 1; i < 8; i++) Assert.True(SolverMethod.Of(solver).IsMultistep || Math.Abs(times.Times[i] / limit[i] - 1) < 0.05);
                    Assert.Contains(Enumerable.Range(1, 7), i => Math.Abs(times.Times[i] / angle[i] - 1) > 0.1);
                }
                foreach (Solver solver in new[] { Solver.Heun, Solver.DpmSolverPlusPlus2M })
                {
                    GridTimes best = model.CreateSchedule(Grid.Optimal, 2, solver);
                    Assert.Equal((Grid.Optimal, null), (best.Grid, best.StandIn));
                }
            }
        }
    }

    [Fact]
    public void AStandInIsToldWithItsReason()
    {
        var model = new GaussianMixtureModel(Models.Two(0.04), Models.Ou());
        foreach (Solver solver in new[] { Solver.Heun, Solver.DpmSolverPlusPlus3M })
        {
            GridTimes many = model.CreateSchedule(Grid.Optimal, 65, solver);
            Assert.Equal((Grid.ErrorBalanced, GridStandIn.TooManySteps), (many.Grid, many.StandIn));
        }
        Assert.Null(model.CreateSchedule(Grid.ErrorBalanced, 8, Solver.Heun).StandIn);
        Assert.Null(model.CreateSchedule(Grid.Optimal, 2, Solver.DpmSolverPlusPlus2M).StandIn);
    }

    [Fact]
    [Trait("Hardware", "Any")]
    public void ManyStepsAreInterpolated()
    {
        foreach (Grid grid in new[] { Grid.ErrorBalanced, Grid.Optimal })
        {
            var model = new GaussianMixtureModel(Models.TwoPlanar(0.04), Models.Ou());
            GridTimes many = model.CreateSchedule(grid, TimeGrid.MaxSteps, Solver.RungeKutta4);
            GridTimes few = model.CreateSchedule(Grid.ErrorBalanced, 100, Solver.RungeKutta4);
            AssertGrid(model, [.. many.Times], TimeGrid.MaxSteps);
            // The same density: every hundredth time is one of the few.
            Compare.Close(few.Times.AsSpan(), [.. Enumerable.Range(0, 101).Select(i => many.Times[100 * i])], 1e-12);
        }
    }

    [Theory]
    [Trait("Hardware", "Any")]
    [InlineData(0.25)]
    [InlineData(0.0)]
    public void OneGaussianHasTimes(double variance)
    {
        var model = new GaussianMixtureModel(Models.Isotropic([1], [[0.5, 1]], variance), Models.Ou());
        foreach (Grid grid in new[] { Grid.ErrorBalanced, Grid.Optimal })
            foreach (Solver solver in new[] { Solver.Euler, Solver.RungeKutta4, Solver.DpmSolverPlusPlus2M })
                AssertGrid(model, [.. model.CreateSchedule(grid, 6, solver).Times], 6);
    }

    /// <summary>The bits that every host must give: no function of the platform's library takes part, and no lane knows of another.</summary>
    [Fact]
    public void TimesAreTheSameEverywhere()
    {
        double[] first = Times(), second = Times();
        Assert.Equal(first, second);
        output.WriteLine(string.Join(", ", first.Select(t => PortableNumber.CSharpLiteral(t))));
        Assert.Equal(s_expected, first);

        static double[] Times()
        {
            var model = new GaussianMixtureModel(s_mixtures["faithful"], Models.Ou());
            return [.. model.CreateTimes(Grid.ErrorBalanced, 4, Solver.RungeKutta4), .. model.CreateTimes(Grid.Optimal, 3, Solver.Heun)];
        }
    }

    /// <summary>The generator runs the netstandard2.0 build of the same code.</summary>
    [Fact]
    public void GeneratedTimesAreThoseOfTheRunTime()
    {
        GaussianMixtureModel model = GaussianMixtureModel.From<Measured>();
        Assert.Equal<double>(model.CreateSchedule(Grid.ErrorBalanced, 6, Solver.Heun, Chart.State).Times, Measured.Balanced.Descriptor.Times);
        GridTimes best = model.CreateSchedule(Grid.Optimal, 4, Solver.DpmSolverPlusPlus2M);
        Assert.Equal<double>(best.Times, Measured.Best.Descriptor.Times);
        Assert.Equal(best.Pilot, Measured.Best.Descriptor.Pilot);
        Assert.NotNull(best.Pilot);
        Assert.Null(Measured.Balanced.Descriptor.Pilot);
    }

    /// <summary>Half of the gains measured on 20,000 samples, or less.</summary>
    [Theory]
    [Trait("Hardware", "Any")]
    [InlineData("two")]
    [InlineData("ring")]
    [InlineData("faithful")]
    public void ErrorBalancedIsBetterThanUniformAndStabilityBalanced(string name)
    {
        var model = new GaussianMixtureModel(s_mixtures[name], Models.Ou());
        var samples = new HeldOut(model, 1000);
        foreach ((Solver solver, double factor) in new[] { (Solver.Euler, 2.5), (Solver.Heun, 15), (Solver.RungeKutta4, 50) })
        {
            double balanced = samples.Error(solver, model.CreateTimes(Grid.ErrorBalanced, 8, solver));
            foreach (Grid grid in new[] { Grid.Uniform, Grid.StabilityBalanced })
            {
                double other = samples.Error(solver, model.CreateTimes(grid, 8, solver));
                output.WriteLine($"{name} {solver}: {balanced:E2}, {grid} {other:E2}, {other / balanced:F1} times as much");
                Assert.True(factor * balanced < other, $"{solver}: {balanced:E2} and {grid} {other:E2}");
            }
        }
    }

    [Theory]
    [Trait("Hardware", "Any")]
    [InlineData("two", Solver.Heun, 4)]
    [InlineData("ring", Solver.Ddim, 6)]
    [InlineData("faithful", Solver.DpmSolverPlusPlus2M, 8)]
    public void OptimalIsTheBestOnOtherSamples(string name, Solver solver, int steps)
    {
        var model = new GaussianMixtureModel(s_mixtures[name], Models.Ou());
        GridTimes optimal = model.CreateSchedule(Grid.Optimal, steps, solver);
        PilotErrors pilot = optimal.Pilot!;
        Assert.True(pilot.HeldOut <= pilot.OtherHeldOut && pilot.Samples == 1024 && !optimal.IsReduced);
        var samples = new HeldOut(model, 2000);
        double error = samples.Error(solver, [.. optimal.Times]);
        foreach (Grid grid in new[] { Grid.Angle, Grid.ErrorBalanced, Grid.Edm, Grid.UniformLogSnr, Grid.LogVariance, Grid.ExpectedStability })
        {
            double other = samples.Error(solver, model.CreateTimes(grid, steps, solver));
            output.WriteLine($"{name} {solver} {steps}: {error:E2} (pilot {pilot.Pilot:E2}, held out {pilot.HeldOut:E2}), {grid} {other:E2}");
            Assert.True(error <= 1.1 * other, $"{error:E2} and {grid} {other:E2}");
        }
        // An error on a thousand trajectories is one: the order of magnitude of that on any others.
        Assert.InRange(error / pilot.HeldOut, 0.1, 10);
    }

    private static void AssertGrid(GaussianMixtureModel model, double[] times, int steps)
    {
        Assert.Equal(steps + 1, times.Length);
        Assert.Equal((model.Process.Horizon, model.Process.EarlyStop), (times[0], times[steps]));
        for (int i = 1; i <= steps; i++) Assert.True(times[i] < times[i - 1], $"{times[i - 1]:R} then {times[i]:R}");
    }

    /// <summary>Random starts and where the exact flow takes them.</summary>
    private sealed class HeldOut
    {
        private readonly GaussianMixtureModel _model;
        private readonly double[] _starts, _ends;

        public HeldOut(GaussianMixtureModel model, int count)
        {
            _model = model;
            _starts = FlowSampling.DrawPrior<double>(model, count, seed: 20);
            _ends = new double[_starts.Length];
            int d = model.Dimension;
            for (int i = 0; i < _starts.Length; i += d)
                model.FlowMap(model.Process.Horizon, model.Process.EarlyStop, _starts.AsSpan(i, d), _ends.AsSpan(i, d), 1e-10);
        }

        public double Error(Solver solver, double[] times)
        {
            double[] states = [.. _starts];
            _model.Integrate(_model.CreateProgram(solver, times), states);
            return states.Zip(_ends, (x, y) => (x - y) * (x - y)).Sum() / _ends.Sum(y => y * y);
        }
    }
}

[GaussianMixture(3)]
[Component(0.4, 1, 0.5, -0.25, Variances = new[] { 0.04, 0.1, 0.2 })]
[Component(0.6, -1, 0, 0.5, Variances = new[] { 0.09, 0.05, 0.2 })]
[Sampler("Balanced", Steps = 6, Chart = Chart.State, Grid = Grid.ErrorBalanced)]
[Sampler("Best", Steps = 4, Solver = Solver.DpmSolverPlusPlus2M, Grid = Grid.Optimal)]
public partial class Measured;
