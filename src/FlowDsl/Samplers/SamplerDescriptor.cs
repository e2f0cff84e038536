using System.ComponentModel;
using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Discovery;
using FlowDsl.Mathematics.Numerics;
using FlowDsl.Mathematics.Trajectories;
using FlowDsl.Runtime.Points;
using FlowDsl.Samplers;

namespace FlowDsl;

/// <summary>Describes a sampler at run time.</summary>
public sealed class SamplerDescriptor
{
    /// <summary>The sampler's name.</summary>
    public required string Name { get; init; }

    /// <summary>d, the number of coordinates of a sample.</summary>
    public required int Dimension { get; init; }

    /// <summary>The solver.</summary>
    public required Solver Solver { get; init; }

    /// <summary>The chart it integrates in, never <see cref="Chart.Auto"/>.</summary>
    public required Chart Chart { get; init; }

    /// <summary>The variance of the canonical chart; 0 for data prediction and for other charts.</summary>
    public required double ChartVariance { get; init; }

    /// <summary>The grid its times come from, never <see cref="Grid.Auto"/>; null if the times were given.</summary>
    public required Grid? Grid { get; init; }

    /// <summary>Why <see cref="Grid"/> is not the grid that was asked for or chosen; null if it is.</summary>
    public GridStandIn? StandIn { get; init; }

    /// <summary>The errors by which <see cref="Grid.Optimal"/> chose the times; null for other grids.</summary>
    public PilotErrors? Pilot { get; init; }

    /// <summary>
    /// The weights of earlier slopes in each step of <see cref="Solver.Bespoke"/>, step by step, newest first: none in the first step, one in the second, …
    /// The weight of a step's own slope is what is missing to 1. Null for other solvers.
    /// </summary>
    public IReadOnlyList<double>? Weights { get; init => field = value is null ? null : new TimeList(value); }

    /// <summary>
    /// The errors of the method that <see cref="Solver.Bespoke"/> found, and whether the command <c>tune</c> did; null for other solvers, and where the mixture
    /// is too large for a search while the project is built.
    /// </summary>
    public SearchErrors? Search { get; init; }

    /// <summary>The precision of its states.</summary>
    public required Precision Precision { get; init; }

    /// <summary>How errors are estimated when a call asks for them, never <see cref="Tracking.Auto"/>.</summary>
    public Tracking Tracking { get; init; } = Tracking.Companion;

    /// <summary>The N + 1 step times, decreasing from the horizon to the early stop.</summary>
    public required IReadOnlyList<double> Times { get; init => field = new TimeList(value); }

    /// <summary>The noise levels s/a at <see cref="Times"/>, as k-diffusion and diffusers call them: 0 at the data, infinite where a is 0.</summary>
    public IReadOnlyList<double> Sigmas => field ??= new TimeList([.. Times.Select(time => Model.Process.At(time).NoiseToSignal)]);

    /// <summary>log(a²/s²) at <see cref="Times"/>: infinite at the data, -∞ where a is 0.</summary>
    public IReadOnlyList<double> LogSnr => field ??= new TimeList([.. Sigmas.Select(sigma => -2 * PortableMath.Log(sigma))]);

    /// <summary>Velocity evaluations per sample (NFE).</summary>
    public required int FunctionEvaluations { get; init; }

    /// <summary>The number of earlier steps' slopes that the solver uses: 0 for one-step solvers.</summary>
    public required int HistoryLength { get; init; }

    /// <summary>
    /// Whether calls over parts of the segments give the same bits as one call over all of them (for a multistep solver, with its history). False if
    /// the sampler integrates the coefficients of the means, or coordinates along other axes: then they agree up to rounding.
    /// </summary>
    public bool ComposesExactly { get; init; } = true;

    /// <summary>The name of this sampler's reference sampler; null if none was given.</summary>
    public string? Reference { get; init; }

    /// <summary>The name of the network whose score it uses; null if it uses the exact score.</summary>
    public string? Score { get; init; }

    /// <summary>
    /// The maximum r.m.s. error that the network's score causes in the samples, in units of x: its accuracy times ∫½g² over each segment, times the
    /// flow's amplification of an error there. 0 if the score is exact; null if it was not measured. Not included in <see cref="Forecast"/>.
    /// </summary>
    public double? ScoreError { get; init; } = 0;

    /// <summary>The a-priori stability of each of the N segments. For a large mixture it is computed on first use.</summary>
    public IReadOnlyList<SegmentStability> Stability { get => field ??= SegmentStability.Table(Model, Times); init; }

