namespace FlowDsl;

/// <summary>What to do with samples that may have ended in the wrong mode.</summary>
public enum Repair
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>
    /// Samples whose trajectory came nearer to a separatrix than <see cref="SamplingOptions.RepairMargin"/> are integrated again from their starts
    /// with finer steps: Runge-Kutta 4 on the LogVariance grid with four times the sampler's evaluations.
    /// </summary>
    Flagged,
}
