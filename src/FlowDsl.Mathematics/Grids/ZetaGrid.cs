using FlowDsl.Mathematics.Trajectories;

namespace FlowDsl.Mathematics.Grids;

/// <summary>Equal steps of (v + (s/a)²)^(-1/2), the clock of the canonical chart, v the mean variance.</summary>
internal sealed class ZetaGrid : EqualSteps
{
    /// <inheritdoc/>
    protected override Func<double, double> TimeAt(GridRequest request, ModelAnalysis analysis)
    {
        double variance = analysis.Mixture.MeanVariance;
        return Between(
            analysis.Process, ratio => 1 / Math.Sqrt(variance + ratio * ratio), zeta => Math.Sqrt(Math.Max(0, 1 / (zeta * zeta) - variance)));
    }
}
