namespace FlowDsl;

/// <summary>The coordinates in which a solver integrates. States are always x.</summary>
public enum Chart
{
    /// <summary>Canonical for Runge-Kutta solvers, DataPrediction for Ddim and DPM-Solver++.</summary>
    Auto,

    /// <summary>x against t.</summary>
    State,

    /// <summary>x/a against the noise-to-signal ratio s/a (Karras et al., "EDM").</summary>
    Edm,

    /// <summary>x/sqrt(a²v + s²) against a/sqrt(a²v + s²), v the mixture's mean variance: no stiffness as t goes to 0.</summary>
    Canonical,

    /// <summary>x/s against a/s, the canonical chart of variance 0: the chart in which Ddim and DPM-Solver++ are defined. For those solvers only.</summary>
    DataPrediction,
}
