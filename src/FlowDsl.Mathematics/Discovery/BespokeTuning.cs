using FlowDsl.Mathematics.Trajectories;

namespace FlowDsl.Mathematics.Discovery;

/// <summary>
/// A longer search than a build can have: on more trajectories, from more solvers on more grids and from methods of fewer steps with a step split in two,
/// and at last from blows to the best. What a build finds is among the candidates.
/// </summary>
/// <param name="analysis">The model.</param>
/// <param name="trajectories">The trajectories.</param>
/// <param name="operations">The multiply-adds that it may take.</param>
/// <param name="progress">Receives the share of the work that is done.</param>
internal sealed class BespokeTuning(ModelAnalysis analysis, SearchTrajectories trajectories, double operations, IProgress<double>? progress)
{
    /// <summary>The budgets that may be asked for, in units of a build's.</summary>
    public const int MinBudget = 2, MaxBudget = 10_000;

    private const int WantedSamples = 16_384;
    private const double TrajectoryShare = 0.2;

    // How many steps fewer the first method has that is split, and how many methods of each number go on.
    private const int Growth = 3, Kept = 3;

    // Of the best starts, and the rounds of each stage.
    private const int Finalists = 6, GrowthRounds = 12, FirstRounds = 25, LastRounds = 100;

    // What the stages may use: of the growth at each number of steps, of the starts, and of the finalists. Blows may have the rest.
    private const double GrowthShare = 0.04, FirstShare = 0.15, LastShare = 0.3;

    // The rounds that each finalist should have at least: so many trajectories are searched by. Starts are searched on a part of them.
    private const int WantedRounds = 60, Part = 4;

    // The blows of a generation, the share of each, and the generations without a gain after which the search ends.
    private const int Blows = 8, MaxFailures = 3;
    private const double BlowShare = 0.025;
    private static readonly double[] s_strengths = [0.1, 0.25, 0.5, 0.8];

    private static readonly Solver[] s_solvers = [Solver.DpmSolverPlusPlus2M, Solver.DpmSolverPlusPlus3M, Solver.UniPC2, Solver.UniPC3];
    private static readonly Grid[] s_quickGrids = [Grid.UniformLogSnr, Grid.Edm, Grid.ErrorBalanced, Grid.Angle];
    private static readonly Grid[] s_grids = [.. s_quickGrids, Grid.Optimal];

    private double _used;

    /// <summary>Searches.</summary>
    /// <param name="analysis">The model.</param>
    /// <param name="frames">The canonical charts that may be used.</param>
    /// <param name="steps">N.</param>
    /// <param name="budget">The budget, in units of a build's.</param>
    /// <param name="progress">Receives the share of the work that is done.</param>
    /// <returns>Null where too few trajectories could be followed (see <see cref="LeastBudget"/>), or nothing finite was found.</returns>
    public static Discovery? Find(ModelAnalysis analysis, IReadOnlyList<ChartFrame> frames, int steps, int budget, IProgress<double>? progress = null)
    {
        double operations = budget * BespokeSearch.Budget;
        if (SearchTrajectories.TryFollow(analysis.Pilot, WantedSamples, TrajectoryShare * operations) is not { } trajectories) return null;
        progress?.Report(TrajectoryShare);
        operations *= 1 - TrajectoryShare;
        double affordable = LastShare * operations / (Finalists * WantedRounds * BespokeErrors.RoundCost(analysis.Pilot.Mixture, steps));
        int stride = (int)Math.Max(1, Math.Ceiling(trajectories.Searching / Math.Max(affordable, SearchTrajectories.MinSamples)));
        var tuning = new BespokeTuning(analysis, trajectories.Every(stride, stride * Part), operations, progress);
        return tuning.Find(frames, steps, BespokeSearch.Find(analysis, frames, steps)) is { } found
            ? found with { Errors = found.Errors! with { Budget = budget } }
            : null;
    }

    /// <summary>The least budget that affords enough trajectories, in units of a build's.</summary>
    /// <param name="mixture">The mixture.</param>
    public static double LeastBudget(Mixture mixture)
        => Math.Ceiling(SearchTrajectories.MinSamples * SearchTrajectories.Cost(mixture) / (TrajectoryShare * BespokeSearch.Budget));