    /// <summary>
    /// A forecast of its errors, per segment and in total, measured on trajectories of the exact flow at compile time; null if the mixture is too
    /// large or there are too many steps.
    /// </summary>
    public SamplerForecast? Forecast { get; init; }

    /// <summary>The time at which the modes separate; null if they never do. See <see cref="StabilityProfile.SpeciationTime"/>.</summary>
    public double? SpeciationTime { get => field ?? Model.Stability.SpeciationTime; init; }

    /// <summary>The times between which the flow amplifies errors; null if it never does. See <see cref="StabilityProfile.DangerWindow"/>.</summary>
    public TimeWindow? DangerWindow { get => field ?? Model.Stability.DangerWindow; init; }

    /// <summary>What is proved of it if it is a flow map, whose <see cref="Solver"/> is none; null for other samplers.</summary>
    public FlowMapDescriptor? Map { get; init; }

    /// <summary>The mixture and process it samples.</summary>
    public required GaussianMixtureModel Model { get; init; }

    /// <summary>The chart with its variance.</summary>
    internal ChartFrame Frame => Chart switch
    {
        Chart.State => ChartFrame.State,
        Chart.Edm => ChartFrame.Edm,
        _ => ChartFrame.Canonical(ChartVariance),
    };

    /// <summary>The solver on its times.</summary>
    internal FlowProgram Program => Weights is null
        ? FlowProgram.Create(Model.Process, Frame, Solver, Times)
        : FlowProgram.Create(Model.Process, Frame, Times, Weights);

    /// <summary>The sampler for one sample at a time, in double precision: for generated code.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public PointProgram Points => field ??= Model.PointsOf(() => Program);

    /// <summary>N, the number of segments (steps).</summary>
    public int SegmentCount => Times.Count - 1;

    /// <summary>Describes a sampler that is not declared: for use at run time.</summary>
    /// <param name="model">The mixture and process.</param>
    /// <param name="solver">The solver.</param>
    /// <param name="times">N + 1 times, decreasing from the process's horizon to its early stop; see <see cref="GaussianMixtureModel.CreateTimes"/>.</param>
    /// <param name="chart">The chart; chosen for the solver by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">The process is not defined at a time.</exception>
    /// <exception cref="ArgumentException">
    /// The solver does not integrate in that chart, the chart is singular at a time, or one of the sampler's coefficients is not finite in double precision.
    /// </exception>
    public static SamplerDescriptor Create(GaussianMixtureModel model, Solver solver, IReadOnlyList<double> times, Chart chart = Chart.Auto)
    {
        ArgumentNullException.ThrowIfNull(model);
        FlowProgram program = model.CreateProgram(solver, times, chart);
        var frame = ChartFrame.For(chart, solver, model.MeanVariance);
        return new SamplerDescriptor
        {
            Name = $"{solver}{program.Steps.Length}",
            Dimension = model.Dimension,
            Solver = solver,
            Chart = frame.Chart,
            ChartVariance = frame.Variance,
            Grid = null,
            Precision = Precision.Single,
            Times = times,
            FunctionEvaluations = program.FunctionEvaluations,
            HistoryLength = program.HistoryLength,
            Model = model,
        };
    }

