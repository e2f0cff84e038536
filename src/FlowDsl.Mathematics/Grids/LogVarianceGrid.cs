using FlowDsl.Mathematics.Numerics;
using FlowDsl.Mathematics.Trajectories;

namespace FlowDsl.Mathematics.Grids;

/// <summary>Equal steps of log(v + (s/a)²), v the mean variance.</summary>
internal sealed class LogVarianceGrid : EqualSteps
{
    /// <inheritdoc/>
    public override GridObstacle? Obstacle(Process process) => StartsAtNoise(process) ? GridObstacle.HorizonIsPureNoise : null;

    /// <inheritdoc/>
    protected override Func<double, double> TimeAt(GridRequest request, ModelAnalysis analysis)
    {
        double variance = analysis.Mixture.MeanVariance;
        return Between(
            analysis.Process, ratio => PortableMath.Log(variance + ratio * ratio), log => Math.Sqrt(Math.Max(0, PortableMath.Exp(log) - variance)));
    }
}
