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
}
