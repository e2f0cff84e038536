namespace FlowDsl.Hosting.Reports.Gathering;

/// <summary>A sampler, and what was measured of it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Form">How it was compiled.</param>
/// <param name="Descriptor">What is known before it runs.</param>
/// <param name="Compared">Its errors against the exact flow; null for a student without weights.</param>
/// <param name="Samples">Some of its samples; null for a student without weights.</param>
/// <param name="Budget">Where it makes its error; null for a student without weights.</param>
internal sealed record SamplerResult(
    string Name, string Form, SamplerDescriptor Descriptor, ComparedSampler? Compared, SampleErrors? Samples, ErrorBudget? Budget);
