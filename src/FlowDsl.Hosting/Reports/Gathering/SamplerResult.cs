using FlowDsl.Metrics;

namespace FlowDsl.Hosting.Reports.Gathering;

/// <summary>A sampler, and what was measured of it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Form">How it was compiled.</param>
/// <param name="Descriptor">What is known before it runs.</param>
/// <param name="Compared">Its errors against the exact flow; null for a student without weights.</param>
/// <param name="Samples">Some of its samples; null for a student without weights.</param>
/// <param name="Budget">Where it makes its error; null for a student without weights.</param>
/// <param name="Law">Its samples with the density of its own law; null for a student without weights, and where that takes too long.</param>
internal sealed record SamplerResult(
    string Name, string Form, SamplerDescriptor Descriptor, ComparedSampler? Compared, SampleErrors? Samples, ErrorBudget? Budget, ImportanceWeights? Law)
{
    /// <summary>A student without weights.</summary>
    public static SamplerResult NotRun(string name, string form, SamplerDescriptor descriptor) => new(name, form, descriptor, null, null, null, null);
}
