using FlowDsl.Generators.Model;
using FlowDsl.Generators.Planning.Audits;
using FlowDsl.Generators.Planning.Maps;
using FlowDsl.Generators.Planning.Networks;
using FlowDsl.Generators.Planning.Samplers;
using FlowDsl.Generators.Planning.Students;
using FlowDsl.Generators.Validation;
using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Trajectories;

namespace FlowDsl.Generators.Planning;

/// <summary>Decides everything about a model: charts, grids, forms. What cannot be decided becomes an issue.</summary>
internal static class ModelPlanner
{
    // Beyond this many numbers straight-line point functions are longer than their tables.
    private const int UnrolledPointNumbers = 64;

    // Beyond this many, numbers are data that the program reads when it starts.
    private const int ListedNumbers = 2000;

    /// <summary>Plans a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="issues">Receives what the user must know.</param>
    /// <param name="cancellationToken">Stops planning.</param>
    public static ModelPlan Plan(ResolvedModel model, List<Issue> issues, CancellationToken cancellationToken)
    {
        var analysis = new ModelAnalysis(model.Mixture, model.Process, cancellationToken);
        var precision = new PrecisionAudit(model, issues);
        var forecasts = new ForecastAudit(model, analysis, issues);
        var networks = new List<ScoreNetworkPlan>();
        foreach (ScoreNetworkSpec spec in model.Spec.ScoreNetworks)
        {
            cancellationToken.ThrowIfCancellationRequested();
            networks.Add(ScoreNetworkPlan.Of(model, spec, cancellationToken));
        }
        var samplerPlanner = new SamplerPlanner(model, networks, precision, analysis, issues, cancellationToken);
        var samplers = new List<SamplerPlan>();
        foreach (SamplerSpec spec in model.Spec.Samplers)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (samplerPlanner.Plan(spec) is { } plan) samplers.Add(plan);
        }
        // The mixture that bounds a data set is not one of its rows.
        if (model.Data is null) precision.Check(samplers);
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
        var mapPlanner = new FlowMapPlanner(model, analysis, issues, cancellationToken);
        var maps = new List<FlowMapPlan>();
        foreach (FlowMapSpec spec in model.Spec.FlowMaps)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (mapPlanner.Plan(spec) is { } plan) maps.Add(plan);
        }
        long shapes = model.Mixture.Covariances.Sum(covariance => model.Mixture.Dimension * (covariance.Basis is null ? 1L : model.Mixture.Dimension));
        return new ModelPlan(
            model, UnrollPoints: model.Data is null && shapes <= UnrolledPointNumbers, ListMixture: CountListed(model.Mixture) <= ListedNumbers,
            [.. samplers], [.. students], [.. networks], [.. maps]);
    }

    /// <summary>The numbers of a mixture as an expression: of means, and of covariances as they were declared.</summary>
    private static long CountListed(Mixture mixture)
        => mixture.Covariances.Sum(covariance => mixture.Dimension * (1L + (covariance.Type == CovarianceType.Full ? mixture.Dimension : 1)));
}
