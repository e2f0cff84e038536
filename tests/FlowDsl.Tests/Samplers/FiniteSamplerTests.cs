using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Grids;
using FlowDsl.Mathematics.Solvers;
using Xunit.Abstractions;

namespace FlowDsl.Tests;

/// <summary>
/// Every solver on every grid under processes that end in pure noise, at the data, or out of the data's scale, in 1 to 20 steps: all numbers of
/// the sampler, its companion, its samples and its forecast are finite, or it is refused with a reason.
/// </summary>
[Trait("Hardware", "Any")]
public class FiniteSamplerTests(ITestOutputHelper output)
{
    private const int MaxSteps = 20;

    private static readonly Mixture s_mixture = new([0.3, 0.7], [[1.2, 0.9], [-1.2, -0.9]], [Covariance.Diagonal([0.04, 0.3]), Covariance.Isotropic(2, 0.1)]);

    /// <summary>Each kind of process: as by default, over its whole interval, and with ends near those of double precision.</summary>
    private static readonly (string Name, Process Process)[] s_processes =
    [
        ("Ornstein-Uhlenbeck", new OrnsteinUhlenbeckProcess()),
        ("Ornstein-Uhlenbeck from 0", new OrnsteinUhlenbeckProcess(earlyStop: 0)),
        ("Ornstein-Uhlenbeck to 740", new OrnsteinUhlenbeckProcess(horizon: 740)),
        ("Ornstein-Uhlenbeck to 800", new OrnsteinUhlenbeckProcess(horizon: 800)),
        ("Ornstein-Uhlenbeck from 0 to 1e50", new OrnsteinUhlenbeckProcess(horizon: 1e50, earlyStop: 0, sigma: 3)),
        ("variance exploding", new VarianceExplodingProcess()),
        ("variance exploding from 0", new VarianceExplodingProcess(0)),
        ("variance exploding from 1e-50 to 1e50", new VarianceExplodingProcess(1e-50, 1e50)),
        ("linear interpolant", new LinearInterpolantProcess()),
        ("linear interpolant from 0", new LinearInterpolantProcess(0)),
        ("linear interpolant from 0 to 0.95", new LinearInterpolantProcess(0, 0.95)),
        ("variance preserving", new VariancePreservingProcess(TrainingSchedule.Linear())),
        ("variance preserving between two steps", new VariancePreservingProcess(TrainingSchedule.ScaledLinear(), 500.9, 500.1)),
        ("variance preserving, squared cosine", new VariancePreservingProcess(TrainingSchedule.SquaredCosine())),
        ("variance preserving to almost no signal", new VariancePreservingProcess(TrainingSchedule.FromBetas([1e-90, .. Enumerable.Repeat(0.99, 100)]))),
    ];

    /// <summary>A few solvers and numbers of steps for each process and grid, the same in every run; all of them where FLOWDSL_ALL=1 asks for that.</summary>
    [Fact]
    public void EverySamplerIsFiniteOrRefusedWithAReason()
    {
        var random = new Random(20260607);
        Solver[] solvers = Models.Solvers;
        bool all = Environment.GetEnvironmentVariable("FLOWDSL_ALL") == "1";
        Run(grid => all
            ? [.. from solver in solvers from steps in Enumerable.Range(1, MaxSteps) select (solver, steps)]
            : [.. Enumerable.Range(0, grid == Grid.Optimal ? 1 : 3).Select(
                _ => (solvers[random.Next(solvers.Length)], 1 + random.Next(grid == Grid.Optimal ? 4 : MaxSteps)))]);
    }

    /// <summary>Every solver on every grid under every process, in one number of steps: few where it is a search.</summary>
    [Fact]
    public void EverySolverOnEveryGridIsFiniteOrRefusedWithAReason()
        => Run(grid => [.. Models.Solvers.Select(solver => (solver, grid is Grid.Optimal or Grid.Auto ? 2 : 5))], forecasts: false);

