using FlowDsl.Generators.Planning.Maps;
using FlowDsl.Generators.Planning.Networks;
using FlowDsl.Generators.Planning.Samplers;
using FlowDsl.Generators.Planning.Students;
using FlowDsl.Generators.Validation;

namespace FlowDsl.Generators.Planning;

/// <summary>A whole annotated type.</summary>
/// <param name="Model">The declaration with its mixture and process.</param>
/// <param name="UnrollPoints">Whether the point functions are straight-line code; else they read tables.</param>
/// <param name="ListMixture">Whether the mixture is an expression; else its numbers are data.</param>
/// <param name="Samplers">Its samplers.</param>
/// <param name="Students">Its students.</param>
/// <param name="ScoreNetworks">Its score networks.</param>
/// <param name="FlowMaps">Its flow maps.</param>
internal sealed record ModelPlan(
    ResolvedModel Model, bool UnrollPoints, bool ListMixture, SamplerPlan[] Samplers, StudentPlan[] Students, ScoreNetworkPlan[] ScoreNetworks,
    FlowMapPlan[] FlowMaps)
{
    /// <summary>The methods of the samplers that have one body.</summary>
    public MethodGroups Methods { get; } = new(Samplers);

    /// <summary>Whether a sampler integrates along the axes of the means.</summary>
    public bool HasRotation => Samplers.Any(sampler => sampler.Form.Span is not null || sampler.Companion?.Form.Span is not null);

    /// <summary>The precisions in which a network is needed: double for points, and those of the samplers that take its score.</summary>
    public Precision[] PrecisionsOf(ScoreNetworkPlan network)
        => [.. Samplers.Where(sampler => sampler.Form.Score == network).Select(sampler => sampler.Spec.Precision).Append(Precision.Double)
            .Distinct().OrderBy(precision => precision)];
}
