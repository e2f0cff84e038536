using FlowDsl.Mathematics.Stability;
using FlowDsl.Mathematics.Trajectories;

namespace FlowDsl.Mathematics.Grids;

/// <summary>Equal shares of the integral of a stability rate: L, max(μ, 0) or E‖∇v‖₂.</summary>
internal sealed class StabilityGrid : EqualSteps
{
    /// <inheritdoc/>
    protected override Func<double, double> TimeAt(GridRequest request, ModelAnalysis analysis)
    {
        ICumulativeWeight weight = analysis.Stability.Weight(request.Grid);
        double total = weight.Total;
        return u => weight.TimeAt((1 - u) * total);
    }
}
