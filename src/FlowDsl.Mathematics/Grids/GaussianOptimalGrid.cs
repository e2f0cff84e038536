using FlowDsl.Mathematics.Trajectories;

namespace FlowDsl.Mathematics.Grids;

/// <summary>
/// The best grid of a solver for one Gaussian with the mixture's mean and covariance: coordinate descent on the mean squared error of the solver,
/// which has a closed form there.
/// </summary>
/// <remarks>
/// The descent starts from the best of some named grids and, above four steps, of the best grid with half as many steps, each step cut in two.
/// </remarks>
internal sealed class GaussianOptimalGrid : GridRule
{
    private const int MaxSteps = 64, FewSteps = 4;

    // Shorter moves than in the search for the optimal grid: nothing here is noise.
    private const double MinMove = 0.001;

    // Below this error relative to the data the solver is exact up to rounding, and all grids are equal.
    private const double Rounding = 1e-26, MinGain = 1e-6;

    // Evaluations of a coordinate's slope in one descent, counted because times differ between hosts; making a stage costs about as much as 20 of them.
    private const double Operations = 4e6, StageCost = 20;

    private static readonly Grid[] s_starts = [Grid.Angle, Grid.Zeta, Grid.LogVariance, Grid.Edm, Grid.UniformLogSnr, Grid.Uniform];

    /// <inheritdoc/>
    public override GridTimes? Times(GridRequest request, ModelAnalysis analysis)
    {
        var problem = new GaussianProblem(analysis.Pilot);
        if (request.Steps <= MaxSteps) return Find(request, analysis, problem) is { } found ? new GridTimes(request.Grid, [.. found]) : null;
        if (Find(request with { Steps = MaxSteps }, analysis, problem) is not { } coarse) return null;
        var places = new GridPlaces(analysis.Process, problem.Scale);
        return new GridTimes(request.Grid, [.. places.Times(Interpolated(places.Of(coarse), request.Steps))]);
    }

    private static double[]? Find(GridRequest request, ModelAnalysis analysis, GaussianProblem problem)
    {
        (double[] Times, double Error)? best = null;
        foreach (Grid grid in s_starts)
        {
            if (TimeGrid.Obstacle(grid, analysis.Process) is not null) continue;
            if (TimeGrid.TryCreate(request with { Grid = grid }, analysis) is { } times) Consider([.. times.Times]);
        }
        var places = new GridPlaces(analysis.Process, problem.Scale);
        if (request.Steps > FewSteps && Find(request with { Steps = (request.Steps + 1) / 2 }, analysis, problem) is { } half)
            Consider(places.Times(Interpolated(places.Of(half), request.Steps)));
        return best is { } start ? Descend(request, problem, places, start.Times, start.Error) : null;

        void Consider(double[] times)
        {
            if (!TimeGrid.AreDistinct(times)) return;
            double error = problem.Error2(request, times);
            if (best is null || error < best.Value.Error) best = (times, error);
        }
    }

    /// <summary>Places at equal fractions of the way along given ones.</summary>
    private static double[] Interpolated(double[] places, int steps)
    {
        double[] result = new double[steps + 1];
        int last = places.Length - 1;
        for (int i = 0; i <= steps; i++)
        {
            double at = (double)i * last / steps;
            int before = Math.Min((int)at, last - 1);
            result[i] = places[before] + (at - before) * (places[before + 1] - places[before]);
        }
        return result;
    }

    private static double[] Descend(GridRequest request, GaussianProblem problem, GridPlaces places, double[] start, double startError)
    {
        int trials = (int)(Operations / (request.Steps * SolverMethod.Of(request.Solver).Nodes.Length * (StageCost + problem.Coordinates)));
        var descent = new CoordinateDescent(times => problem.Error2(request, times), Moved, MinMove, MinGain, Rounding * problem.MeanSquare);
        return descent.Find(start, startError, ref trials).Times;

        double Moved(double[] times, int i, int neighbour, double move)
        {
            double place = places.Of(times[i]);
            return places.TimeAt(place + move * (places.Of(times[neighbour]) - place));
        }
    }
}
