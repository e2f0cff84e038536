using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Grids;
using FlowDsl.Mathematics.Trajectories;
using Xunit.Abstractions;

namespace FlowDsl.Tests;

/// <summary>Measured grids of multistep solvers: what they are measured by, and how good they are on trajectories they have not seen.</summary>
[Trait("Hardware", "Any")]
public class MultistepGridTests(ITestOutputHelper output)
{
    private static readonly double[][] s_ring = [.. Enumerable.Range(0, 8).Select(k => new[] { 4 * Math.Cos(Math.PI * k / 4), 4 * Math.Sin(Math.PI * k / 4) })];

    /// <summary>The kinds of mixtures of the published figures: overlapping and narrow, few and many modes, in 1, 2 and 16 dimensions.</summary>
    private static readonly Mixture[] s_mixtures =
    [
        Models.Two(0.25),
        Models.Two(0.04),
        Models.TwoPlanar(0.04),
        Models.Isotropic([.. Enumerable.Repeat(0.125, 8)], s_ring, [.. Enumerable.Repeat(0.09, 8)]),
        Models.Isotropic(
            [.. Enumerable.Repeat(0.04, 25)], [.. Enumerable.Range(0, 25).Select(k => new[] { 2.0 * (k / 5 - 2), 2.0 * (k % 5 - 2) })],
            [.. Enumerable.Repeat(0.01, 25)]),
        Models.Isotropic([.. Enumerable.Repeat(0.1, 10)], Normal(new Random(16)), [.. Enumerable.Repeat(0.05, 10)]),
        new(
            [0.3559, 0.6441], [[-1.27, -1.21], [0.70, 0.67]],
            [Covariance.Full(2, [0.0531, 0.0281, 0.0281, 0.1823]), Covariance.Full(2, [0.1305, 0.0606, 0.0606, 0.1950])]),
        new([0.5, 0.5], [[1, 0], [-1, 0]], [Covariance.Diagonal([0.05, 0.6]), Covariance.Diagonal([0.6, 0.05])]),
    ];

    /// <summary>
    /// Against a search of another kind that costs more: one time after the other is moved to and fro as long as the error falls, from the best of three
    /// usual grids. The geometric mean over the mixtures of the errors' ratio is at most 1.3 on trajectories that neither has seen.
    /// </summary>
    [Theory]
    [InlineData(Solver.DpmSolverPlusPlus2M, 8)]
    [InlineData(Solver.DpmSolverPlusPlus2M, 16)]
    [InlineData(Solver.DpmSolverPlusPlus3M, 8)]
    [InlineData(Solver.DpmSolverPlusPlus3M, 16)]
    [InlineData(Solver.UniPC2, 8)]
    [InlineData(Solver.UniPC2, 16)]
    [InlineData(Solver.Deis2, 8)]
    public void AutoIsAsGoodAsALongerSearch(Solver solver, int steps)
    {
        double sum = 0;
        foreach (Mixture mixture in s_mixtures)
        {
            var model = new GaussianMixtureModel(mixture, Models.Ou());
            var pilot = new PilotModel(mixture, model.Process, CancellationToken.None);
            var request = new GridRequest(Grid.Optimal, steps, solver, ChartFrame.Canonical(0));
            var others = new PilotError(pilot, request, Follow(pilot, 4096, 1));
            double[] searched = Descend(new PilotError(pilot, request, Follow(pilot, 1024, 2)), model, steps, solver);
            double[] automatic = model.CreateTimes(Grid.Auto, steps, solver);
            double error = others.Of(automatic), other = others.Of(searched);
            output.WriteLine($"K = {mixture.Count}, d = {mixture.Dimension}: {error:E2}, searched {other:E2}");
            sum += Math.Log(error / other);
        }
        double mean = Math.Exp(sum / s_mixtures.Length);
        output.WriteLine($"{solver} {steps}: {mean:F3}");
        Assert.True(mean <= 1.3, $"{mean:F3} times the error of a longer search");
    }

    /// <summary>No step extrapolates much farther than equal steps would, so single precision and networks can follow.</summary>
    [Theory]
    [InlineData(Solver.DpmSolverPlusPlus2M, 3)]
    [InlineData(Solver.DpmSolverPlusPlus3M, 5.5)]
    public void StepsDoNotExtrapolateFar(Solver solver, double gain)
    {
        foreach (Mixture mixture in s_mixtures)
        {
            var model = new GaussianMixtureModel(mixture, Models.Ou());
            FlowProgram program = model.CreateProgram(solver, model.CreateTimes(Grid.Auto, 12, solver));
            double greatest = program.Steps.Select((step, i) => step.Results[Math.Min(i, step.Results.Length - 1)].Slopes)
                .Max(slopes => slopes.Sum(Math.Abs) / Math.Abs(slopes.Sum()));
            output.WriteLine($"{greatest:F2}");
            Assert.InRange(greatest, 1, Math.Exp(0.5) * gain);
        }
    }

