using FlowDsl.Mathematics.Stability;
using FlowDsl.Mathematics.Trajectories;

namespace FlowDsl.Mathematics.Grids;

/// <summary>Equal shares of the integral of a stability rate: L, max(μ, 0) or E‖∇v‖₂.</summary>
/// <param name="weight">The integral.</param>
internal sealed class StabilityGrid(Func<StabilityProfile, ICumulativeWeight> weight) : EqualSteps
{
    /// <inheritdoc/>
    protected override Func<double, double> TimeAt(GridRequest request, ModelAnalysis analysis)
    {
        ICumulativeWeight own = weight(analysis.Stability);
        double total = own.Total;
        return u => own.TimeAt((1 - u) * total);
    }
}
