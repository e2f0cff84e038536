using FlowDsl.Generators.Model;
using FlowDsl.Mathematics.Processes;

namespace FlowDsl.Generators.Tests;

/// <summary>Specs for what no attribute can say.</summary>
internal static class Specs
{
    public static ModelSpec Valid { get; } = new(
        new TypeSpec("", default, "partial class Ring", "global::Ring", "Ring", "Ring", "FlowDsl.Generated"),
        1,
        null,
        new EquatableArray<ComponentSpec>([new ComponentSpec(1, new EquatableArray<double>([0]), CovarianceType.Isotropic, new EquatableArray<double>([1]))]),
        ProcessSpec.Default(ProcessDefinition.Default),
        default);
}
