using FlowDsl.Mathematics.Numerics;
using FlowDsl.Mathematics.Trajectories;

namespace FlowDsl.Mathematics.Grids;

/// <summary>
/// The best grid found on a pilot: a portfolio ranked by the measured error, then a search: coordinate descent on the log times, or for multistep
/// solvers <see cref="MultistepSearch"/>.
/// </summary>
internal sealed class OptimalGrid : GridRule
{
    // A few hundred trajectories may miss the rare ones that dominate the error, and the search adapts to the ones it has.
    private const int WantedSamples = 1024;
    private const int Intervals = 48, MaxSteps = 64;

    // The least move of the search, as a part of the way to the neighbour.
    private const double MinMove = 0.01;

    // The share of the budget for the trajectories and the portfolio, above which there are fewer trajectories; the search gets the rest.
    private const double MeasuringShare = 0.75;
    private const int EnoughTrials = 100, MaxTrials = 400;

    // A search that gains less than this on other trajectories has fitted the noise of its own. So has one whose gain comes from a few trajectories:
    // less than two standard errors.
    private const double MinGain = 0.9, Deviations = 2;

    private static readonly Grid[] s_portfolio =
        [Grid.Angle, Grid.ErrorBalanced, Grid.Edm, Grid.UniformLogSnr, Grid.LogVariance, Grid.ExpectedStability, Grid.GaussianOptimal];

    // The others vary too fast from step to step for solvers that extrapolate.
    private static readonly Grid[] s_multistepPortfolio = [Grid.Angle, Grid.ErrorBalanced, Grid.Edm, Grid.UniformLogSnr];

    /// <summary>The times.</summary>
    /// <param name="request">The request.</param>
    /// <param name="analysis">The model.</param>
    /// <returns>The times; null if no grid has that many.</returns>
    public override GridTimes? Times(GridRequest request, ModelAnalysis analysis)
    {
        if (request.Steps > MaxSteps) return Balanced(GridStandIn.TooManySteps);
        PilotModel model = analysis.Pilot;
        var method = SolverMethod.Of(request.Solver);
        double run = (double)request.Steps * method.Nodes.Length, measuring = Measuring(model.Mixture, run);
        int samples = PilotBudget.Samples(model.Mixture, measuring / MeasuringShare, WantedSamples);
        if (samples == 0) return Balanced(GridStandIn.MixtureTooLarge) is { } fallback ? fallback with { IsReduced = true } : null;

        double[] nodes = PilotTimes.Create(model.Mixture, model.Process, Intervals);
        (double[][] chosenBy, double[][] others) = PriorPoints.Draw(model.Mixture, model.Process, samples);
        PilotPath path = PilotPath.Follow(model, nodes, Batch.Of(chosenBy));
        var pilot = new PilotError(model, request, path);
        var heldOut = new PilotError(model, request, PilotPath.Follow(model, nodes, Batch.Of(others)));

        var errors = new ErrorProfile(model, path);
        (Grid Grid, double[] Times, double Error)? best = null, balanced = null;
        foreach (Grid grid in method.IsMultistep ? s_multistepPortfolio : s_portfolio)
        {
            if (TimeGrid.Obstacle(grid, analysis.Process) is not null) continue;
            double[]? times = grid == Grid.ErrorBalanced
                ? ErrorBalancedGrid.TimesOf(request, errors)
                : TimeGrid.TryCreate(request with { Grid = grid, Options = new GridOptions() }, analysis)?.Times.ToArray();
            if (times is null) continue;
            Consider(grid, times);
            if (grid == Grid.ErrorBalanced) balanced = (grid, times, pilot.Of(times));
        }
        if (best is null) return null;
        (Grid Grid, double[] Times, double Error) named = best.Value, other = balanced ?? named;
        double remaining = PilotBudget.Evaluations(model.Mixture, samples) - measuring, pairs = ShortestPath.Evaluations(request);
        if (method.IsMultistep)
        {
            double[][] grids = [.. Related(request).Select(related => ErrorBalancedGrid.TimesOf(related, errors)).OfType<double[]>()];
            double[] times = new MultistepSearch(request, model, path).Find(named.Times, named.Error, grids, remaining);
            double namedHeld = heldOut.Of(named.Times), searched = heldOut.Of(times);
            // The search may have adapted to its own trajectories.
            if (!(searched < namedHeld)) (times, searched) = (named.Times, namedHeld);
            return new GridTimes(
                Grid.Optimal, [.. times], samples, samples < WantedSamples || remaining < MultistepSearch.Enough(request),
                new PilotErrors(samples, pilot.Of(times), searched, named.Grid, namedHeld));
        }
        if (pairs < 0.5 * remaining && ShortestPath.Find(request, errors) is { } shortest)
        {
            remaining -= pairs;
            Consider(Grid.Optimal, shortest);
        }

        // A move repeats only the steps after it, half of them on average.
        int affordable = (int)Math.Min(MaxTrials, remaining / (0.5 * run + 1)), trials = affordable;
        (double[] found, double error) = new CoordinateDescent(pilot.Of, Moved, MinMove).Find(best.Value.Times, best.Value.Error, ref trials);
        double otherHeld = heldOut.Of(other.Times);
        double[] squares = heldOut.Squares;
        // A search may have adapted too closely to its own trajectories, and a pilot may lack the rare trajectories that decide. The balance of step errors
        // has neither weakness: its replacement must be clearly better.
        if (!Replaces(found)) (found, error) = Replaces(named.Times) ? (named.Times, named.Error) : (other.Times, other.Error);
        double held = heldOut.Of(found);
        bool isReduced = samples < WantedSamples || (trials == 0 && affordable < EnoughTrials);
        return new GridTimes(Grid.Optimal, [.. found], samples, isReduced, new PilotErrors(samples, error, held, other.Grid, otherHeld));

        // That grid may have its own stand-in, whose reason is more specific.
        GridTimes? Balanced(GridStandIn reason)
            => TimeGrid.TryCreate(request with { Grid = Grid.ErrorBalanced }, analysis) is { } times ? times with { StandIn = times.StandIn ?? reason } : null;

        bool Replaces(double[] times) => heldOut.Of(times) <= MinGain * otherHeld && IsLess(heldOut.Squares, squares);

        void Consider(Grid grid, double[] times)
        {
            double error = pilot.Of(times);
            if (best is null || error < best.Value.Error) best = (grid, times, error);
        }
    }

