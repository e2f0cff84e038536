using FlowDsl.Mathematics.Numerics;
using FlowDsl.Mathematics.Trajectories;

namespace FlowDsl.Mathematics.Grids;

/// <summary>Equal steps of arctan(s/a).</summary>
internal sealed class AngleGrid : EqualSteps
{
    /// <inheritdoc/>
    protected override Func<double, double> TimeAt(GridRequest request, ModelAnalysis analysis)
        => Between(analysis.Process, PortableMath.Atan, PortableMath.Tan);
}
