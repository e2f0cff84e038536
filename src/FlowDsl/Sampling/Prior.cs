namespace FlowDsl;

/// <summary>The law of x_T that sampling starts from.</summary>
public enum Prior
{
    /// <summary>The mixture's own law at the horizon, p_T: no prior error.</summary>
    Exact,

    /// <summary>N(0, (a²v + s²) I) at the horizon, v the mixture's mean variance: the usual choice if the mixture is unknown.</summary>
    Gaussian,
}
