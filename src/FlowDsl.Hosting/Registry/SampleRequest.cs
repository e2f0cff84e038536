namespace FlowDsl.Hosting.Registry;

/// <summary>Which samples to draw.</summary>
/// <param name="Count">How many.</param>
/// <param name="Seed">The seed.</param>
/// <param name="Options">Prior, first index, repair and threads.</param>
/// <param name="WithErrors">Whether each sample's error is estimated too.</param>
internal sealed record SampleRequest(long Count, ulong Seed, SamplingOptions Options, bool WithErrors)
{
    /// <summary>No part reaches over a multiple of this many samples, counted from the first one: what is a file of its own begins with a part.</summary>
    public long Stride { get; init; } = long.MaxValue;
}
