namespace FlowDsl.Analysis;

/// <summary>Step times: N + 1 strictly decreasing times from the horizon to the early stop, both exact.</summary>
internal static class TimeGrid
{
    /// <summary>The greatest number of steps.</summary>
    public const int MaxSteps = 10_000;

    /// <summary>Which grid <see cref="Grid.Auto"/> stands for.</summary>
    /// <param name="grid">The grid asked for.</param>
    /// <param name="solver">The solver.</param>
    /// <param name="process">The process.</param>
    public static Grid Resolve(Grid grid, Solver solver, Process process)
    {
        if (grid != Grid.Auto) return grid;
        return SolverMethod.Of(solver).IsMultistep ? WithoutMeasuring(solver, process) : Grid.ErrorBalanced;
    }

    /// <summary>The best grid that looks at neither the mixture nor a trajectory.</summary>
    /// <param name="solver">The solver.</param>
    /// <param name="process">The process.</param>
    public static Grid WithoutMeasuring(Solver solver, Process process)
        => SolverMethod.Of(solver).IsMultistep && Obstacle(Grid.UniformLogSnr, process) is null ? Grid.UniformLogSnr : Grid.Angle;

    /// <summary>Why a grid does not exist for a process; null where it does.</summary>
    /// <param name="grid">The grid, resolved.</param>
    /// <param name="process">The process.</param>
    public static GridObstacle? Obstacle(Grid grid, Process process)
    {
        bool fromData = process.EarlyStop == 0, fromNoise = double.IsInfinity(process.At(process.Horizon).NoiseToSignal);
        return grid switch
        {
            Grid.LogTime or Grid.UniformLogSnr when fromData => GridObstacle.EarlyStopIsZero,
            Grid.UniformLogSnr or Grid.Edm or Grid.LogVariance when fromNoise => GridObstacle.HorizonIsPureNoise,
            _ => null,
        };
    }

    /// <summary>The times of a grid.</summary>
    /// <param name="request">The grid, the number of steps, and who takes them.</param>
    /// <param name="mixture">The mixture.</param>
    /// <param name="profile">The stability profile of the mixture and process.</param>
    /// <exception cref="ArgumentException">The grid does not exist for the process, or has fewer distinct times.</exception>
    public static GridTimes Create(GridRequest request, Mixture mixture, StabilityProfile profile)
    {
        GridTimes? result = Build(request, mixture, profile);
        if (result is not null && AreDistinct(result.Times)) return result;
        throw new ArgumentException(
            result is not null && result.Times.Any(double.IsNaN)
                ? $"A time of {request.Steps} steps of the grid {request.Grid} is not finite: the scales of mixture and process leave the range of double precision."
                : $"{request.Steps} steps of the grid {request.Grid} are closer than double precision resolves.",
            nameof(request));
    }

    /// <summary>The times of a grid; null where it has fewer distinct ones.</summary>
    /// <param name="request">The grid, the number of steps, and who takes them.</param>
    /// <param name="mixture">The mixture.</param>
    /// <param name="profile">The stability profile of the mixture and process.</param>
    /// <exception cref="ArgumentException">The grid does not exist for the process.</exception>
    public static GridTimes? TryCreate(GridRequest request, Mixture mixture, StabilityProfile profile)
        => Build(request, mixture, profile) is { } result && AreDistinct(result.Times) ? result : null;

    private static GridTimes? Build(GridRequest request, Mixture mixture, StabilityProfile profile)
    {
        (Grid grid, int steps, double rho) = (request.Grid, request.Steps, request.Rho);
        if (steps is < 1 or > MaxSteps)
            throw new ArgumentOutOfRangeException(nameof(request), steps, $"The number of steps must be between 1 and {MaxSteps}.");
        if (!(rho > 0) || double.IsInfinity(rho))
            throw new ArgumentOutOfRangeException(nameof(request), rho, "Rho must be positive and finite.");
        if (Obstacle(grid, profile.Process) is { } obstacle)
            throw new ArgumentException($"The grid {grid} does not exist: {obstacle.Description()}.", nameof(request));

        return grid switch
        {
            // There is nothing to choose.
            _ when steps == 1 => new GridTimes(grid, [profile.Process.Horizon, profile.Process.EarlyStop]),
            Grid.ErrorBalanced => ErrorBalancedGrid.TryCreate(request, mixture, profile),
            Grid.Optimal => OptimalGrid.TryCreate(request, mixture, profile),
            _ => new GridTimes(grid, [.. AtEqualShares(grid, profile, mixture.MeanVariance, steps, rho)]),
        };
    }

