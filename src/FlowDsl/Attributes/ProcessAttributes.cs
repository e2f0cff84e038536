namespace FlowDsl;

/// <summary>x_t = e^{-βt} x_0 + σ sqrt(1 - e^{-2βt}) ε, sampled from Horizon back to EarlyStop: the default process.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, Inherited = false)]
public sealed class OrnsteinUhlenbeckAttribute : Attribute
{
    /// <summary>β, positive; 1 by default.</summary>
    public double Beta { get; set; } = 1;

    /// <summary>T, the time at which sampling starts; 3 by default.</summary>
    public double Horizon { get; set; } = 3;

    /// <summary>The time at which sampling stops; 0.001 by default, 0 where every covariance is positive definite.</summary>
    public double EarlyStop { get; set; } = 1e-3;

    /// <summary>σ, the stationary standard deviation, positive; 1 by default.</summary>
    public double Sigma { get; set; } = 1;
}

/// <summary>x_t = x_0 + t ε, sampled from t = SigmaMax back to t = SigmaMin.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, Inherited = false)]
public sealed class VarianceExplodingAttribute : Attribute
{
    /// <summary>The noise level at which sampling stops; 0.002 by default, 0 where every covariance is positive definite.</summary>
    public double SigmaMin { get; set; } = 0.002;

    /// <summary>The noise level at which sampling starts; 80 by default.</summary>
    public double SigmaMax { get; set; } = 80;
}

/// <summary>x_t = (1 - t) x_0 + t ε (flow matching), sampled from Horizon back to EarlyStop.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, Inherited = false)]
public sealed class LinearInterpolantAttribute : Attribute
{
    /// <summary>The time at which sampling stops; 0.001 by default, 0 where every covariance is positive definite.</summary>
    public double EarlyStop { get; set; } = 1e-3;

    /// <summary>The time at which sampling starts, at most 1, where x is pure noise; 1 by default.</summary>
    public double Horizon { get; set; } = 1;
}
