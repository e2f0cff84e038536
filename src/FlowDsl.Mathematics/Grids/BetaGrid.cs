using FlowDsl.Mathematics.Numerics;
using FlowDsl.Mathematics.Trajectories;

namespace FlowDsl.Mathematics.Grids;

/// <summary>Equal steps of the probability of the Beta(α, β) distribution over t (Lee et al., arXiv:2407.12173).</summary>
internal sealed class BetaGrid : EqualSteps
{
    /// <inheritdoc/>
    protected override Func<double, double> TimeAt(GridRequest request, ModelAnalysis analysis)
    {
        var law = new BetaLaw(request.Options.Alpha, request.Options.Beta);
        (double start, double end) = (analysis.Process.Horizon, analysis.Process.EarlyStop);
        return u => end + (start - end) * law.Quantile(1 - u);
    }
}
