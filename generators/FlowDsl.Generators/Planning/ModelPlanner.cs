using System.Globalization;
using FlowDsl.Generators.Model;
using FlowDsl.Generators.Planning.Audits;
using FlowDsl.Generators.Planning.Networks;
using FlowDsl.Generators.Planning.Samplers;
using FlowDsl.Generators.Planning.Students;
using FlowDsl.Generators.Validation;
using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Grids;
using FlowDsl.Mathematics.Numerics;
using FlowDsl.Mathematics.Solvers;
using FlowDsl.Mathematics.Trajectories;

namespace FlowDsl.Generators.Planning;

/// <summary>Decides everything about a model: charts, grids, forms. What cannot be decided becomes an issue.</summary>
internal static class ModelPlanner
{
    // Beyond this many numbers straight-line point functions are longer than their tables.
    private const int UnrolledPointNumbers = 64;

    /// <summary>Plans a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="issues">Receives what the user must know.</param>
    /// <param name="cancellationToken">Stops planning.</param>
    public static ModelPlan Plan(ResolvedModel model, List<Issue> issues, CancellationToken cancellationToken)
    {
        var analysis = new ModelAnalysis(model.Mixture, model.Process, cancellationToken);
        var forms = new FormPlanner(model.Mixture);
        var precision = new PrecisionAudit(model, issues);
        var forecasts = new ForecastAudit(model, analysis, issues);
        var networks = new List<ScoreNetworkPlan>();
        foreach (ScoreNetworkSpec spec in model.Spec.ScoreNetworks)
        {
            cancellationToken.ThrowIfCancellationRequested();
            networks.Add(ScoreNetworkPlan.Of(model, spec, cancellationToken));
        }
        var samplers = new List<SamplerPlan>();
        foreach (SamplerSpec spec in model.Spec.Samplers)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (PlanSampler(model, forms, networks, precision, spec, analysis, issues, cancellationToken) is { } plan) samplers.Add(plan);
        }
        precision.Check(samplers);
        foreach (SamplerPlan sampler in samplers)
        {
            cancellationToken.ThrowIfCancellationRequested();
            forecasts.Check(sampler);
        }
        ReferenceAudit.Check(model.Spec.Type.DisplayName, samplers, issues);
        var studentPlanner = new StudentPlanner(model, analysis, samplers, issues, cancellationToken);
        var students = new List<StudentPlan>();
        foreach (StudentSpec spec in model.Spec.Students)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (studentPlanner.Plan(spec) is { } plan) students.Add(plan);
        }
        Mixture mixture = model.Mixture;
        long numbers = mixture.Covariances.Sum(covariance => (long)mixture.Dimension * (covariance.Basis is null ? 1 : mixture.Dimension));
        return new ModelPlan(model, numbers <= UnrolledPointNumbers, [.. samplers], [.. students], [.. networks]);
    }

    private static SamplerPlan? PlanSampler(
        ResolvedModel model, FormPlanner forms, List<ScoreNetworkPlan> networks, PrecisionAudit precision, SamplerSpec spec, ModelAnalysis analysis,
        List<Issue> issues, CancellationToken cancellationToken)
    {
        Process process = model.Process;
        Mixture mixture = model.Mixture;
        var frame = ChartFrame.For(spec.Chart, spec.Solver, mixture.MeanVariance);
        bool startsFromNoise = double.IsInfinity(process.At(process.Horizon).NoiseToSignal);
        if (frame.Chart == Chart.Edm && startsFromNoise)
        {
            Report(DiagnosticIds.ChartSingularAtHorizon, nameof(SamplerSpec.Chart), Number(process.Horizon));
            return null;
        }

        ScoreNetworkPlan? network = networks.Find(own => own.Spec.Name == spec.Score);
        // Its network is not valid: that is said there.
        if (spec.Score is not null && network is null) return null;
        if (network is not null && startsFromNoise)
        {
            Report(DiagnosticIds.ScoreInvalid, nameof(SamplerSpec.Score), "Score", $"\"{spec.Score}\"", $"at the horizon, t = {Number(process.Horizon)}, nothing of the data is left and the score does not tell the velocity; start earlier");
            return null;
        }

        Grid? grid = null;
        string? reason = null;
        PilotErrors? pilot = null;
        GridStandIn? standIn = null;
        double[] times;
        if (spec.Times.Count > 0)
        {
            times = spec.Times.ToArray();
        }
        else
        {
            grid = TimeGrid.Resolve(spec.Grid, spec.Solver, process);
            if (spec.Grid == Grid.Auto) reason = Reason(grid.Value, spec.Solver);
            if (TimeGrid.Obstacle(grid.Value, process) is { } obstacle)
            {
                if (obstacle == GridObstacle.EarlyStopIsZero) Report(DiagnosticIds.GridNeedsPositiveEarlyStop, nameof(SamplerSpec.Grid), grid.Value.ToString());
                else Report(DiagnosticIds.GridNeedsSignalAtHorizon, nameof(SamplerSpec.Grid), grid.Value.ToString(), Number(process.Horizon));
                return null;
            }
            if (grid is Grid.StabilityBalanced or Grid.OneSidedStability) ReportBound(grid.Value);
            if (TimeGrid.TryCreate(new GridRequest(grid.Value, spec.Steps, spec.Solver, frame, spec.Rho), analysis) is not { } result)
            {
                Report(DiagnosticIds.StepsTooFine, nameof(SamplerSpec.Steps), spec.Steps.ToString(CultureInfo.InvariantCulture), grid.Value.ToString());
                return null;
            }
            (times, pilot, standIn) = ([.. result.Times], result.Pilot, result.StandIn);
            reason = PlanText.GridReason(reason, grid.Value, result);
            // Who left the choice to the generator is told by the documentation of the sampler.
            if (standIn is { } why && spec.Grid != Grid.Auto)
                Report(DiagnosticIds.GridReplaced, nameof(SamplerSpec.Grid), grid.Value.ToString(), result.Grid.ToString(), why.Description());
            else if (result.IsReduced && spec.Grid != Grid.Auto)
                Report(DiagnosticIds.PilotReduced, nameof(SamplerSpec.Grid), grid.Value.ToString(), result.Samples.ToString(CultureInfo.InvariantCulture));
            grid = result.Grid;
        }

        if (FlowProgram.Singularity(process, frame, spec.Solver, times) is { } singular)
        {
            ReportFault($"the clock of Chart.{frame.Chart} at t = {Number(singular)} is infinite");
            return null;
        }
        var program = FlowProgram.Create(process, frame, spec.Solver, times);
        if (program.Fault(mixture, spec.Precision) is { } fault)
        {
            ReportFault(fault);
            return null;
        }
        if (precision.Obstacle(spec, program) is { } beyond)
        {
            Report(DiagnosticIds.BeyondSinglePrecision, nameof(SamplerSpec.Precision), beyond);
            return null;
        }
        FormPlan form = network is not null
            ? new FormPlan(null, InCoefficients: false, null, Cost: 0, $"the score of {network.Spec.Name} at each evaluation", network)
            : forms.Plan(program, spec.Precision, KernelPlanner.SamplerBudget, cancellationToken);
        StabilityPlan? stability = StabilityPlan.Of(times, analysis.Stability, mixture);
        SamplerForecast? forecast = SamplerForecast.Measure(analysis, program, spec.Precision);
        var plan = new SamplerPlan(
            spec, frame, grid, reason, pilot, standIn, times, program, stability, forecast, form, mixture.Dimension, Companion(), Tangents(),
            network is null ? 0 : network.ErrorIn(process, times, forecast));
        if (FiniteAudit.Find(plan, mixture) is not { } number) return plan;
        ReportFault(number);
        return null;

        // What only some calls need is generated where it is asked for, and left to loops at run time elsewhere.
        CompanionPlan? Companion()
        {
            if (spec.Tracking is not Tracking.Companion) return null;
            var companion = CompanionProgram.Create(process, frame, spec.Solver, times);
            FormPlan own = forms.Plan(companion, spec.Precision, KernelPlanner.TrackingBudget, cancellationToken);
            return own.Kernel is null ? null : new CompanionPlan(companion, own);
        }

        TangentPlan? Tangents()
        {
            if (spec.Tracking is not (Tracking.Local or Tracking.Tangent) || form.Kernel is null || form.Span is not null) return null;
            var errors = LocalErrors.Of(mixture, process, frame, spec.Solver, times);
            if (spec.Tracking == Tracking.Local && errors is null) return null;
            var tracked = new TrackedPlan(errors, spec.Tracking == Tracking.Local ? 0 : LocalErrors.TangentCount(mixture.Dimension));
            return forms.PlanTangents(program, spec.Precision, tracked, cancellationToken);
        }

        void ReportFault(string words) => Report(DiagnosticIds.NumberNotFinite, nameof(SamplerSpec.Solver), words);

        void Report(string id, string argument, params string[] arguments)
            => issues.Add(new Issue(id, new Site(SitePart.Sampler, spec.Index, argument), new EquatableArray<string>([model.Spec.Type.DisplayName, spec.Name, .. arguments])));

        // A global bound does not exist, or has no closed form: the grid balances the bound over the region of 99.9 % mass.
        void ReportBound(Grid grid)
        {
            if (mixture.HasSharedCovariance) return;
            if (analysis.Stability.Crossing is var (first, second))
                Report(DiagnosticIds.StabilityUnbounded, nameof(SamplerSpec.Grid), grid.ToString(), first.ToString(CultureInfo.InvariantCulture), second.ToString(CultureInfo.InvariantCulture));
            else
                Report(DiagnosticIds.StabilityBoundRegional, nameof(SamplerSpec.Grid), grid.ToString());
        }
    }

    private static string Reason(Grid grid, Solver solver) => grid switch
    {
        Grid.ErrorBalanced => "chosen: minimises the sum of the steps' errors, the default of one-step solvers",
        Grid.UniformLogSnr => $"chosen: {solver} extrapolates over past steps and needs evenly spaced log-SNR",
        _ => $"chosen: log-SNR is infinite at an end, and {solver} still needs steps that vary slowly",
    };

    private static string Number(double value) => PortableNumber.Format(value, 6);
}
