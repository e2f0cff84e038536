using FlowDsl.Mathematics.Trajectories;

namespace FlowDsl.Mathematics.Grids;

/// <summary>Equal steps of t.</summary>
internal sealed class UniformGrid : EqualSteps
{
    /// <inheritdoc/>
    protected override Func<double, double> TimeAt(GridRequest request, ModelAnalysis analysis)
    {
        (double start, double end) = (analysis.Process.Horizon, analysis.Process.EarlyStop);
        return u => start + u * (end - start);
    }
}