    /// <summary>Kept states and slopes give the bits of a run from the start, whichever times change.</summary>
    [Theory]
    [InlineData(Solver.Heun)]
    [InlineData(Solver.DpmSolverPlusPlus2M)]
    [InlineData(Solver.DpmSolverPlusPlus3M)]
    public void PartialRunsAreWholeRuns(Solver solver)
    {
        Mixture mixture = Models.Crossing();
        var pilot = new PilotModel(mixture, Models.Ou(), CancellationToken.None);
        PilotPath path = Follow(pilot, 37, 3);
        var request = new GridRequest(Grid.Optimal, 7, solver, ChartFrame.Canonical(solver == Solver.Heun ? mixture.MeanVariance : 0));
        var kept = new PilotError(pilot, request, path);
        var model = new GaussianMixtureModel(mixture, pilot.Process);
        double[] times = model.CreateTimes(Grid.UniformLogSnr, 7, solver);
        var random = new Random(4);
        for (int trial = 0; trial < 40; trial++)
        {
            if (trial > 0)
            {
                int i = 1 + random.Next(6);
                times[i] = times[i + 1] + (0.1 + 0.8 * random.NextDouble()) * (times[i - 1] - times[i + 1]);
            }
            double[] states = [.. path.States[0].Points().SelectMany(point => point)], ends = [.. path.States[^1].Points().SelectMany(point => point)];
            double error = kept.Of(times);
            Assert.Equal(new PilotError(pilot, request, path).Of(times), error);
            // The library's own loops, another implementation.
            model.Integrate(FlowProgram.Create(pilot.Process, request.Frame, solver, times), states);
            Assert.Equal(states.Zip(ends, (x, y) => (x - y) * (x - y)).Sum() / ends.Sum(y => y * y), error, 1e-9 * error);
        }
    }

    /// <summary>One Gaussian, where the flow, its slopes and its Jacobian have closed forms.</summary>
    [Fact]
    public void AStepsErrorIsThatOfTheClosedForm()
    {
        double[] variances = [0.25, 1.5], mean = [0.3, -0.7];
        Process process = Models.Ou();
        var pilot = new PilotModel(new Mixture([1], [mean], [Covariance.Diagonal(variances)]), process, CancellationToken.None);
        PilotPath path = Follow(pilot, 50, 5);
        (int before, int from, int to) = (12, 18, 24);
        double[] nodes = [path.Times[before], path.Times[from], path.Times[to]];
        ProcessPoint[] points = [.. nodes.Select(process.At)];
        double[] clocks = [.. points.Select(point => Math.Log(point.A / point.S))];
        double h = clocks[2] - clocks[1], share = 0.5 * h / (clocks[1] - clocks[0]), expected = 0;
        ProcessPoint start = process.At(process.Horizon), end = process.At(process.EarlyStop);
        foreach (double[] x in path.States[0].Points())
        {
            for (int j = 0; j < 2; j++)
            {
                // Along an axis x - aμ is proportional to the standard deviation.
                double unit = (x[j] - start.A * mean[j]) / Math.Sqrt(start.Spread(variances[j]));
                double State(ProcessPoint point) => point.A * mean[j] + unit * Math.Sqrt(point.Spread(variances[j]));
                double Prediction(ProcessPoint point)
                    => mean[j] + point.A * variances[j] / point.Spread(variances[j]) * (State(point) - point.A * mean[j]);
                double slope = Prediction(points[1]) + share * (Prediction(points[1]) - Prediction(points[0]));
                double reached = points[2].S / points[1].S * State(points[1]) + points[2].A * (1 - Math.Exp(-h)) * slope;
                double error = (reached - State(points[2])) * Math.Sqrt(end.Spread(variances[j]) / points[2].Spread(variances[j]));
                expected += error * error / 50;
            }
        }
        double measured = new ErrorProfile(pilot, path).Error2(ChartFrame.Canonical(0), Solver.DpmSolverPlusPlus2M, from, to);
        // The path and its adjoint are those of a Runge-Kutta method.
        Assert.Equal(expected, measured, 0.01 * expected);
    }

    /// <summary>Random trajectories, not those of a low discrepancy that grids are measured on.</summary>
    private static PilotPath Follow(PilotModel pilot, int count, int seed)
    {
        double[] starts = FlowSampling.DrawPrior<double>(new GaussianMixtureModel(pilot.Mixture, pilot.Process), count, (ulong)seed);
        double[][] points = [.. starts.Chunk(pilot.Mixture.Dimension)];
        return PilotPath.Follow(pilot, PilotTimes.Create(pilot.Mixture, pilot.Process, 64), Batch.Of(points));
    }

    private static double[] Descend(PilotError pilot, GaussianMixtureModel model, int steps, Solver solver)
    {
        double[] times = new[] { Grid.UniformLogSnr, Grid.Edm, Grid.Angle }.Select(grid => model.CreateTimes(grid, steps, solver)).MinBy(pilot.Of)!;
        double error = pilot.Of(times);
        double[] moves = [.. Enumerable.Repeat(0.25, steps + 1)];
        for (int sweep = 0; sweep < 15; sweep++)
        {
            for (int i = 1; i < steps; i++)
            {
                double old = times[i];
                foreach (double neighbour in new[] { times[i - 1], times[i + 1] })
                {
                    times[i] = old * Math.Pow(neighbour / old, moves[i]);
                    double trial = pilot.Of(times);
                    if (trial < error)
                    {
                        error = trial;
                        break;
                    }
                    times[i] = old;
                }
                moves[i] = times[i] == old ? 0.5 * moves[i] : Math.Min(0.75, 1.5 * moves[i]);
            }
        }
        return times;
    }

    private static double[][] Normal(Random random)
        => [.. Enumerable.Range(0, 10).Select(_ => Enumerable.Range(0, 16).Select(_ =>
            Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble())).ToArray())];
}
