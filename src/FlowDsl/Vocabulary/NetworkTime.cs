namespace FlowDsl;

/// <summary>In which time a network counts; a scale multiplies it.</summary>
public enum NetworkTime
{
    /// <summary>The process's own time t.</summary>
    Process,

    /// <summary>The process's time, rounded to a whole number once it has been multiplied: the number of a training step.</summary>
    Timestep,

    /// <summary>log(a²/s²). Half of it is the λ of DPM-Solver; times -1/8 it is log(σ)/4, the c_noise of EDM.</summary>
    LogSnr,

    /// <summary>The noise level s/a.</summary>
    Sigma,
}
