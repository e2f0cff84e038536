using FlowDsl.Generators.Model;
using FlowDsl.Generators.Planning.Samplers;
using FlowDsl.Generators.Validation;
using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Grids;
using FlowDsl.Mathematics.Trajectories;

namespace FlowDsl.Generators.Planning.Audits;

/// <summary>Reports samplers whose forecast is bad, or worse than necessary.</summary>
/// <param name="model">The model.</param>
/// <param name="analysis">Its analysis, which keeps the trajectories that grids are measured on.</param>
/// <param name="issues">Receives what the user must know.</param>
internal sealed class ForecastAudit(ResolvedModel model, ModelAnalysis analysis, List<Issue> issues)
{
    /// <summary>The relative MSE from which samples are lost: errors of a third of the data's size, r.m.s.</summary>
    public const double LostError = 0.1;

    // From this error on, better schedules are looked for; from this factor on, they are reported. Below, both are good enough for most uses.
    private const double WorthImproving = 1e-3, Better = 10;

    // The automatic grid and its forecast take about as long again as the sampler's own.
    private const int MaxSteps = 64;

    // The part of a component's width from which samples look wrong, and how many times as great as the relative error: modes that are a hundred times
    // as far apart as they are wide are rare, columns of different units are not.
    private const double MaxStandardizedError = 0.05, Disagreement = 100;

    // A hundredth of a width: it widens a component by less than a ten-thousandth, but is a hundred times what rounding should be.
    private const double MaxRounding = 0.01;

    private readonly Dictionary<(Solver, int), double?> _automatic = [];

    /// <summary>Reports on one sampler.</summary>
    /// <param name="sampler">The sampler.</param>
    public void Check(SamplerPlan sampler)
    {
        if (sampler.Forecast is not { } forecast) return;
        double error = forecast.RelativeMeanSquaredError;
        double? automatic = error > WorthImproving ? Automatic(sampler) : null;
        bool isImprovable = automatic <= error / Better;
        if (error > LostError)
        {
            string remedy = isImprovable
                ? $"Grid.Auto and Chart.Auto have {Invariant.Measured(automatic!.Value)} for the same evaluations"
                : "take more steps or a solver of higher order";
            // What is underlined is what the remedy changes.
            string argument = isImprovable ? Argument(sampler) : nameof(SamplerSpec.Steps);
            Report(DiagnosticIds.GreatError, sampler, argument, Invariant.Measured(error), Invariant.Measured(Math.Sqrt(error)), remedy);
            return;
        }
        if (isImprovable)
            Report(DiagnosticIds.BetterGrid, sampler, Argument(sampler), Invariant.Measured(error), Schedule(sampler), Invariant.Measured(automatic!.Value));
        if (forecast.StandardizedError > Math.Max(MaxStandardizedError, Disagreement * Math.Sqrt(error)))
            Report(DiagnosticIds.NarrowError, sampler, nameof(SamplerSpec.Steps), Invariant.Measured(error), Invariant.Measured(forecast.StandardizedError));
        // What float cannot even resolve is reported at the component.
        if (sampler.Spec.Precision == Precision.Single && forecast.RoundingError > MaxRounding
            && !issues.Exists(issue => issue.Id == DiagnosticIds.MeanUnresolved))
            Report(DiagnosticIds.RoundingError, sampler, nameof(SamplerSpec.Precision), Invariant.Measured(forecast.RoundingError));
    }

    /// <summary>The relative MSE of the automatic schedule; null where it is the sampler's own, or too expensive to know.</summary>
    private double? Automatic(SamplerPlan sampler)
    {
        (Solver solver, int steps) = (sampler.Spec.Solver, sampler.Times.Length - 1);
        if (sampler.Spec.Grid == Grid.Auto && sampler.Spec.Times.Count == 0 && sampler.Spec.Chart == Chart.Auto) return null;
        // A method of its own has no other grid, and what the generator chose was compared already.
        if (sampler.Discovery is not null || sampler.Ranking is not null) return null;
        // A profile's times are for the network, which the mixture's forecast does not judge.
        if (sampler.Spec.Grid == Grid.Profile) return null;
        if (steps > MaxSteps || sampler.Forecast!.Samples < SamplerForecast.MaxSamples) return null;
        if (!_automatic.TryGetValue((solver, steps), out double? error)) _automatic[(solver, steps)] = error = Measure(solver, steps);
        return error;
    }

    private double? Measure(Solver solver, int steps)
    {
        Grid grid = TimeGrid.Resolve(Grid.Auto, solver);
        if (TimeGrid.Obstacle(grid, model.Process) is not null) return null;
        var frame = ChartFrame.For(Chart.Auto, solver, model.Mixture.MeanVariance);
        // There is none where steps are closer than double precision resolves.
        if (TimeGrid.TryCreate(new GridRequest(grid, steps, solver, frame), analysis) is not { } schedule) return null;
        var program = FlowProgram.Create(model.Process, frame, solver, schedule.Times);
        return SamplerForecast.Measure(analysis, program)?.RelativeMeanSquaredError;
    }

    private static string Argument(SamplerPlan sampler) => sampler.Spec switch
    {
        { Times.Count: > 0 } => nameof(SamplerSpec.Times),
        { Grid: not Grid.Auto } => nameof(SamplerSpec.Grid),
        { Chart: not Chart.Auto } => nameof(SamplerSpec.Chart),
        _ => nameof(SamplerSpec.Steps),
    };

    private static string Schedule(SamplerPlan sampler)
    {
        string grid = sampler.Grid is { } named ? $"Grid.{named}" : "its Times";
        return sampler.Spec.Chart == Chart.Auto ? grid : $"{grid} in Chart.{sampler.Frame.Chart}";
    }

    private void Report(string id, SamplerPlan sampler, string argument, params string[] arguments)
        => issues.Add(new Issue(
            id, new Site(SitePart.Sampler, sampler.Spec.Index, argument),
            new EquatableArray<string>([model.Spec.Type.DisplayName, sampler.Spec.Name, .. arguments])));
}
