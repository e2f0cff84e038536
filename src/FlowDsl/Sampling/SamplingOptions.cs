namespace FlowDsl;

/// <summary>Options of <see cref="FlowSampling"/>.</summary>
public sealed record SamplingOptions
{
    /// <summary>Where samples start; the exact law p_T by default.</summary>
    public Prior Prior { get; init; }

    /// <summary>The index of the first sample. Samples [0, n) and [n, m) drawn separately equal [0, m) drawn at once.</summary>
    public long FirstIndex { get; init; }

    /// <summary>Whether to integrate again samples that may have ended in the wrong mode.</summary>
    public Repair Repair { get; init; }

    /// <summary>The <see cref="FlowError.BranchMargin"/> below which <see cref="Repair.Flagged"/> integrates a sample again.</summary>
    public double RepairMargin { get; init; } = 0.05;

    /// <summary>The maximum number of threads; -1, the default, for one per processor.</summary>
    public int MaxThreads { get; init; } = -1;

    /// <summary>The number of samples that a thread takes at a time; it does not change any bit of any sample.</summary>
    public int BatchSize { get; init; } = FlowSampling.DefaultBatchSize;
}
