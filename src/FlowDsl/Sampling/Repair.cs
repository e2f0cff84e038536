namespace FlowDsl;

/// <summary>What is done about samples that may have ended in the wrong mode.</summary>
public enum Repair
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>
    /// Samples whose trajectory came nearer to a separatrix than <see cref="SamplingOptions.RepairMargin"/> are integrated again from
    /// their starts by a finer composition: Runge-Kutta's method on the LogVariance grid with four times the sampler's evaluations.
    /// </summary>
    Flagged,
}
