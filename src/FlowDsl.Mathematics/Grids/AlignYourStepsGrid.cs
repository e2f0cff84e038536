using FlowDsl.Mathematics.Numerics;
using FlowDsl.Mathematics.Trajectories;

namespace FlowDsl.Mathematics.Grids;

/// <summary>
/// Published noise levels, interpolated linearly in their logarithm, which is scaled so that its ends are the process's
/// (Sabour, Fidler and Kreis, arXiv:2404.14507, table 3).
/// </summary>
/// <param name="levels">The values of s/a, decreasing.</param>
internal sealed class AlignYourStepsGrid(ImmutableArray<double> levels) : EqualSteps
{
    /// <summary>Ten steps of Stable Diffusion 1.5.</summary>
    public static ImmutableArray<double> StableDiffusion { get; } = [14.615, 6.475, 3.861, 2.697, 1.886, 1.396, 0.963, 0.652, 0.399, 0.152, 0.029];

    /// <summary>Ten steps of Stable Diffusion XL.</summary>
    public static ImmutableArray<double> StableDiffusionXL { get; } = [14.615, 6.315, 3.771, 2.181, 1.342, 0.862, 0.555, 0.380, 0.234, 0.113, 0.029];

    /// <inheritdoc/>
    public override GridObstacle? Obstacle(Process process)
        => process.StopsAtData ? GridObstacle.EarlyStopIsZero : StartsAtNoise(process) ? GridObstacle.HorizonIsPureNoise : null;

    /// <inheritdoc/>
    protected override Func<double, double> TimeAt(GridRequest request, ModelAnalysis analysis)
    {
        Process process = analysis.Process;
        double[] logs = [.. levels.Select(PortableMath.Log)];
        int last = logs.Length - 1;
        double start = process.At(process.Horizon).NoiseToSignal, end = process.At(process.EarlyStop).NoiseToSignal;
        return u =>
        {
            int i = Math.Min((int)(u * last), last - 1);
            double log = logs[i] + (u * last - i) * (logs[i + 1] - logs[i]);
            return process.TimeAt(start * PortableMath.Pow(end / start, (log - logs[0]) / (logs[last] - logs[0])));
        };
    }
}
