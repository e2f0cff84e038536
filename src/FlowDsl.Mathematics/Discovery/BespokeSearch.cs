using FlowDsl.Mathematics.Grids;
using FlowDsl.Mathematics.Trajectories;

namespace FlowDsl.Mathematics.Discovery;

/// <summary>
/// The best method with one evaluation per step that was found for a mixture: from several multistep solvers on several grids on a part of the
/// trajectories, then from the best ends on all of them. Other trajectories choose among what was found, and yet others say how good it is.
/// </summary>
internal static class BespokeSearch
{
    /// <summary>The numbers of steps for which there is a search: two slopes leave nothing to discover, and many have too many weights.</summary>
    public const int MinSteps = 3, MaxSteps = 12;

    /// <summary>Multiply-adds of a search, about a second.</summary>
    public const double Budget = 4.5e9;

    // A few hundred trajectories may miss the rare ones that decide, and a search adapts to those it has: half of those that choose, if they are many.
    private const int WantedSamples = 8192, ManySamples = 1024;

    private const double TrajectoryShare = 0.44;

    // The starts see a part of the trajectories, as many as tell good ones from bad ones, and may use a part of the rest.
    private const int Part = 4, WantedPart = 512, FirstRounds = 12, LastRounds = 60, Finalists = 3;
    private const double FirstShare = 0.35;

    // Grids whose steps vary slowly, and the balance of the two-step method's errors.
    private static readonly Solver[] s_solvers = [Solver.DpmSolverPlusPlus2M];
    private static readonly Grid[] s_grids = [Grid.UniformLogSnr, Grid.Edm, Grid.ErrorBalanced, Grid.Angle];

    /// <summary>The charts of a declaration.</summary>
    /// <param name="chart">The chart as declared; Auto tries both.</param>
    /// <param name="meanVariance">The mixture's mean variance.</param>
    public static ChartFrame[] Frames(Chart chart, double meanVariance) => chart == Chart.Auto && meanVariance > 0
        ? [ChartFrame.Canonical(0), ChartFrame.Canonical(meanVariance)]
        : [ChartFrame.For(chart, Solver.Bespoke, meanVariance)];

    /// <summary>The trajectories of searches in a mixture; null where it is so large that too few could be followed.</summary>
    /// <param name="analysis">The model.</param>
    public static SearchTrajectories? TryFollow(ModelAnalysis analysis)
        => SearchTrajectories.TryFollow(analysis.Pilot, WantedSamples, TrajectoryShare * Budget);

    /// <summary>Searches.</summary>
    /// <param name="analysis">The model.</param>
    /// <param name="frames">The canonical charts that may be used.</param>
    /// <param name="steps">N.</param>
    /// <returns>Null where the mixture is so large that too few trajectories could be followed, or nothing finite was found.</returns>
    public static Discovery? Find(ModelAnalysis analysis, IReadOnlyList<ChartFrame> frames, int steps)
        => TryFollow(analysis) is { } trajectories ? Find(analysis, trajectories, frames, steps) : null;

    /// <summary>Searches on trajectories that were followed before.</summary>
    /// <param name="analysis">The model.</param>
    /// <param name="trajectories">The trajectories.</param>
    /// <param name="frames">The canonical charts that may be used.</param>
    /// <param name="steps">N.</param>
    /// <returns>Null where nothing finite was found.</returns>
    public static Discovery? Find(ModelAnalysis analysis, SearchTrajectories trajectories, IReadOnlyList<ChartFrame> frames, int steps)
    {
        int stride = trajectories.Searching < ManySamples ? 1 : 2;
        trajectories = trajectories.Every(stride, Math.Max(Part * stride, trajectories.Searching / WantedPart));
        MethodSearcher[] searchers = [.. frames.Select(frame => new MethodSearcher(analysis.Pilot, frame, steps, trajectories))];
        (MethodSearcher By, BespokeMethod Method)[] starts =
            [.. searchers.SelectMany(by => Starts(analysis, by.Frame, steps, s_solvers, s_grids).Select(start => (by, start)))];
        if (starts.Length == 0) return null;
        double limit = (1 - TrajectoryShare) * Budget * FirstShare / starts.Length;
        (MethodSearcher By, BespokeMethod Method)[] ends =
        [
            .. starts.Select(start => (start.By, Method: start.By.OnPart(start.Method, FirstRounds, limit)))
                .OrderBy(end => end.By.Choosing(end.Method)).Take(Finalists),
        ];
        limit = (1 - TrajectoryShare) * Budget * (1 - FirstShare) / ends.Length;
        (MethodSearcher By, BespokeMethod Method)[] found =
            [.. ends, .. ends.SelectMany(end => end.By.OnAll(end.Method, LastRounds, limit).Select(own => (end.By, own)))];
        (MethodSearcher By, BespokeMethod Method, double Error) best = Best(found);
        return double.IsInfinity(best.Error)
            ? null
            : new Discovery(
                best.By.Frame, best.Method, new SearchErrors(trajectories.Reporting, best.By.Error(best.Method), best.By.HeldOut(best.Method)));
    }

    /// <summary>
    /// Where a search would start that is too expensive: DPM-Solver++(2M) on times that need no measurements; null where its numbers are not finite.
    /// </summary>
    /// <param name="analysis">The model.</param>
    /// <param name="frame">The chart, a canonical one.</param>
    /// <param name="steps">N.</param>
    public static Discovery? Start(ModelAnalysis analysis, ChartFrame frame, int steps)
        => Starts(analysis, frame, steps, s_solvers, [Grid.UniformLogSnr, Grid.Angle]).FirstOrDefault() is { } method
            ? new Discovery(frame, method, null)
            : null;

    private static (MethodSearcher By, BespokeMethod Method, double Error) Best(IReadOnlyList<(MethodSearcher By, BespokeMethod Method)> candidates)
        => candidates.Select(own => (own.By, own.Method, Error: own.By.Choosing(own.Method))).OrderBy(own => own.Error).First();

    /// <summary>Multistep solvers on grids, as far as they are there.</summary>
    /// <param name="analysis">The model.</param>
    /// <param name="frame">The chart.</param>
    /// <param name="steps">N.</param>
    /// <param name="solvers">The solvers.</param>
    /// <param name="grids">The grids.</param>
    public static IEnumerable<BespokeMethod> Starts(
        ModelAnalysis analysis, ChartFrame frame, int steps, IReadOnlyList<Solver> solvers, IReadOnlyList<Grid> grids)
    {
        foreach (Grid grid in grids)
        {
            if (TimeGrid.Obstacle(grid, analysis.Process) is not null) continue;
            foreach (Solver solver in solvers)
            {
                if (TimeGrid.TryCreate(new GridRequest(grid, steps, solver, frame), analysis)?.Times is not { } times) continue;
                if (FlowProgram.TryCreate(analysis.Process, frame, solver, times) is not { } program) continue;
                if (BespokeMethod.Of(program) is { } method) yield return method;
            }
        }
    }
}

/// <summary>A discovered method.</summary>
/// <param name="Frame">Its chart.</param>
/// <param name="Method">Its times and weights.</param>
/// <param name="Errors">Its errors; null where it is the start of a search that was not made.</param>
internal sealed record Discovery(ChartFrame Frame, BespokeMethod Method, SearchErrors? Errors);
