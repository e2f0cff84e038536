namespace FlowDsl;

/// <summary>What a network's output is, for a process x = a x_0 + s ε.</summary>
public enum Prediction
{
    /// <summary>The velocity of the probability-flow ODE, dx/dt in the process's time, from data to noise: flow matching's E[ε - x_0 | x].</summary>
    Velocity,

    /// <summary>The noise, E[ε | x].</summary>
    Noise,

    /// <summary>The data, E[x_0 | x].</summary>
    Data,

    /// <summary>The score, ∇ log p_t(x).</summary>
    Score,

    /// <summary>E[a ε - s x_0 | x], the v-prediction of progressive distillation (Salimans and Ho, arXiv:2202.00512).</summary>
    VPrediction,

    /// <summary>
    /// EDM's F, which gives E[x_0 | x] = c_skip x + c_out F(c_in x) for x = x_0 + σ ε (Karras et al., arXiv:2206.00364, table 1). The network takes states
    /// that are scaled by c_in; its time, c_noise, is <see cref="NetworkTime.LogSnr"/> times -1/8.
    /// </summary>
    Preconditioned,
}