    private Discovery? Find(IReadOnlyList<ChartFrame> frames, int steps, Discovery? built)
    {
        int first = Math.Max(BespokeSearch.MinSteps, steps - Growth);
        List<Candidate> grown = [];
        for (int n = first; n < steps; n++)
        {
            IEnumerable<Candidate> starts = Splits(grown).Concat(Starts(frames, n, s_quickGrids));
            grown = [.. Narrow([.. starts], GrowthShare * operations, own => [By(own, n).OnPart(own.Method, GrowthRounds, own.Limit)]).Take(Kept)];
        }
        Candidate? own = built is null ? null : new Candidate(built.Frame, built.Method);
        Candidate[] ends = Narrow(
            [.. own is null ? [] : (Candidate[])[own], .. Splits(grown), .. Starts(frames, steps, s_grids)], FirstShare * operations,
            own => [own.Method, By(own, steps).OnPart(own.Method, FirstRounds, own.Limit)]);
        if (ends.Length == 0) return null;
        Candidate best = Narrow(
            [.. ends.Take(Finalists)], LastShare * operations, own => [own.Method, .. By(own, steps).OnAll(own.Method, LastRounds, own.Limit)])[0];

        const double generationShare = Blows * BlowShare;
        for (int generation = 0, failures = 0; failures < MaxFailures && _used + generationShare * operations <= operations; generation++)
        {
            Candidate[] blows =
            [
                .. Enumerable.Range(0, Blows).Select(i => best with
                {
                    Method = best.Method.Kicked(analysis.Process, s_strengths[i % s_strengths.Length], generation * Blows + i),
                }),
            ];
            Candidate next = Narrow(blows, generationShare * operations, own => By(own, steps).OnAll(own.Method, LastRounds, own.Limit))[0];
            if (next.Error < best.Error) (best, failures) = (next, 0);
            else failures++;
        }
        if (double.IsInfinity(best.Error)) return null;
        MethodSearcher by = By(best, steps);
        double? build = built is null ? null : By(new Candidate(built.Frame, built.Method), steps).HeldOut(built.Method);
        SearchErrors errors = new(trajectories.Reporting, by.Error(best.Method), by.HeldOut(best.Method)) { Build = build };
        return new Discovery(best.Frame, best.Method, errors);
    }

    // Each search has its own, so that they can run side by side.
    private MethodSearcher By(Candidate own, int steps) => own.By ??= new MethodSearcher(analysis.Pilot, own.Frame, steps, trajectories);

    private IEnumerable<Candidate> Splits(List<Candidate> methods) => methods.SelectMany(own => Enumerable.Range(0, own.Method.Steps)
        .Select(step => new Candidate(own.Frame, own.Method.Split(analysis.Process, step))));

    private IEnumerable<Candidate> Starts(IReadOnlyList<ChartFrame> frames, int steps, Grid[] grids) => frames.SelectMany(frame => BespokeSearch
        .Starts(analysis, frame, steps, s_solvers, grids).Select(method => new Candidate(frame, method)));

    /// <summary>Searches from each start, and orders what was found by the error on the trajectories that choose: the best of each start.</summary>
    private Candidate[] Narrow(Candidate[] starts, double share, Func<Candidate, IReadOnlyList<BespokeMethod>> find)
    {
        var found = new Candidate[starts.Length];
        Parallel.For(0, starts.Length, new ParallelOptions { CancellationToken = analysis.Pilot.CancellationToken }, i =>
        {
            Candidate start = starts[i] with { Limit = share / starts.Length };
            found[i] = find(start).Select(method => start with { Method = method, Error = start.By!.Choosing(method) }).OrderBy(own => own.Error).First();
            found[i] = found[i] with { Used = start.By!.Operations };
        });
        foreach (Candidate own in found) _used += own.Used;
        progress?.Report(TrajectoryShare + (1 - TrajectoryShare) * Math.Min(1, _used / operations));
        return [.. found.Select(own => own with { By = null }).OrderBy(own => own.Error)];
    }

    private sealed record Candidate(ChartFrame Frame, BespokeMethod Method)
    {
        public double Error { get; init; } = double.PositiveInfinity;

        public double Limit { get; init; }

        public double Used { get; init; }

        public MethodSearcher? By { get; set; }
    }
}
