using FlowDsl.Mathematics.Numerics;
using FlowDsl.Mathematics.Trajectories;

namespace FlowDsl.Mathematics.Grids;

/// <summary>Equal steps of (s/a)^(1/ρ) (Karras, Aittala, Aila and Laine, 2022).</summary>
internal sealed class EdmGrid : EqualSteps
{
    /// <inheritdoc/>
    public override GridObstacle? Obstacle(Process process) => StartsAtNoise(process) ? GridObstacle.HorizonIsPureNoise : null;

    /// <inheritdoc/>
    protected override Func<double, double> TimeAt(GridRequest request, ModelAnalysis analysis)
    {
        double rho = request.Options.Rho;
        return Between(analysis.Process, ratio => PortableMath.Pow(ratio, 1 / rho), root => PortableMath.Pow(root, rho));
    }
}