    /// <summary>Finds a method of a mixture's own, as <see cref="Solver.Bespoke"/> does during a build: for use at run time.</summary>
    /// <param name="model">The mixture and process.</param>
    /// <param name="steps">N, 3 to 12.</param>
    /// <param name="chart">Its chart; the better one by default.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    /// <returns>Null where the mixture is so large that too few trajectories could be followed.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The number of steps is out of its range.</exception>
    /// <exception cref="ArgumentException">The chart is neither <see cref="Chart.DataPrediction"/> nor <see cref="Chart.Canonical"/>.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static SamplerDescriptor? Discover(
        GaussianMixtureModel model, int steps, Chart chart = Chart.Auto, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (steps is < BespokeSearch.MinSteps or > BespokeSearch.MaxSteps)
            throw new ArgumentOutOfRangeException(
                nameof(steps), steps, $"The number of steps must be between {BespokeSearch.MinSteps} and {BespokeSearch.MaxSteps}.");
        var analysis = new ModelAnalysis(model.Mixture, model.Process, cancellationToken);
        if (BespokeSearch.Find(analysis, BespokeSearch.Frames(chart, model.Mixture.MeanVariance), steps) is not { } found) return null;
        return new SamplerDescriptor
        {
            Name = $"{Solver.Bespoke}{steps}",
            Dimension = model.Dimension,
            Solver = Solver.Bespoke,
            Chart = found.Frame.Chart,
            ChartVariance = found.Frame.Variance,
            Grid = null,
            Precision = Precision.Single,
            Times = found.Method.Times,
            Weights = found.Method.Weights,
            Search = found.Errors,
            FunctionEvaluations = steps,
            HistoryLength = steps - 1,
            Model = model,
        };
    }

    /// <summary>The text of the sampler's documentation: how it works, the forecast of its errors, and a table of its segments.</summary>
    public override string ToString()
    {
        List<string> lines =
        [
            Title,
            $"{NumberText.Count(Model.ComponentCount, "Gaussian")} in {NumberText.Count(Dimension, "dimension")}; {Model.Process}.",
            $"Chart: {Chart}{(Chart == Chart.Canonical ? $" of variance {NumberText.Short(ChartVariance)}" : "")}. Errors: {Tracking}.",
        ];
        if (Reference is not null) lines.Add($"Reference: {Reference}.");
        string moved = ScoreError is { } error ? $", whose error moves a sample by {NumberText.Brief(error)} at most, r.m.s" : "";
        if (Score is not null) lines.Add($"Score: of {Score}{moved}.");
        if (Pilot is not null) lines.Add($"Grid: {Pilot}.");
        if (Search is not null) lines.Add($"Method: {Search}.");
        lines.Add($"{SegmentTable.Whole(SpeciationTime, DangerWindow)}.");
        lines.Add(Forecast is null ? "No forecast of its errors: the mixture is too large, or the steps are too many." : $"{SegmentTable.Whole(Forecast)}.");
        IReadOnlyList<SegmentStability> bounds = Stability;
        lines.AddRange(SegmentTable.Lines(
            SegmentCount, Times,
            i => (bounds[i].StabilityIntegral, bounds[i].OneSidedIntegral, bounds[i].PositiveOneSidedIntegral, bounds[i].ExpectedStabilityIntegral),
            Forecast?.Segments));
        return string.Join("\n", lines);
    }

    /// <summary>Describes the sampler in one line.</summary>
    internal string Title => Map is null
        ? $"{Name}: {Solver} in {NumberText.Count(SegmentCount, "step")} on "
            + $"{(Grid is { } grid ? $"the {grid} grid" : Weights is null ? "given times" : "times of its own")}, "
            + $"{NumberText.Count(FunctionEvaluations, "function evaluation")} per sample, {(Precision == Precision.Single ? "float" : "double")}."
        : $"{Name}: exact flow map in {NumberText.Count(SegmentCount, "segment")}, {Map}, {(Precision == Precision.Single ? "float" : "double")}.";
}

/// <summary>The a-priori stability of one segment of a sampler: bounds over all x, and the expectation beside them.</summary>
/// <param name="From">The time at which the segment starts.</param>
/// <param name="To">The time at which it ends.</param>
/// <param name="StabilityIntegral">
/// ∫L dt over the segment: its exponential bounds how much the exact flow can stretch, in either direction of time. Infinite where L is.
/// </param>
/// <param name="OneSidedIntegral">
/// ∫μ dt over the segment, μ an upper bound on the eigenvalues of the reverse flow's Jacobian: its exponential bounds how much the flow from noise to
/// data can stretch, contraction included. Infinite where L is.
/// </param>
/// <param name="PositiveOneSidedIntegral">∫max(μ, 0) dt over the segment: the same without the contraction.</param>
/// <param name="ExpectedStabilityIntegral">∫E‖∇v‖₂ dt over the segment.</param>
public readonly record struct SegmentStability(
    double From, double To, double StabilityIntegral, double OneSidedIntegral, double PositiveOneSidedIntegral, double ExpectedStabilityIntegral)
{
    /// <summary>The figures as text, the same in every culture.</summary>
    public override string ToString()
        => $"t = {NumberText.Short(From)} to {NumberText.Short(To)}: ∫L {NumberText.Brief(StabilityIntegral)}, ∫μ {NumberText.Brief(OneSidedIntegral)}, "
            + $"∫μ⁺ {NumberText.Brief(PositiveOneSidedIntegral)}, ∫E‖∇v‖ {NumberText.Brief(ExpectedStabilityIntegral)}";

    /// <summary>The stability of each segment between given times.</summary>
    /// <param name="model">The model.</param>
    /// <param name="times">N + 1 decreasing times within the process's own.</param>
    public static IReadOnlyList<SegmentStability> Table(GaussianMixtureModel model, IReadOnlyList<double> times)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(times);
        return [.. model.Stability.BoundIntegrals(times).Select((bounds, i) => new SegmentStability(
            times[i], times[i + 1], bounds.Lipschitz, bounds.OneSided, bounds.PositiveOneSided,
            model.Data is null ? model.Stability.ExpectedIntegral(times[i + 1], times[i]) : double.NaN))];
    }
}