    private void Run(Func<Grid, (Solver Solver, int Steps)[]> choose, bool forecasts = true)
    {
        int runs = 0;
        var refusals = new SortedDictionary<string, int>(StringComparer.Ordinal);
        List<string> faults = [];
        foreach ((string name, Process process) in s_processes)
        {
            var model = new GaussianMixtureModel(s_mixture, process);
            double[] starts = FlowSampling.DrawPrior<double>(model, 8, seed: 1);
            foreach (Grid grid in Enum.GetValues<Grid>())
            {
                foreach ((Solver solver, int steps) in choose(grid))
                {
                    runs++;
                    if (grid != Grid.Auto && TimeGrid.Obstacle(grid, process) is { } obstacle)
                    {
                        string reason = $"{grid}: {obstacle.Description()}";
                        refusals[reason] = refusals.GetValueOrDefault(reason) + 1;
                        var refused = Assert.Throws<ArgumentException>(() => model.CreateSchedule(grid, steps, solver));
                        Assert.Contains(obstacle.Description(), refused.Message, StringComparison.Ordinal);
                        continue;
                    }
                    if (Fault(model, grid, solver, steps, starts, forecasts) is { } fault) faults.Add($"{name}, {solver} on {grid} in {steps}: {fault}");
                }
            }
        }
        foreach ((string reason, int count) in refusals) output.WriteLine($"{count} refused: {reason}");
        output.WriteLine($"{runs} samplers, {refusals.Values.Sum()} refused, {faults.Count} faults");
        Assert.True(faults.Count == 0, string.Join("\n", faults.Take(20)));
    }

    /// <summary>What is not finite, or not in order; null where nothing is.</summary>
    private static string? Fault(GaussianMixtureModel model, Grid grid, Solver solver, int steps, double[] starts, bool forecasts)
    {
        GridTimes schedule = model.CreateSchedule(grid, steps, solver);
        double[] times = [.. schedule.Times];
        if (times.Length != steps + 1 || times[0] != model.Process.Horizon || times[steps] != model.Process.EarlyStop) return "other ends";
        for (int i = 1; i <= steps; i++)
            if (!double.IsFinite(times[i]) || !(times[i] < times[i - 1])) return $"time {times[i]} after {times[i - 1]}";
        // Another grid than was asked for is told, and only where something stands in the way of measuring.
        bool isReplaced = grid != Grid.Auto && schedule.Grid != grid;
        if (isReplaced != (schedule.StandIn is not null)) return $"the grid is {schedule.Grid} for the reason {schedule.StandIn}";
        if (isReplaced) return $"a stand-in: {schedule.StandIn}";

        ChartFrame frame = ChartFrame.For(Chart.Auto, solver, model.Mixture.MeanVariance);
        FlowProgram program = FlowProgram.Create(model.Process, frame, solver, times), companion = CompanionProgram.Create(model.Process, frame, solver, times);
        if (program.Fault(model.Mixture) is { } reason) return $"{reason} at {string.Join(" ", times)}";
        if (!Numbers(program).Concat(Numbers(companion)).All(double.IsFinite)) return "a coefficient";
        if (LocalErrors.Of(model.Mixture, model.Process, frame, solver, times) is { } errors
            && !errors.Steps.All(step => double.IsFinite(step.State + step.Previous + step.Next + step.Slopes.Sum()))) return "an estimate's coefficient";
        double[] states = [.. starts], close = [.. starts];
        model.Integrate(program, states);
        model.Integrate(companion, close);
        if (!states.Concat(close).All(double.IsFinite)) return "a sample";
        return forecasts && model.MeasureForecast(program) is { } forecast
            && !double.IsFinite(forecast.RelativeMeanSquaredError + forecast.MedianAmplification + forecast.HighAmplification
                + forecast.Segments.Sum(segment => segment.MedianAmplification + segment.HighAmplification + segment.LocalError + segment.PropagatedError))
            ? "the forecast" : null;
    }

    private static IEnumerable<double> Numbers(FlowProgram program)
        => from step in program.Steps
           from combination in step.Results.Concat(step.Stages.Select(stage => stage.Input))
           from number in combination.Slopes.Append(combination.State)
           select number;
}
