using FlowDsl.Mathematics.Processes;

namespace FlowDsl.Generators.Model;

/// <summary>The metadata names of the attributes.</summary>
internal static class AttributeNames
{
    public const string GaussianMixture = "FlowDsl.GaussianMixtureAttribute";
    public const string Component = "FlowDsl.ComponentAttribute";
    public const string Sampler = "FlowDsl.SamplerAttribute";
    public const string Student = "FlowDsl.StudentAttribute";
    public const string FlowMap = "FlowDsl.FlowMapAttribute";
    public const string ScoreNetwork = "FlowDsl.ScoreNetworkAttribute";
    public const string Network = "FlowDsl.NetworkAttribute";

    /// <summary>Those that say more of a mixture.</summary>
    public static IReadOnlyList<string> BesideMixture { get; } =
        [Component, .. ProcessDefinition.All.Select(process => process.Attribute), Sampler, Student, FlowMap, ScoreNetwork, Network];
}