    /// <summary>
    /// The solver itself, and the two-step method of the data chart: methods that correct steps, or share more slopes, have errors that a step alone does
    /// not show, so that their own balance can be far off.
    /// </summary>
    private static IEnumerable<GridRequest> Related(GridRequest request)
    {
        yield return request;
        if (request.Solver != Solver.DpmSolverPlusPlus2M) yield return request with { Solver = Solver.DpmSolverPlusPlus2M, Frame = ChartFrame.Canonical(0) };
    }

    /// <summary>Whether the mean of some squares is significantly smaller than that of others on the same trajectories.</summary>
    private static bool IsLess(double[] squares, double[] others)
    {
        double sum = 0, sumOfSquares = 0;
        for (int i = 0; i < squares.Length; i++)
        {
            double gain = others[i] - squares[i];
            (sum, sumOfSquares) = (sum + gain, sumOfSquares + gain * gain);
        }
        // Compares n·mean with the root of n·variance.
        return sum > Deviations * Math.Sqrt(sumOfSquares - sum * sum / squares.Length);
    }

    /// <summary>A time moved by a part of the way to its neighbour in log t.</summary>
    /// <param name="times">The times.</param>
    /// <param name="i">Which one, neither the first nor the last.</param>
    /// <param name="neighbour">The number of the neighbour.</param>
    /// <param name="move">The part of the way.</param>
    public static double Moved(double[] times, int i, int neighbour, double move)
    {
        // Towards t = 0, take the same distance as to the other neighbour.
        double ratio = times[neighbour] == 0 ? times[i] / times[i - 1] : times[neighbour] / times[i];
        return times[i] * PortableMath.Exp(move * PortableMath.Log(ratio));
    }

    /// <summary>Velocity evaluations per trajectory before the search.</summary>
    private static double Measuring(Mixture mixture, double run)
        // Two sets of trajectories, their adjoints, and each of the grids.
        => Intervals * (2 * 6 + 3 * ErrorProfile.DirectionCount(mixture.Dimension)) + run * (s_portfolio.Length + 3);
}
