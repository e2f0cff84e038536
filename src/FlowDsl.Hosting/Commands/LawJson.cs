using System.Text.Json.Nodes;
using FlowDsl.Hosting.Output;
using FlowDsl.Metrics;

namespace FlowDsl.Hosting.Commands;

/// <summary>A sampler's own law in JSON, the same members in every command.</summary>
internal static class LawJson
{
    /// <summary>Describes a law.</summary>
    /// <param name="law">The law.</param>
    public static JsonObject Of(ComparedLaw law) => new()
    {
        ["count"] = law.SampleCount,
        ["kullbackLeibler"] = Of(law.Divergence),
        ["effectiveSampleSize"] = JsonNumber.Of(law.EffectiveSampleSize),
        ["effectiveShare"] = JsonNumber.Of(law.EffectiveSampleSize / law.SampleCount),
        ["folds"] = law.FoldCount,
        ["foldShare"] = JsonNumber.Of((double)law.FoldCount / law.SampleCount),
    };

    /// <summary>Describes an estimate.</summary>
    public static JsonObject Of(MetricEstimate estimate)
        => new() { ["value"] = JsonNumber.Of(estimate.Value), ["low"] = JsonNumber.Of(estimate.Low), ["high"] = JsonNumber.Of(estimate.High) };
}
