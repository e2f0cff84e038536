using FlowDsl.Mathematics.Trajectories;

namespace FlowDsl.Mathematics.Grids;

/// <summary>
/// Equal steps of the linear interpolant's time before its noise level is multiplied: of r/(r + k), r = s/a and k the shift
/// (Esser et al., arXiv:2403.03206).
/// </summary>
/// <remarks>With t = r/(1 + r), the shifted time kt/(1 + (k - 1) t) has the noise level kr. Ends other than 1 and 0 keep their places.</remarks>
internal sealed class ShiftGrid : EqualSteps
{
    /// <inheritdoc/>
    protected override Func<double, double> TimeAt(GridRequest request, ModelAnalysis analysis)
    {
        double shift = request.Options.Shift;
        return Between(analysis.Process, ratio => double.IsInfinity(ratio) ? 1 : ratio / (ratio + shift), time => shift * time / (1 - time));
    }
}
