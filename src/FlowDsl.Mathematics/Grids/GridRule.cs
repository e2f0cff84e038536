using FlowDsl.Mathematics.Trajectories;

namespace FlowDsl.Mathematics.Grids;

/// <summary>How a grid finds its times.</summary>
internal abstract class GridRule
{
    /// <summary>Why the grid does not exist for a process; null if it does.</summary>
    /// <param name="process">The process.</param>
    public virtual GridObstacle? Obstacle(Process process) => null;

    /// <summary>The times; null if there are fewer distinct ones.</summary>
    /// <param name="request">The grid, with two steps or more, and its solver.</param>
    /// <param name="analysis">The model.</param>
    public abstract GridTimes? Times(GridRequest request, ModelAnalysis analysis);

    /// <summary>The times of a grid that measures nothing, where measuring failed; null if there are fewer distinct ones.</summary>
    /// <param name="request">The request.</param>
    /// <param name="analysis">The model.</param>
    /// <param name="reason">Why.</param>
    /// <param name="samples">The number of trajectories that were measured.</param>
    /// <param name="isReduced">Whether these were fewer than wanted.</param>
    protected static GridTimes? WithoutMeasuring(GridRequest request, ModelAnalysis analysis, GridStandIn reason, int samples, bool isReduced)
    {
        GridRequest other = request with { Grid = TimeGrid.WithoutMeasuring(request.Solver, analysis.Process) };
        return TimeGrid.TryCreate(other, analysis) is { } times ? times with { Samples = samples, IsReduced = isReduced, StandIn = reason } : null;
    }

    /// <summary>
    /// The places of N + 1 nodes between which a cumulative weight has equal shares, by linear interpolation; the ends are the first and last.
    /// </summary>
    /// <param name="cumulative">The weight up to each place, from 0.</param>
    /// <param name="places">The places.</param>
    /// <param name="steps">N.</param>
    internal static double[] EqualShares(double[] cumulative, double[] places, int steps)
    {
        int last = places.Length - 1, interval = 0;
        double[] result = new double[steps + 1];
        for (int i = 1; i < steps; i++)
        {
            double amount = cumulative[last] * i / steps;
            while (interval < last - 1 && cumulative[interval + 1] < amount) interval++;
            double share = (amount - cumulative[interval]) / (cumulative[interval + 1] - cumulative[interval]);
            result[i] = places[interval] + share * (places[interval + 1] - places[interval]);
        }
        (result[0], result[steps]) = (places[0], places[last]);
        return result;
    }
}
