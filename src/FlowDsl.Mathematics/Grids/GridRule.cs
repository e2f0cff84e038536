using FlowDsl.Mathematics.Trajectories;

namespace FlowDsl.Mathematics.Grids;

/// <summary>How a grid finds its times.</summary>
internal abstract class GridRule
{
    /// <summary>Why the grid does not exist for a process; null where it does.</summary>
    /// <param name="process">The process.</param>
    public virtual GridObstacle? Obstacle(Process process) => null;

    /// <summary>The times; null where there are fewer distinct ones.</summary>
    /// <param name="request">The grid, two steps or more, and who takes them.</param>
    /// <param name="analysis">The model.</param>
    public abstract GridTimes? Times(GridRequest request, ModelAnalysis analysis);
}
