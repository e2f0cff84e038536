namespace FlowDsl.Examples.Baselines;

/// <summary>The samples of a measurement.</summary>
internal sealed record BaselineOptions
{
    /// <summary>The samples that constants, multiples and affine maps are fitted on.</summary>
    public int FitSamples { get; init; } = 50_000;

    /// <summary>The other samples that errors are measured on.</summary>
    public int EvaluationSamples { get; init; } = 50_000;

    /// <summary>The seed of both.</summary>
    public ulong Seed { get; init; }

    /// <summary>The most threads; -1 for as many as there are processors. They do not change any bit.</summary>
    public int MaxThreads { get; init; } = -1;
}
