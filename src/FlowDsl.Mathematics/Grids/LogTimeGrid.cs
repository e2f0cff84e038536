using FlowDsl.Mathematics.Numerics;
using FlowDsl.Mathematics.Trajectories;

namespace FlowDsl.Mathematics.Grids;

/// <summary>Equal steps of log t.</summary>
internal sealed class LogTimeGrid : EqualSteps
{
    /// <inheritdoc/>
    public override GridObstacle? Obstacle(Process process) => process.EarlyStop == 0 ? GridObstacle.EarlyStopIsZero : null;

    /// <inheritdoc/>
    protected override Func<double, double> TimeAt(GridRequest request, ModelAnalysis analysis)
    {
        (double start, double end) = (analysis.Process.Horizon, analysis.Process.EarlyStop);
        return u => start * PortableMath.Pow(end / start, u);
    }
}
