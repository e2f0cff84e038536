using FlowDsl.Mathematics.Grids;
using FlowDsl.Mathematics.Trajectories;

namespace FlowDsl.Mathematics.Discovery;

/// <summary>
/// The best samplers with at most so many evaluations, or with the fewest for an error: every solver on a grid that is fast to compute, then the best few on
/// their best times, and a method of the mixture's own where it has so few steps.
/// </summary>
internal sealed class SamplerSearch
{
    /// <summary>The most evaluations that are searched.</summary>
    public const int MaxEvaluations = 128;

    // All are screened on few trajectories, the best of them measured on more.
    private const int WantedSamples = 8192, ScreeningSamples = 256, Intervals = 48, Screened = 8, Finalists = 4;

    // In units of what a grid may use: a choice is made once and has to hold.
    private const double BudgetShare = 4;

    // Searched times and weights are rarely better than those of the screening by more.
    private const double LargestGain = 300;

    // Each is at most a quarter more than the one before from 8 on: nobody needs the least error to the last evaluation.
    private static readonly int[] s_ladder = [1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 15, 18, 22, 27, 33, 40, 50, 62, 77, 96, 128];

    private readonly ModelAnalysis _analysis;
    private readonly EndErrors _screening, _choosing;
    private readonly Lazy<EndErrors> _heldOut;
    private readonly Lazy<SearchTrajectories?> _trajectories;
    private readonly Dictionary<int, SamplerChoice[]> _screened = [];
    private readonly Dictionary<int, SamplerChoice?> _own = [];

    private SamplerSearch(ModelAnalysis analysis, int samples)
    {
        PilotModel model = analysis.Pilot;
        double[] nodes = PilotTimes.Create(model.Mixture, model.Process, Intervals);
        (PriorLine[] own, PriorLine[] others) = PriorPoints.DrawLines(model.Mixture, model.Process.At(model.Process.Horizon), samples);
        (_analysis, _screening, _choosing) = (analysis, Errors(own, 0, Math.Max(2, 2 * samples / ScreeningSamples)), Errors(others, 0, 2));
        _heldOut = new(() => Errors(others, 1, 2));
        _trajectories = new(() => BespokeSearch.TryFollow(analysis));

        EndErrors Errors(PriorLine[] lines, int first, int stride)
            => new(model, nodes, BorderPoints.Draw(model, [.. lines.Where((_, i) => i % stride == first)], 2 * samples / stride));
    }

    /// <summary>Prepares a search; null where the mixture is so large that too few trajectories could be followed.</summary>
    /// <param name="analysis">The model.</param>
    public static SamplerSearch? Create(ModelAnalysis analysis)
    {
        int samples = PilotBudget.Samples(analysis.Pilot.Mixture, 6 * Intervals + 2 * MaxEvaluations, WantedSamples, BudgetShare);
        return samples == 0 ? null : new SamplerSearch(analysis, samples);
    }

    /// <summary>Samplers with at most so many evaluations, the best first; those that were searched come before the others with the same error.</summary>
    /// <param name="evaluations">The most evaluations, 1 to <see cref="MaxEvaluations"/>.</param>
    public SamplerChoice[] Rank(int evaluations)
    {
        SamplerChoice[] screened = Screen(evaluations);
        var searched = screened.Take(Finalists).Select(choice => On(Grid.Optimal, choice.Solver, choice.Frame, choice.Steps)).ToList();
        if (evaluations >= BespokeSearch.MinSteps) searched.Add(Own(Math.Min(evaluations, BespokeSearch.MaxSteps)));
        return
        [
            .. Ordered(searched, _choosing).Concat(screened).OrderBy(choice => choice.Error)
                .GroupBy(choice => (choice.Solver, choice.Frame.Chart)).Select(group => group.First()),
        ];
    }

    /// <summary>
    /// Samplers of as few evaluations as were found to suffice for an error, the first of which has at most this error on two sets of trajectories; empty
    /// if none were.
    /// </summary>
    /// <param name="error">The relative mean squared error, positive.</param>
    public SamplerChoice[] RankForError(double error)
    {
        // Below the first rung nothing is exact enough, from the last one on something is.
        int low = FirstRung(LargestGain * error) - 1, high = FirstRung(error);
        SamplerChoice[] best = [];
        while (high - low > 1 || (best.Length == 0 && high < s_ladder.Length))
        {
            int middle = high - low > 1 ? (low + high) / 2 : high;
            SamplerChoice[] ranking = Exact(Rank(s_ladder[middle]), error);
            if (ranking.Length > 0) (best, high) = (ranking, middle);
            else if (middle == high) high++;
            else low = middle;
        }
        return best;
    }

