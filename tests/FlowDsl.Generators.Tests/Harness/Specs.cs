using FlowDsl.Analysis;

namespace FlowDsl.Generators.Tests;

/// <summary>Specs for what no attribute can say.</summary>
internal static class Specs
{
    public static ModelSpec Valid { get; } = new(
        new TypeSpec("", default, "partial class Ring", "Ring", "Ring", "Ring"),
        1,
        null,
        new EquatableArray<ComponentSpec>([new ComponentSpec(1, new EquatableArray<double>([0]), CovarianceKind.Isotropic, new EquatableArray<double>([1]))]),
        ProcessAttributeReader.Default,
        default);
}
