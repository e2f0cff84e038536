using FlowDsl.Mathematics.Processes;

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

/// <summary>
/// a² + s² = 1 in the time of a diffusion model's training, sampled from Horizon back to EarlyStop: t is the training step, from 0 to N - 1, and real between
/// two of them.
/// </summary>
/// <remarks>
/// At training step i, s/a = √((1 - α̅_i)/α̅_i) with α̅_i = Π_{j≤i} (1 - β_j); between two steps log(s/a) is linear in t
/// (see <see cref="Mathematics.TrainingSchedule"/>).
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, Inherited = false)]
public sealed class VariancePreservingAttribute : Attribute
{
    /// <summary>How β goes from the first training step to the last: in equal steps by default, as DDPM's.</summary>
    public NoiseSchedule Schedule { get; set; } = NoiseSchedule.Linear;

    /// <summary>N, the number of training steps, from 2 to 1000000; 1000 by default.</summary>
    public int Steps { get; set; } = UsualBetas.Steps;

    /// <summary>The first β, positive and less than 1; by default the usual one of the schedule.</summary>
    public double BetaStart { get; set; } = double.NaN;

    /// <summary>The last β, from <see cref="BetaStart"/> to less than 1; by default the usual one of the schedule.</summary>
    public double BetaEnd { get; set; } = double.NaN;

    /// <summary>All of them instead of a schedule, each positive and less than 1; N is their number.</summary>
    public double[]? Betas { get; set; }

    /// <summary>The training step at which sampling starts, at most N - 1; by default N - 1.</summary>
    public double Horizon { get; set; } = double.NaN;

    /// <summary>The training step at which sampling stops; 0 by default, which is noisy all the same.</summary>
    public double EarlyStop { get; set; }
}
