using FlowDsl.Generators.Model;
using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Discovery;

namespace FlowDsl.Generators.Planning.Samplers;

/// <summary>Everything decided about one sampler before its text is written.</summary>
/// <param name="Spec">Its declaration.</param>
/// <param name="Frame">The chart, resolved.</param>
/// <param name="Grid">The grid, resolved; null for explicit times.</param>
/// <param name="GridReason">Why that grid, where the generator chose, and what it measured.</param>
/// <param name="Pilot">The errors by which the times were chosen; null where they were not.</param>
/// <param name="StandIn">Why the grid is another than was asked for or chosen; null where it is that one.</param>
/// <param name="Times">The N + 1 step times.</param>
/// <param name="Program">The solver on those times.</param>
/// <param name="Stability">Bounds and expectation for each segment; null where they are left to the run time.</param>
/// <param name="Forecast">The errors measured on trajectories; null where that would take too long.</param>
/// <param name="Form">The form of its kernel.</param>
/// <param name="Dimension">d.</param>
/// <param name="Companion">Its companion; null where that is left to the run time.</param>
/// <param name="Tangents">Its kernel with tangents; null where these are left to the run time.</param>
/// <param name="Network">The kind of network that it can run on; null without one.</param>
/// <param name="ScoreError">What the error of its network's score makes of the samples; 0 for the exact score, null where that was not measured.</param>
/// <param name="Discovery">The method, its weights and errors, of Solver.Bespoke; null for other solvers.</param>
/// <param name="Ranking">What was measured to choose the sampler, the best first; null where it was declared.</param>
internal sealed record SamplerPlan(
    SamplerSpec Spec,
    ChartFrame Frame,
    Grid? Grid,
    string? GridReason,
    PilotErrors? Pilot,
    GridStandIn? StandIn,
    double[] Times,
    FlowProgram Program,
    StabilityPlan? Stability,
    SamplerForecast? Forecast,
    FormPlan Form,
    int Dimension,
    CompanionPlan? Companion,
    TangentPlan? Tangents,
    NetworkSpec? Network = null,
    double? ScoreError = 0,
    Discovery? Discovery = null,
    SamplerChoice[]? Ranking = null)
{
    /// <summary>The straight-line form; null for the loop form.</summary>
    public KernelPlan? Kernel => Form.Kernel;
}