    private static bool AreDistinct(ImmutableArray<double> times)
    {
        for (int i = 1; i < times.Length; i++)
            if (!(times[i] < times[i - 1])) return false;
        return true;
    }

    private static double[] AtEqualShares(Grid grid, StabilityProfile profile, double meanVariance, int steps, double rho)
    {
        Process process = profile.Process;
        double start = process.Horizon, end = process.EarlyStop;
        double startRatio = process.At(start).NoiseToSignal, endRatio = process.At(end).NoiseToSignal;
        Func<double, double> timeAt = grid switch
        {
            Grid.Uniform => u => start + u * (end - start),
            Grid.LogTime => u => start * PortableMath.Pow(end / start, u),
            Grid.UniformLogSnr => u => process.TimeAt(startRatio * PortableMath.Pow(endRatio / startRatio, u)),
            Grid.Edm => Between(r => PortableMath.Pow(r, 1 / rho), r => PortableMath.Pow(r, rho)),
            Grid.Angle => Between(PortableMath.Atan, PortableMath.Tan),
            Grid.Zeta => Between(r => 1 / Math.Sqrt(meanVariance + r * r), z => Root(1 / (z * z))),
            Grid.LogVariance => Between(r => PortableMath.Log(meanVariance + r * r), l => Root(PortableMath.Exp(l))),
            Grid.StabilityBalanced or Grid.OneSidedStability or Grid.ExpectedStability => Balanced(profile.Weight(grid)),
            _ => throw new ArgumentOutOfRangeException(nameof(grid), grid, "No such grid; resolve Auto first."),
        };

        double[] times = new double[steps + 1];
        for (int i = 1; i < steps; i++) times[i] = timeAt((double)i / steps);
        (times[0], times[steps]) = (start, end);
        return times;

        // Equal steps of a function of the noise-to-signal ratio.
        Func<double, double> Between(Func<double, double> function, Func<double, double> inverse)
        {
            double from = function(startRatio), to = function(endRatio);
            return u => process.TimeAt(inverse(from + u * (to - from)));
        }

        double Root(double value) => Math.Sqrt(Math.Max(0, value - meanVariance));

        static Func<double, double> Balanced(ICumulativeWeight weight)
        {
            double total = weight.Total;
            return u => weight.TimeAt((1 - u) * total);
        }
    }
}

/// <summary>Why a grid does not exist for a process.</summary>
internal enum GridObstacle
{
    /// <summary>It needs log t or log-SNR at an early stop of 0.</summary>
    EarlyStopIsZero,

    /// <summary>It needs s/a at a horizon where a is 0, or so small that s/a is infinite in double precision.</summary>
    HorizonIsPureNoise,
}

/// <summary>Words for <see cref="GridObstacle"/> and <see cref="GridStandIn"/>.</summary>
internal static class GridObstacles
{
    /// <summary>The reason in words.</summary>
    /// <param name="standIn">The reason.</param>
    /// <exception cref="ArgumentOutOfRangeException">The value names no reason.</exception>
    public static string Description(this GridStandIn standIn) => standIn switch
    {
        GridStandIn.SolverUsesEarlierSteps => "the solver's steps depend on those before, and errors of single steps say nothing of them",
        GridStandIn.TooManySteps => "a search over so many times would take too long",
        GridStandIn.MixtureTooLarge => "the mixture is so large that too few trajectories could be followed",
        GridStandIn.ErrorsNotFinite => "the steps' errors on the trajectories are not finite, or are all 0",
        _ => throw new ArgumentOutOfRangeException(nameof(standIn), standIn, "No such reason."),
    };

    /// <summary>The obstacle in words.</summary>
    /// <param name="obstacle">The obstacle.</param>
    /// <exception cref="ArgumentOutOfRangeException">The value names no obstacle.</exception>
    public static string Description(this GridObstacle obstacle) => obstacle switch
    {
        GridObstacle.EarlyStopIsZero => "it needs a positive early stop, since its coordinate is infinite at t = 0",
        GridObstacle.HorizonIsPureNoise => "it needs signal at the horizon, since s/a is infinite there",
        _ => throw new ArgumentOutOfRangeException(nameof(obstacle), obstacle, "No such obstacle."),
    };
}