    /// <summary>The first rung of the ladder on which a sampler is so exact without a search for its times, by halving.</summary>
    private int FirstRung(double error)
    {
        int low = -1, high = s_ladder.Length;
        while (high - low > 1)
        {
            int middle = (low + high) / 2;
            if (Screen(s_ladder[middle]) is [var first, ..] && first.Error <= error) high = middle;
            else low = middle;
        }
        return high;
    }

    /// <summary>The ranking from the first on that is so exact on other trajectories too, with the greater of both errors; empty where none is.</summary>
    private SamplerChoice[] Exact(SamplerChoice[] ranking, double error)
    {
        for (int i = 0; i < ranking.Length && ranking[i].Error <= error; i++)
        {
            double heldOut = _heldOut.Value.Of(ranking[i].Program(_analysis.Process)!);
            if (heldOut <= error) return [ranking[i] with { Error = Math.Max(ranking[i].Error, heldOut) }, .. ranking.Skip(i + 1)];
        }
        return [];
    }

    /// <summary>Built-in solvers whose grids need no search, the best first.</summary>
    private SamplerChoice[] Screen(int evaluations)
    {
        if (_screened.TryGetValue(evaluations, out SamplerChoice[]? known)) return known;
        double meanVariance = _analysis.Mixture.MeanVariance;
        var found = new List<SamplerChoice>();
        foreach (Solver solver in SolverMethod.Named)
        {
            var method = SolverMethod.Of(solver);
            int steps = evaluations / method.Nodes.Length;
            if (steps == 0) continue;
            ChartFrame usual = ChartFrame.For(Chart.Auto, solver, meanVariance);
            ChartFrame[] frames = method.NativeChart == NativeChart.DataPrediction && meanVariance > 0
                ? [usual, ChartFrame.Canonical(meanVariance)] : [usual];
            Grid[] grids = method.IsMultistep ? [Grid.UniformLogSnr, Grid.Edm, Grid.ErrorBalanced] : [Grid.ErrorBalanced, Grid.Angle];
            foreach (ChartFrame frame in frames)
                found.AddRange(Ordered(grids.Select(grid => On(grid, solver, frame, steps)), _screening).Take(1));
        }
        return _screened[evaluations] = [.. Ordered(found.OrderBy(choice => choice.Error).Take(Screened), _choosing)];
    }

    private SamplerChoice? On(Grid grid, Solver solver, ChartFrame frame, int steps)
    {
        if (TimeGrid.Obstacle(grid, _analysis.Process) is not null) return null;
        if (TimeGrid.TryCreate(new GridRequest(grid, steps, solver, frame), _analysis) is not { } times) return null;
        return new SamplerChoice(solver, frame, times.Times, 0, 0, times.Grid, times.Pilot);
    }

    /// <summary>A method of the mixture's own; all rungs above the last number of steps share one.</summary>
    private SamplerChoice? Own(int steps)
    {
        if (!_own.TryGetValue(steps, out SamplerChoice? own)) _own[steps] = own = FindOwn(steps);
        return own;
    }

    private SamplerChoice? FindOwn(int steps)
    {
        if (_trajectories.Value is not { } trajectories) return null;
        Discovery? found = BespokeSearch.Find(_analysis, trajectories, BespokeSearch.Frames(Chart.Auto, _analysis.Mixture.MeanVariance), steps);
        return found is null ? null : new SamplerChoice(Solver.Bespoke, found.Frame, found.Method.Times, 0, 0, null, Discovery: found);
    }

    /// <summary>Those that are finite, with their errors, the best first.</summary>
    private IEnumerable<SamplerChoice> Ordered(IEnumerable<SamplerChoice?> choices, EndErrors errors)
        => choices.OfType<SamplerChoice>().Select(choice => choice.Program(_analysis.Process) is { } program
                ? choice with { Error = errors.Of(program), Evaluations = program.FunctionEvaluations } : choice with { Error = double.PositiveInfinity })
            .Where(choice => choice.Error <= double.MaxValue).OrderBy(choice => choice.Error);
}
