using FlowDsl.Mathematics.Trajectories;

namespace FlowDsl.Mathematics.Grids;

/// <summary>Step times: N + 1 strictly decreasing times from the horizon to the early stop, both exact.</summary>
internal static class TimeGrid
{
    /// <summary>The maximum number of steps.</summary>
    public const int MaxSteps = 10_000;

    // One line per grid: everything the rest of the program knows about it is in its rule.
    private static readonly Dictionary<Grid, GridRule> s_rules = new()
    {
        [Grid.Uniform] = new UniformGrid(),
        [Grid.LogTime] = new LogTimeGrid(),
        [Grid.UniformLogSnr] = new LogSnrGrid(),
        [Grid.Edm] = new EdmGrid(),
        [Grid.Angle] = new AngleGrid(),
        [Grid.Zeta] = new ZetaGrid(),
        [Grid.LogVariance] = new LogVarianceGrid(),
        [Grid.StabilityBalanced] = new StabilityGrid(profile => profile.LipschitzWeight),
        [Grid.OneSidedStability] = new StabilityGrid(profile => profile.OneSidedWeight),
        [Grid.ExpectedStability] = new StabilityGrid(profile => profile.ExpectedWeight),
        [Grid.ErrorBalanced] = new ErrorBalancedGrid(),
        [Grid.Optimal] = new OptimalGrid(),
        [Grid.Karras] = new EdmGrid(),
        [Grid.Exponential] = new LogSnrGrid(),
        [Grid.Beta] = new BetaGrid(),
        [Grid.Shift] = new ShiftGrid(),
        [Grid.AlignYourSteps] = new AlignYourStepsGrid(AlignYourStepsGrid.StableDiffusion),
        [Grid.AlignYourStepsXL] = new AlignYourStepsGrid(AlignYourStepsGrid.StableDiffusionXL),
        [Grid.SharpEuler] = new SharpEulerGrid(),
        [Grid.GaussianOptimal] = new GaussianOptimalGrid(),
        [Grid.Profile] = new ProfileGrid(),
    };

    /// <summary>Which grid <see cref="Grid.Auto"/> stands for.</summary>
    /// <param name="grid">The grid asked for.</param>
    /// <param name="solver">The solver.</param>
    public static Grid Resolve(Grid grid, Solver solver)
    {
        if (grid != Grid.Auto) return grid;
        // A one-step solver's errors add up, and their balance is nearly the best. A multistep solver's cancel, which only its whole error shows.
        return SolverMethod.Of(solver).IsMultistep ? Grid.Optimal : Grid.ErrorBalanced;
    }

    /// <summary>Which grid <see cref="Grid.Auto"/> stands for where the mixture is a data set, of which only moments are known.</summary>
    /// <param name="grid">The grid asked for.</param>
    public static Grid ResolveForData(Grid grid) => grid == Grid.Auto ? Grid.GaussianOptimal : grid;

    /// <summary>Whether a grid follows trajectories or bounds of all components, and so needs more than the moments of the law.</summary>
    /// <param name="grid">The grid, resolved.</param>
    public static bool NeedsComponents(Grid grid)
        => grid is Grid.StabilityBalanced or Grid.OneSidedStability or Grid.ExpectedStability or Grid.ErrorBalanced or Grid.Optimal or Grid.SharpEuler;

    /// <summary>The grids that do not, in words.</summary>
    public static string ForData => string.Join(", ", s_rules.Keys.Where(grid => !NeedsComponents(grid) && grid != Grid.Profile));

    /// <summary>The best grid that depends on neither the mixture nor trajectories.</summary>
    /// <param name="solver">The solver.</param>
    /// <param name="process">The process.</param>
    public static Grid WithoutMeasuring(Solver solver, Process process)
        => SolverMethod.Of(solver).IsMultistep && Obstacle(Grid.UniformLogSnr, process) is null ? Grid.UniformLogSnr : Grid.Angle;

    /// <summary>Why a grid does not exist for a process; null if it does.</summary>
    /// <param name="grid">The grid, resolved.</param>
    /// <param name="process">The process.</param>
    /// <exception cref="ArgumentOutOfRangeException">The value names no grid.</exception>
    public static GridObstacle? Obstacle(Grid grid, Process process) => RuleOf(grid).Obstacle(process);

    /// <summary>The times of a grid.</summary>
    /// <param name="request">The grid, the number of steps and the solver.</param>
    /// <param name="analysis">The model.</param>
    /// <exception cref="ArgumentException">The grid does not exist for the process, or has fewer distinct times.</exception>
    public static GridTimes Create(GridRequest request, ModelAnalysis analysis)
    {
        GridTimes? result = Build(request, analysis);
        if (result is not null && AreDistinct(result.Times)) return result;
        throw new ArgumentException(
            result is not null && result.Times.Any(double.IsNaN)
                ? $"A time of {request.Steps} steps of the grid {request.Grid} is not finite: " +
                "the scales of mixture and process leave the range of double precision."
                : $"{request.Steps} steps of the grid {request.Grid} are closer than double precision resolves.",
            nameof(request));
    }

    /// <summary>The times of a grid; null if it has fewer distinct ones.</summary>
    /// <param name="request">The grid, the number of steps and the solver.</param>
    /// <param name="analysis">The model.</param>
    /// <exception cref="ArgumentException">The grid does not exist for the process.</exception>
    public static GridTimes? TryCreate(GridRequest request, ModelAnalysis analysis)
        => Build(request, analysis) is { } result && AreDistinct(result.Times) ? result : null;

    private static GridTimes? Build(GridRequest request, ModelAnalysis analysis)
    {
        (Grid grid, int steps) = (request.Grid, request.Steps);
        if (steps is < 1 or > MaxSteps)
            throw new ArgumentOutOfRangeException(nameof(request), steps, $"The number of steps must be between 1 and {MaxSteps}.");
        foreach ((string name, double value) in request.Options.Problems)
            throw new ArgumentOutOfRangeException(nameof(request), value, $"{name} must be positive and finite.");
        if (Obstacle(grid, analysis.Process) is { } obstacle)
            throw new ArgumentException($"The grid {grid} does not exist: {obstacle.Description()}.", nameof(request));

        // With one step there is nothing to choose.
        return steps == 1 ? new GridTimes(grid, [analysis.Process.Horizon, analysis.Process.EarlyStop]) : RuleOf(grid).Times(request, analysis);
    }

    private static GridRule RuleOf(Grid grid) => s_rules.TryGetValue(grid, out GridRule? rule)
        ? rule
        : throw new ArgumentOutOfRangeException(nameof(grid), grid, "No such grid; resolve Auto first.");

    /// <summary>Whether times decrease.</summary>
    /// <param name="times">The times.</param>
    public static bool AreDistinct(IReadOnlyList<double> times)
    {
        for (int i = 1; i < times.Count; i++)
            if (!(times[i] < times[i - 1])) return false;
        return true;
    }
}
