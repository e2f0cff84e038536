using FlowDsl.Mathematics.Trajectories;

namespace FlowDsl.Mathematics.Grids;

/// <summary>Equal steps of a function of time.</summary>
internal abstract class EqualSteps : GridRule
{
    /// <inheritdoc/>
    public sealed override GridTimes Times(GridRequest request, ModelAnalysis analysis)
    {
        Func<double, double> timeAt = TimeAt(request, analysis);
        double[] times = new double[request.Steps + 1];
        for (int i = 1; i < request.Steps; i++) times[i] = timeAt((double)i / request.Steps);
        (times[0], times[request.Steps]) = (analysis.Process.Horizon, analysis.Process.EarlyStop);
        return new GridTimes(request.Grid, [.. times]);
    }

    /// <summary>The time as a function of the fraction of the way, from 0 at the horizon to 1 at the early stop.</summary>
    /// <param name="request">The grid and its solver.</param>
    /// <param name="analysis">The model.</param>
    protected abstract Func<double, double> TimeAt(GridRequest request, ModelAnalysis analysis);

    /// <summary>Equal steps of a function of the noise-to-signal ratio s/a.</summary>
    /// <param name="process">The process.</param>
    /// <param name="function">The function.</param>
    /// <param name="inverse">Its inverse.</param>
    protected static Func<double, double> Between(Process process, Func<double, double> function, Func<double, double> inverse)
    {
        double from = function(process.At(process.Horizon).NoiseToSignal), to = function(process.At(process.EarlyStop).NoiseToSignal);
        return u => process.TimeAt(inverse(from + u * (to - from)));
    }

    /// <summary>Whether s/a is infinite at the horizon, in double precision.</summary>
    /// <param name="process">The process.</param>
    protected static bool StartsAtNoise(Process process) => double.IsInfinity(process.At(process.Horizon).NoiseToSignal);
}
