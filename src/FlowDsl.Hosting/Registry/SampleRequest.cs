namespace FlowDsl.Hosting.Registry;

/// <summary>Which samples to draw.</summary>
/// <param name="Count">How many.</param>
/// <param name="Seed">The seed.</param>
/// <param name="Options">Prior, first index, repair and threads.</param>
/// <param name="WithErrors">Whether each sample's error is estimated too.</param>
internal sealed record SampleRequest(long Count, ulong Seed, SamplingOptions Options, bool WithErrors);
