namespace FlowDsl;

/// <summary>What <see cref="FlowSampling"/> starts from and how it runs.</summary>
public sealed record SamplingOptions
{
    /// <summary>Where samples start; the exact law p_T by default.</summary>
    public Prior Prior { get; init; }

    /// <summary>The number of the first sample: samples [0, n) and [n, m) drawn apart are those of [0, m) drawn at once.</summary>
    public long FirstIndex { get; init; }

    /// <summary>Whether samples that may have ended in the wrong mode are integrated again.</summary>
    public Repair Repair { get; init; }

    /// <summary>The <see cref="FlowError.BranchMargin"/> below which <see cref="Repair.Flagged"/> integrates a sample again.</summary>
    public double RepairMargin { get; init; } = 0.05;

    /// <summary>The most threads to use; -1, the default, for one a processor.</summary>
    public int MaxThreads { get; init; } = -1;

    /// <summary>Samples a thread takes at a time; it changes no bit of any sample.</summary>
    public int BatchSize { get; init; } = FlowSampling.DefaultBatchSize;
}
