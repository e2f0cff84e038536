using FlowDsl.Mathematics.Numerics;
using FlowDsl.Mathematics.Trajectories;

namespace FlowDsl.Mathematics.Grids;

/// <summary>Equal steps of the log-SNR, log(a²/s²).</summary>
internal sealed class LogSnrGrid : EqualSteps
{
    /// <inheritdoc/>
    public override GridObstacle? Obstacle(Process process)
        => process.StopsAtData ? GridObstacle.EarlyStopIsZero : StartsAtNoise(process) ? GridObstacle.HorizonIsPureNoise : null;

    /// <inheritdoc/>
    protected override Func<double, double> TimeAt(GridRequest request, ModelAnalysis analysis)
    {
        Process process = analysis.Process;
        double start = process.At(process.Horizon).NoiseToSignal, end = process.At(process.EarlyStop).NoiseToSignal;
        return u => process.TimeAt(start * PortableMath.Pow(end / start, u));
    }
}
