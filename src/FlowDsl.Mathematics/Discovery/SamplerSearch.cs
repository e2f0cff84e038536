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

    private const int WantedSamples = 2048, Intervals = 48, Finalists = 4;

    // Searched times and weights are rarely better than those of the screening by more.
    private const double LargestGain = 300;

    // Each is at most a quarter more than the one before from 8 on: nobody needs the least error to the last evaluation.
    private static readonly int[] s_ladder = [1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 15, 18, 22, 27, 33, 40, 50, 62, 77, 96, 128];

    private readonly ModelAnalysis _analysis;
    private readonly PilotPath _path;
    private readonly double _meanSquare;

    private SamplerSearch(ModelAnalysis analysis, int samples)
    {
        PilotModel model = analysis.Pilot;
        (_, double[][] points) = PriorPoints.Draw(model.Mixture, model.Process, samples);
        (_analysis, _path) = (analysis, PilotPath.Follow(model, PilotTimes.Create(model.Mixture, model.Process, Intervals), Batch.Of(points)));
        _meanSquare = model.MeanSquare(_path);
    }

    /// <summary>Prepares a search; null where the mixture is so large that too few trajectories could be followed.</summary>
    /// <param name="analysis">The model.</param>
    public static SamplerSearch? Create(ModelAnalysis analysis)
    {
        int samples = PilotBudget.Samples(analysis.Pilot.Mixture, 6 * Intervals + 2 * MaxEvaluations, WantedSamples);
        return samples == 0 ? null : new SamplerSearch(analysis, samples);
    }

    /// <summary>Samplers with at most so many evaluations, the best first; those that were searched come before the others with the same error.</summary>
    /// <param name="evaluations">The most evaluations, 1 to <see cref="MaxEvaluations"/>.</param>
    public SamplerChoice[] Rank(int evaluations)
    {
        SamplerChoice[] screened = Screen(evaluations);
        var found = new List<SamplerChoice>();
        foreach (SamplerChoice choice in screened.Take(Finalists))
            if (On(Grid.Optimal, choice.Solver, choice.Frame, choice.Steps) is { } searched) found.Add(searched);
        if (evaluations >= BespokeSearch.MinSteps && Own(Math.Min(evaluations, BespokeSearch.MaxSteps)) is { } own) found.Add(own);
        return
        [
            .. found.Concat(screened).OrderBy(choice => choice.Error)
                .GroupBy(choice => (choice.Solver, choice.Frame.Chart)).Select(group => group.First()),
        ];
    }

    /// <summary>Samplers with an error of at most the given one, of as few evaluations as were found to suffice; empty if none were.</summary>
    /// <param name="error">The relative mean squared error, positive.</param>
    public SamplerChoice[] RankForError(double error)
    {
        double[] least = [.. s_ladder.Select(evaluations => Screen(evaluations) is [var first, ..] ? first.Error : double.PositiveInfinity)];
        // Up to here nothing is exact enough; from there on something is, or perhaps nowhere.
        int low = Array.FindIndex(least, own => own <= LargestGain * error) - 1, high = Array.FindIndex(least, own => own <= error);
        if (low < -1) return [];
        if (high < 0) high = s_ladder.Length;
        SamplerChoice[] best = [];
        while (high - low > 1 || (best.Length == 0 && high < s_ladder.Length))
        {
            int middle = high - low > 1 ? (low + high) / 2 : high;
            SamplerChoice[] ranking = Rank(s_ladder[middle]);
            bool suffices = ranking.Length > 0 && ranking[0].Error <= error;
            if (suffices) (best, high) = (ranking, middle);
            else if (middle == high) break;
            else low = middle;
        }
        return best;
    }

    private SamplerChoice[] Screen(int evaluations)
    {
        Mixture mixture = _analysis.Mixture;
        var found = new List<SamplerChoice>();
        foreach (Solver solver in SolverMethod.Named)
        {
            var method = SolverMethod.Of(solver);
            int steps = evaluations / method.Nodes.Length;
            if (steps == 0) continue;
            ChartFrame usual = ChartFrame.For(Chart.Auto, solver, mixture.MeanVariance);
            ChartFrame[] frames = method.NativeChart == NativeChart.DataPrediction && mixture.MeanVariance > 0
                ? [usual, ChartFrame.Canonical(mixture.MeanVariance)] : [usual];
            foreach (ChartFrame frame in frames)
            {
                Grid[] grids = method.IsMultistep ? [Grid.UniformLogSnr, Grid.Edm, Grid.ErrorBalanced] : [Grid.ErrorBalanced, Grid.Angle];
                SamplerChoice[] own = [.. grids.Select(grid => On(grid, solver, frame, steps)).OfType<SamplerChoice>().OrderBy(choice => choice.Error)];
                if (own.Length > 0) found.Add(own[0]);
            }
        }
        return [.. found.OrderBy(choice => choice.Error)];
    }

    private SamplerChoice? On(Grid grid, Solver solver, ChartFrame frame, int steps)
    {
        if (TimeGrid.Obstacle(grid, _analysis.Process) is not null) return null;
        if (TimeGrid.TryCreate(new GridRequest(grid, steps, solver, frame), _analysis) is not { } times) return null;
        return Measured(new SamplerChoice(solver, frame, times.Times, 0, 0, times.Grid, times.Pilot));
    }

    private SamplerChoice? Own(int steps)
    {
        Discovery? found = BespokeSearch.Find(_analysis, BespokeSearch.Frames(Chart.Auto, _analysis.Mixture.MeanVariance), steps);
        return found is null ? null : Measured(new SamplerChoice(Solver.Bespoke, found.Frame, found.Method.Times, 0, 0, null, Discovery: found));
    }

    private SamplerChoice? Measured(SamplerChoice choice)
    {
        _analysis.Pilot.CancellationToken.ThrowIfCancellationRequested();
        if (choice.Program(_analysis.Process) is not { } program) return null;
        Batch states = _path.States[0].Copy();
        new BatchRun(_analysis.Pilot.Mixture).Run(program, states);
        double error = (states.MeanSquaredDistance(_path.States[_path.States.Length - 1]) + _analysis.Pilot.RestError2(program)) / _meanSquare;
        return error <= double.MaxValue ? choice with { Error = error, Evaluations = program.FunctionEvaluations } : null;
    }
}
