using FlowDsl.Generators.Model;
using FlowDsl.Generators.Planning.Audits;
using FlowDsl.Generators.Planning.Networks;
using FlowDsl.Generators.Planning.Samplers;
using FlowDsl.Generators.Validation;
using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Discovery;
using FlowDsl.Mathematics.Grids;
using FlowDsl.Mathematics.Numerics;
using FlowDsl.Mathematics.Solvers;
using FlowDsl.Mathematics.Trajectories;

namespace FlowDsl.Generators.Planning;

/// <summary>Plans the samplers of a model, one after the other: chart, times, program, form, and what tracks their errors.</summary>
/// <param name="model">The model.</param>
/// <param name="networks">Its valid score networks.</param>
/// <param name="precision">Whether single precision holds its samples.</param>
/// <param name="analysis">Its analysis.</param>
/// <param name="issues">Receives what the user must know.</param>
/// <param name="cancellationToken">Stops planning.</param>
internal sealed class SamplerPlanner(
    ResolvedModel model, IReadOnlyList<ScoreNetworkPlan> networks, PrecisionAudit precision, ModelAnalysis analysis, List<Issue> issues,
    CancellationToken cancellationToken)
{
    private readonly FormPlanner _forms = new(model.Mixture);
    private readonly Lazy<ModelAnalysis?> _moments = new(() => model.Data is { } data
        ? new ModelAnalysis(data.Moments.Gaussian(model.Spec.Data!.Variance), model.Process, cancellationToken)
        : null);

    private Process Process => model.Process;

    private Mixture Mixture => model.Mixture;

    /// <summary>The plan of a sampler; null where there is none, which is an issue.</summary>
    public SamplerPlan? Plan(SamplerSpec spec)
    {
        if (!FindNetwork(spec, out ScoreNetworkPlan? network)) return null;
        SamplerChoice[]? ranking = null;
        if (spec.Solver == Solver.Auto)
        {
            ranking = Choose(spec);
            if (ranking is not [var choice, ..]) return null;
            spec = spec with { Solver = choice.Solver, Steps = choice.Steps };
        }
        (ChartFrame frame, Schedule? settled) = Settle(spec, ranking?[0]);
        if (settled is not { Discovery: var discovery } schedule) return null;
        if (CreateProgram(spec, frame, schedule.Times, discovery) is not { } program) return null;
        NetworkSpec? field = model.Spec.Networks.FirstOrDefault(own => own.Name == spec.Field);
        // An invalid network has been reported already.
        if (spec.Field is not null && field is null) return null;

        FormPlan form = model.Data is { } data ? new FormPlan(null, LoopForm.Data, null, Cost: 0, PlanText.Data(data.Moments.Count))
            : network is not null
            ? new FormPlan(null, LoopForm.Tables, null, Cost: 0, $"the score of {network.Spec.Name} at each evaluation", network)
            : _forms.Plan(program, spec.Precision, KernelPlanner.SamplerBudget, cancellationToken);
        // Of a data set there are bounds but no expectations, and no trajectories.
        StabilityPlan? stability = model.Data is null ? StabilityPlan.Of(schedule.Times, analysis.Stability, Mixture) : null;
        SamplerForecast? forecast = model.Data is null ? SamplerForecast.Measure(analysis, program, spec.Precision) : null;
        var plan = new SamplerPlan(
            spec, frame, schedule.Grid, schedule.Reason, schedule.Pilot, schedule.StandIn, schedule.Times, program, stability, forecast, form,
            Mixture.Dimension, PlanCompanion(spec, frame, schedule.Times), PlanTangents(spec, frame, schedule.Times, program, form),
            field, network is null ? 0 : network.ErrorIn(Process, schedule.Times, forecast), discovery, ranking);
        if (FiniteAudit.Find(plan, Mixture) is not { } number) return plan;
        ReportFault(spec, number);
        return null;
    }

    private bool StartsFromNoise => double.IsInfinity(Process.At(Process.Horizon).NoiseToSignal);

    private bool CheckStart(SamplerSpec spec, ChartFrame frame)
    {
        if (frame.Chart != Chart.Edm || !StartsFromNoise) return true;
        Report(spec, DiagnosticIds.ChartSingularAtHorizon, nameof(SamplerSpec.Chart), Number(Process.Horizon));
        return false;
    }

    /// <summary>Finds the network whose score a sampler takes; null for the exact score.</summary>
    private bool FindNetwork(SamplerSpec spec, out ScoreNetworkPlan? network)
    {
        network = networks.FirstOrDefault(own => own.Spec.Name == spec.Score);
        // An invalid network has been reported already.
        if (spec.Score is null || network is null) return spec.Score is null;
        if (!StartsFromNoise) return true;
        Report(
            spec, DiagnosticIds.ScoreInvalid, nameof(SamplerSpec.Score), "Score", $"\"{spec.Score}\"",
            $"at the horizon, t = {Number(Process.Horizon)}, nothing of the data is left and the score does not determine the velocity; start earlier");
        return false;
    }

    /// <summary>The samplers that were measured, the best first; empty, which is an issue, where there are none.</summary>
    private SamplerChoice[] Choose(SamplerSpec spec)
    {
        bool isBounded = spec.Evaluations is not null;
        string argument = isBounded ? nameof(SamplerSpec.Evaluations) : nameof(SamplerSpec.Error),
            value = spec.Evaluations is { } most ? Invariant.Text(most) : PortableNumber.Format(spec.Error!.Value);
        if (SamplerSearch.Create(analysis) is not { } search)
        {
            Report(
                spec, DiagnosticIds.ChoiceInvalid, argument, argument, value,
                "the mixture is so large that too few trajectories could be followed; give Solver and Steps instead");
            return [];
        }
        SamplerChoice[] ranking = spec.Evaluations is { } evaluations ? search.Rank(evaluations) : search.RankForError(spec.Error!.Value);
        if (ranking.Length > 0) return ranking;
        string rule = isBounded
            ? "no sampler is finite on the mixture's trajectories; give Solver and Steps instead"
            : $"no sampler of at most {Invariant.Text(SamplerSearch.MaxEvaluations)} evaluations was found to be so exact";
        Report(spec, DiagnosticIds.ChoiceInvalid, argument, argument, value, rule);
        return [];
    }

    /// <summary>The chart and the times; no times where there are none, which is an issue.</summary>
    private (ChartFrame Frame, Schedule? Schedule) Settle(SamplerSpec spec, SamplerChoice? choice)
    {
        if (choice is { Discovery: { } chosen })
        {
            Discovery own = Tuned(spec) ?? chosen;
            return (own.Frame, new Schedule([.. own.Method.Times], Discovery: own));
        }
        if (choice is not null) return (choice.Frame, new Schedule([.. choice.Times], choice.Grid, PlanText.ChoiceReason(choice), choice.Pilot));
        var frame = ChartFrame.For(spec.Chart, spec.Solver, Mixture.MeanVariance);
        if (!CheckStart(spec, frame)) return (frame, null);
        if (spec.Solver != Solver.Bespoke) return (frame, ChooseTimes(spec, frame));
        if ((Tuned(spec) ?? Found(spec)) is { } found) return (found.Frame, new Schedule([.. found.Method.Times], Discovery: found));
        Report(spec, DiagnosticIds.BespokeInvalid, nameof(SamplerSpec.Solver), "Solver", "Bespoke", "no method is finite; take UniPC2");
        return (frame, null);
    }

    /// <summary>What the command tune has found; null where it has not, or for another mixture, which is an issue.</summary>
    private Discovery? Tuned(SamplerSpec spec)
    {
        if (model.Solvers.FirstOrDefault(own => own.Sampler == spec.Name) is not { Method: var tuned } named) return null;
        if (tuned.Difference(Mixture, Process, spec.Steps, spec.Chart) is not { } difference) return tuned.In(Mixture);
        Report(
            spec, DiagnosticIds.NotTuned, spec.SolverArgument, named.File, difference);
        return null;
    }

    /// <summary>What a search finds, or where it would start if it is too expensive, which is an issue.</summary>
    private Discovery? Found(SamplerSpec spec)
    {
        ChartFrame[] frames = BespokeSearch.Frames(spec.Chart, Mixture.MeanVariance);
        if (BespokeSearch.Find(analysis, frames, spec.Steps) is { } found) return found;
        if (BespokeTuning.LeastBudget(analysis.Pilot.Mixture) is not (> 1 and var budget)) return null;
        Report(spec, DiagnosticIds.NotSearched, nameof(SamplerSpec.Solver), PortableNumber.Format(budget));
        return BespokeSearch.Start(analysis, frames[0], spec.Steps);
    }

    private Schedule? ChooseTimes(SamplerSpec spec, ChartFrame frame)
    {
        if (spec.Times.Count > 0) return new Schedule(spec.Times.ToArray());
        if (spec.Grid == Grid.Profile) return ProfileTimes(spec);
        Grid asked = model.Data is null ? TimeGrid.Resolve(spec.Grid, spec.Solver) : TimeGrid.ResolveForData(spec.Grid);
        if (!CheckGrid(spec, asked)) return null;
        if (TimeGrid.TryCreate(new GridRequest(asked, spec.Steps, spec.Solver, frame, spec.Options), AnalysisFor(asked)) is not { } result)
        {
            Report(spec, DiagnosticIds.StepsTooFine, nameof(SamplerSpec.Steps), Invariant.Text(spec.Steps), asked.ToString());
            return null;
        }
        ReportChange(spec, asked, result);
        string? reason = PlanText.GridReason(spec.Grid == Grid.Auto ? Reason(asked, spec.Solver) : null, asked, result);
        return new Schedule([.. result.Times], result.Grid, reason, result.Pilot, result.StandIn);
    }

    // The best grid of one Gaussian needs the moments; others of a data set need the process and a component's variance.
    private ModelAnalysis AnalysisFor(Grid grid) => grid == Grid.GaussianOptimal && _moments.Value is { } moments ? moments : analysis;

    private Schedule? ProfileTimes(SamplerSpec spec)
    {
        ProfileData profile = model.Profiles.First(own => own.Sampler == spec.Name).Data;
        if (profile.CreateTimes(spec.Steps) is { } times)
            return new Schedule(times, Grid.Profile, $"measured on {Invariant.Text(profile.Samples)} trajectories of a network");
        Report(spec, DiagnosticIds.StepsTooFine, nameof(SamplerSpec.Steps), Invariant.Text(spec.Steps), nameof(Grid.Profile));
        return null;
    }

    private bool CheckGrid(SamplerSpec spec, Grid grid)
    {
        if (TimeGrid.Obstacle(grid, Process) is { } obstacle)
        {
            if (obstacle == GridObstacle.EarlyStopIsZero) Report(spec, DiagnosticIds.GridNeedsPositiveEarlyStop, nameof(SamplerSpec.Grid), grid.ToString());
            else Report(spec, DiagnosticIds.GridNeedsSignalAtHorizon, nameof(SamplerSpec.Grid), grid.ToString(), Number(Process.Horizon));
            return false;
        }
        if (grid is Grid.StabilityBalanced or Grid.OneSidedStability) ReportBound(spec, grid);
        return true;
    }

    // A global bound does not exist, or has no closed form: the grid balances the bound over the region of 99.9 % of the mass.
    private void ReportBound(SamplerSpec spec, Grid grid)
    {
        if (Mixture.HasSharedCovariance) return;
        if (analysis.Stability.Crossing is var (first, second))
            Report(spec, DiagnosticIds.StabilityUnbounded, nameof(SamplerSpec.Grid), grid.ToString(), Invariant.Text(first), Invariant.Text(second));
        else
            Report(spec, DiagnosticIds.StabilityBoundRegional, nameof(SamplerSpec.Grid), grid.ToString());
    }

    // Where the generator chose the grid, the sampler's documentation says so.
    private void ReportChange(SamplerSpec spec, Grid asked, GridTimes result)
    {
        if (spec.Grid == Grid.Auto) return;
        if (result.StandIn is { } why)
            Report(spec, DiagnosticIds.GridReplaced, nameof(SamplerSpec.Grid), asked.ToString(), result.Grid.ToString(), why.Description());
        else if (result.IsReduced)
            Report(spec, DiagnosticIds.PilotReduced, nameof(SamplerSpec.Grid), asked.ToString(), Invariant.Text(result.Samples));
    }

    private FlowProgram? CreateProgram(SamplerSpec spec, ChartFrame frame, double[] times, Discovery? discovery)
    {
        if (FlowProgram.Singularity(Process, frame, spec.Solver, times) is { } singular)
        {
            ReportFault(spec, $"the clock of Chart.{frame.Chart} at t = {Number(singular)} is infinite");
            return null;
        }
        FlowProgram program = discovery is null
            ? FlowProgram.Create(Process, frame, spec.Solver, times)
            : FlowProgram.Create(Process, frame, times, discovery.Method.Weights);
        if (program.Fault(Mixture, spec.Precision) is { } fault)
        {
            ReportFault(spec, fault);
            return null;
        }
        if (precision.Obstacle(spec, program) is not { } beyond) return program;
        Report(spec, DiagnosticIds.BeyondSinglePrecision, nameof(SamplerSpec.Precision), beyond);
        return null;
    }

    // What only some calls need is generated where it is asked for; elsewhere loops do it at run time.
    private CompanionPlan? PlanCompanion(SamplerSpec spec, ChartFrame frame, double[] times)
    {
        if (spec.Tracking is not Tracking.Companion || model.Data is not null) return null;
        var companion = CompanionProgram.Create(Process, frame, spec.Solver, times);
        FormPlan own = _forms.Plan(companion, spec.Precision, KernelPlanner.TrackingBudget, cancellationToken);
        return own.Kernel is null ? null : new CompanionPlan(companion, own);
    }

    private TangentPlan? PlanTangents(SamplerSpec spec, ChartFrame frame, double[] times, FlowProgram program, FormPlan form)
    {
        if (spec.Tracking is not (Tracking.Local or Tracking.Tangent) || form.Kernel is null || form.Span is not null) return null;
        var errors = LocalErrors.Of(Mixture, Process, frame, spec.Solver, times);
        if (spec.Tracking == Tracking.Local && errors is null) return null;
        var tracked = new TrackedPlan(errors, spec.Tracking == Tracking.Local ? 0 : LocalErrors.TangentCount(Mixture.Dimension));
        return _forms.PlanTangents(program, spec.Precision, tracked, cancellationToken);
    }

    private void ReportFault(SamplerSpec spec, string words) => Report(spec, DiagnosticIds.NumberNotFinite, nameof(SamplerSpec.Solver), words);

    private void Report(SamplerSpec spec, string id, string argument, params string[] arguments)
        => issues.Add(new Issue(
            id, new Site(SitePart.Sampler, spec.Index, argument), new EquatableArray<string>([model.Spec.Type.DisplayName, spec.Name, .. arguments])));

    private static string Reason(Grid grid, Solver solver) => grid switch
    {
        Grid.GaussianOptimal => "chosen: the best for one Gaussian with the data's mean and covariance",
        Grid.ErrorBalanced => "chosen: minimises the sum of the steps' errors, the default of one-step solvers",
        _ => $"chosen: {solver} extrapolates over past steps, whose errors cancel on the best grid, so whole samplers are measured",
    };

    private static string Number(double value) => PortableNumber.Format(value, 6);

    /// <summary>The times of a sampler, and where they come from.</summary>
    private sealed record Schedule(double[] Times, Grid? Grid = null, string? Reason = null, PilotErrors? Pilot = null, GridStandIn? StandIn = null,
        Discovery? Discovery = null);
}
