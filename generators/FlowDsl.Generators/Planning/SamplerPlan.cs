using FlowDsl.Analysis;
using FlowDsl.Generators.Planning.Forms;

namespace FlowDsl.Generators.Planning;

/// <summary>All that is decided about one sampler before a character of it is written.</summary>
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
/// <param name="ScoreError">What the error of its network's score makes of the samples; 0 for the exact score, null where that was not measured.</param>
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
    double? ScoreError = 0)
{
    /// <summary>The straight-line form; null for the loop form.</summary>
    public KernelPlan? Kernel => Form.Kernel;
}

/// <summary>What is known of a sampler's stability before it runs.</summary>
/// <param name="Segments">∫L, ∫μ, ∫μ⁺ and ∫E‖∇v‖ for each segment.</param>
/// <param name="SpeciationTime">When the modes separate; null where they never do.</param>
/// <param name="DangerWindow">Where the flow amplifies errors; null where it never does.</param>
internal sealed record StabilityPlan((double Lipschitz, double OneSided, double PositiveOneSided, double Expected)[] Segments, double? SpeciationTime, TimeWindow? DangerWindow)
{
    // Pairs of components in the stability bounds, points in the expectation: beyond this the run time computes the table.
    private const int GreatestCount = 64;

    /// <summary>The stability of a mixture between times; null where it is left to the run time.</summary>
    public static StabilityPlan? Of(double[] times, StabilityProfile profile, Mixture mixture)
    {
        if (mixture.Count > GreatestCount) return null;
        (double, double, double, double)[] segments = [.. profile.BoundIntegrals(times)
            .Select((bounds, i) => (bounds.Lipschitz, bounds.OneSided, bounds.PositiveOneSided, profile.ExpectedIntegral(times[i + 1], times[i])))];
        return new StabilityPlan(segments, profile.SpeciationTime, profile.DangerWindow);
    }
}

/// <summary>In which coordinates a sampler integrates, and as what code.</summary>
/// <param name="Kernel">The straight-line form; null for the loop form.</param>
/// <param name="InCoefficients">Whether the loop form integrates the coefficients of the means.</param>
/// <param name="Span">The axes along which the kernel integrates; null where these are the coordinates.</param>
/// <param name="Cost">Its predicted cost in instructions a vector of samples.</param>
/// <param name="Reason">Why that form.</param>
/// <param name="Score">The network whose score it takes; null for the exact one.</param>
internal sealed record FormPlan(KernelPlan? Kernel, bool InCoefficients, MeansSpan? Span, double Cost, string Reason, ScoreNetworkPlan? Score = null)
{
    /// <summary>Whether parts of the flow give the bits of the whole.</summary>
    public bool ComposesExactly => !InCoefficients && Span is null;
}

/// <summary>A sampler as straight-line methods.</summary>
/// <param name="RowCount">The rows of its block.</param>
/// <param name="Stride">The samples of its block.</param>
/// <param name="ExcessRow">The row that is positive for samples some form is not exact for; -1 where there is no such form.</param>
/// <param name="Steps">One entry a segment: its methods in order.</param>
/// <param name="Advances">Multistep solvers: one entry a segment, the coefficients by earlier slopes at hand; else empty.</param>
/// <param name="Evaluations">The forms chosen, in the order of evaluation.</param>
/// <param name="Cost">The instructions a vector of samples of all methods.</param>
internal sealed record KernelPlan(
    int RowCount, int Stride, int ExcessRow, MethodPlan[][] Steps, double[][][] Advances, EvaluationPlan[] Evaluations, int Cost);

/// <summary>What a sampler is compared with for its errors.</summary>
/// <param name="Program">The companion.</param>
/// <param name="Form">The form of its kernel.</param>
internal sealed record CompanionPlan(FlowProgram Program, FormPlan Form);

/// <summary>What straight-line methods track besides the states.</summary>
/// <param name="Errors">The estimates of the steps' own errors; null where there are none.</param>
/// <param name="Count">The number of tangents, the sample's error first.</param>
internal sealed record TrackedPlan(LocalErrors? Errors, int Count);

/// <summary>A sampler with tangents as straight-line methods.</summary>
/// <param name="Kernel">Its methods; the rows count in those of all tangents.</param>
/// <param name="End">The method after the last segment; null where there are no estimates of the steps' own errors.</param>
/// <param name="Layout">Where the rows are.</param>
/// <param name="Count">The number of tangents.</param>
internal sealed record TangentPlan(KernelPlan Kernel, MethodPlan? End, RowLayout Layout, int Count);

/// <summary>The forms of one evaluation.</summary>
/// <param name="Blocks">One entry for each independent block of coordinates.</param>
internal sealed record EvaluationPlan(BlockChoice[] Blocks);

/// <summary>The forms that apply to a block of coordinates.</summary>
/// <param name="Coordinates">Its coordinates.</param>
/// <param name="Ranking">The forms, the chosen one first.</param>
internal sealed record BlockChoice(int[] Coordinates, FormChoice[] Ranking);

/// <summary>One straight-line method.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Summary">What it computes.</param>
/// <param name="Statements">Its operations in order.</param>
/// <param name="Stores">What it writes: row and value.</param>
/// <param name="Tangents">What it does to each tangent; nothing where it stores nothing.</param>
/// <param name="KeepsExponential">Whether it is short enough to keep the numbers of its exponential in registers.</param>
internal sealed record MethodPlan(
    string Name, string Summary, IReadOnlyList<Node> Statements, (int Row, Node Value)[] Stores, TangentPart Tangents, bool KeepsExponential);

/// <summary>A method's arithmetic for one tangent.</summary>
/// <param name="Statements">Its operations in order, besides those of the method.</param>
/// <param name="Stores">What it writes: row of the tangent and value.</param>
internal sealed record TangentPart(IReadOnlyList<Node> Statements, (int Row, Node Value)[] Stores);

/// <summary>A whole annotated type.</summary>
/// <param name="Model">The declaration with its mixture and process.</param>
/// <param name="UnrollPoints">Whether the point functions are straight-line code; else they read tables.</param>
/// <param name="Samplers">Its samplers.</param>
/// <param name="Students">Its students.</param>
/// <param name="ScoreNetworks">Its score networks.</param>
internal sealed record ModelPlan(ResolvedModel Model, bool UnrollPoints, SamplerPlan[] Samplers, StudentPlan[] Students, ScoreNetworkPlan[] ScoreNetworks)
{
    /// <summary>The methods of the samplers that have one body.</summary>
    public MethodGroups Methods { get; } = new(Samplers);

    /// <summary>The precisions in which a network is needed: double for points, and those of the samplers that take its score.</summary>
    public Precision[] PrecisionsOf(ScoreNetworkPlan network)
        => [.. Samplers.Where(sampler => sampler.Form.Score == network).Select(sampler => sampler.Spec.Precision).Append(Precision.Double).Distinct().OrderBy(precision => precision)];
}
