using FlowDsl.Generators.Model;
using FlowDsl.Generators.Validation;
using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Grids;
using FlowDsl.Mathematics.Trajectories;

namespace FlowDsl.Generators.Planning.Samplers;

/// <summary>The times of what maps segment by segment without a solver: students and flow maps.</summary>
internal static class SegmentTimes
{
    /// <summary>Says that an argument is wrong, or that another grid stands in.</summary>
    /// <param name="id">The diagnostic.</param>
    /// <param name="argument">The argument it is at.</param>
    /// <param name="words">The rest of the message.</param>
    public delegate void Report(string id, string argument, params string[] words);

    /// <summary>The grid, if the choice is the generator's.</summary>
    public static Grid Chosen(Grid grid) => grid == Grid.Auto ? Grid.ExpectedStability : grid;

    /// <summary>Finds the times; null where there are none, which is reported.</summary>
    /// <param name="analysis">The flow.</param>
    /// <param name="model">The mixture and its process.</param>
    /// <param name="grid">The grid that is asked for.</param>
    /// <param name="segments">The number of segments.</param>
    /// <param name="invalid">The diagnostic for a grid or a number that cannot be.</param>
    /// <param name="report">Where problems go.</param>
    public static GridTimes? Find(ModelAnalysis analysis, ResolvedModel model, Grid grid, int segments, string invalid, Report report)
    {
        grid = Chosen(grid);
        if (TimeGrid.Obstacle(grid, model.Process) is { } obstacle)
        {
            report(invalid, "Grid", "Grid", $"{grid}", obstacle switch
            {
                GridObstacle.EarlyStopIsZero => "its coordinate is infinite at the early stop 0",
                GridObstacle.HorizonIsPureNoise => "its coordinate is infinite at the horizon, where the signal factor is 0",
                _ => "only samplers take the profile of a network",
            });
            return null;
        }
        var frame = ChartFrame.Canonical(model.Mixture.MeanVariance);
        if (TimeGrid.TryCreate(new GridRequest(grid, segments, Solver.RungeKutta4, frame), analysis) is not { } times)
        {
            string rule = $"Grid.{grid} then has times that double precision cannot distinguish; use fewer";
            report(invalid, "Segments", "Segments", Invariant.Text(segments), rule);
            return null;
        }
        if (times.StandIn is { } why) report(DiagnosticIds.GridReplaced, "Grid", $"{grid}", $"{times.Grid}", why.Description());
        return times;
    }
}
