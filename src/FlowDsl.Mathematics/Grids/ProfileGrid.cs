using FlowDsl.Mathematics.Trajectories;

namespace FlowDsl.Mathematics.Grids;

/// <summary>The grid of a network's own profile, which neither the mixture nor the process knows.</summary>
internal sealed class ProfileGrid : GridRule
{
    /// <inheritdoc/>
    public override GridObstacle? Obstacle(Process process) => GridObstacle.ProfileIsMissing;

    /// <inheritdoc/>
    public override GridTimes? Times(GridRequest request, ModelAnalysis analysis)
        => throw new InvalidOperationException("The times of Grid.Profile are those of the profile.");
}
