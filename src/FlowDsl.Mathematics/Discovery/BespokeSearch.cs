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

    // A few hundred trajectories may miss the rare ones that decide, and a search adapts to those it has.
    private const int WantedSamples = 2048, MinSamples = 64, Intervals = 48;

    // Multiply-adds, about a second, and the share of the trajectories.
    private const double Budget = 3.6e9, TrajectoryShare = 0.3;

    // The starts see a part of the trajectories, as many as tell good ones from bad ones, and may use a part of the rest.
    private const int Part = 4, FirstRounds = 12, LastRounds = 60, Finalists = 3;
    private const double FirstShare = 0.35, SaturatingShare = 0.7;

    /// <summary>The charts of a declaration.</summary>
    /// <param name="chart">The chart as declared; Auto tries both.</param>
    /// <param name="meanVariance">The mixture's mean variance.</param>
    public static ChartFrame[] Frames(Chart chart, double meanVariance) => chart == Chart.Auto && meanVariance > 0
        ? [ChartFrame.Canonical(0), ChartFrame.Canonical(meanVariance)]
        : [ChartFrame.For(chart, Solver.Bespoke, meanVariance)];

    /// <summary>Searches.</summary>
    /// <param name="analysis">The model.</param>
    /// <param name="frames">The canonical charts that may be used.</param>
    /// <param name="steps">N.</param>
    /// <returns>Null where the mixture is so large that too few trajectories could be followed, or nothing finite was found.</returns>
    public static Discovery? Find(ModelAnalysis analysis, IReadOnlyList<ChartFrame> frames, int steps)
    {
        PilotModel model = analysis.Pilot;
        // Trajectories to search by, as many to choose by, and as many to report.
        double affordable = TrajectoryShare * Budget / (3 * 6 * Intervals * BatchField.Operations(model.Mixture));
        int samples = (int)Math.Min(WantedSamples, affordable);
        if (samples < MinSamples) return null;
        double[] nodes = PilotTimes.Create(model.Mixture, model.Process, Intervals);
        (double[][] own, double[][] others) = PriorPoints.Draw(model.Mixture, model.Process, 2 * samples);
        PilotPath path = Follow([.. own.Where((_, i) => i % 2 == 0)]);
        PilotPath choosing = Follow([.. own.Where((_, i) => i % 2 == 1)]), heldOut = Follow([.. others.Where((_, i) => i % 2 == 0)]);
        PilotPath part = path.Ends(Part);

        Searcher[] searchers = [.. frames.Select(frame => new Searcher(model, frame, steps, path, part, choosing, heldOut))];
        (Searcher By, BespokeMethod Method)[] starts =
            [.. searchers.SelectMany(by => Starts(analysis, by.Frame, steps).Select(start => (by, start)))];
        if (starts.Length == 0) return null;
        double limit = (1 - TrajectoryShare) * Budget * FirstShare / starts.Length;
        (Searcher By, BespokeMethod Method)[] ends =
        [
            .. starts.Select(start => (start.By, Method: start.By.OnPart(start.Method, FirstRounds, limit)))
                .OrderBy(end => end.By.Choosing(end.Method)).Take(Finalists),
        ];
        limit = (1 - TrajectoryShare) * Budget * (1 - FirstShare) / ends.Length;
        (Searcher By, BespokeMethod Method)[] found =
            [.. ends, .. ends.SelectMany(end => end.By.OnAll(end.Method, LastRounds, limit).Select(own => (end.By, own)))];
        (Searcher By, BespokeMethod Method, double Error) best = Best(found);
        return double.IsInfinity(best.Error)
            ? null
            : new Discovery(best.By.Frame, best.Method, new SearchErrors(samples, best.By.Error(best.Method), best.By.HeldOut(best.Method)));

        PilotPath Follow(double[][] points) => PilotPath.Follow(model, nodes, Batch.Of(points));
    }

    private static (Searcher By, BespokeMethod Method, double Error) Best(IReadOnlyList<(Searcher By, BespokeMethod Method)> candidates)
        => candidates.Select(own => (own.By, own.Method, Error: own.By.Choosing(own.Method))).OrderBy(own => own.Error).First();

    /// <summary>Multistep solvers on grids whose steps vary slowly, and on the balance of the two-step method's errors.</summary>
    private static IEnumerable<BespokeMethod> Starts(ModelAnalysis analysis, ChartFrame frame, int steps)
    {
        foreach (Grid grid in new[] { Grid.UniformLogSnr, Grid.Edm, Grid.ErrorBalanced, Grid.Angle })
        {
            if (TimeGrid.Obstacle(grid, analysis.Process) is not null) continue;
            if (TimeGrid.TryCreate(new GridRequest(grid, steps, Solver.DpmSolverPlusPlus2M, frame), analysis)?.Times is not { } times) continue;
            if (FlowProgram.TryCreate(analysis.Process, frame, Solver.DpmSolverPlusPlus2M, times) is not { } program) continue;
            if (BespokeMethod.Of(program) is { } method) yield return method;
        }
    }

    /// <summary>Measurements and searches in one chart.</summary>
    private sealed class Searcher(
        PilotModel model, ChartFrame frame, int steps, PilotPath path, PilotPath part, PilotPath choosing, PilotPath heldOut)
    {
        private readonly BespokeErrors _all = new(model, frame, steps, path), _part = new(model, frame, steps, part);
        private readonly BespokeErrors _choosing = new(model, frame, steps, choosing);

        public ChartFrame Frame => frame;

        public BespokeMethod OnPart(BespokeMethod start, int rounds, double operations) => Find(_part, start, rounds, operations, saturates: true);

        /// <summary>Where the search ends with squares that saturate, and where it ends from there without, which suits few steps better.</summary>
        public BespokeMethod[] OnAll(BespokeMethod start, int rounds, double operations)
        {
            BespokeMethod bulk = Find(_all, start, rounds, SaturatingShare * operations, saturates: true);
            return [bulk, Find(_all, bulk, rounds, (1 - SaturatingShare) * operations, saturates: false)];
        }

        public double Error(BespokeMethod method) => _all.Of(method);

        public double Choosing(BespokeMethod method) => _choosing.Of(method);

        public double HeldOut(BespokeMethod method) => new BespokeErrors(model, frame, steps, heldOut).Of(method);

        private BespokeMethod Find(BespokeErrors errors, BespokeMethod start, int rounds, double operations, bool saturates)
            => new BespokeDescent(errors, model.Process).Find(start, rounds, errors.Operations + operations, saturates);
    }
}

/// <summary>A discovered method.</summary>
/// <param name="Frame">Its chart.</param>
/// <param name="Method">Its times and weights.</param>
/// <param name="Errors">Its errors.</param>
internal sealed record Discovery(ChartFrame Frame, BespokeMethod Method, SearchErrors Errors);
