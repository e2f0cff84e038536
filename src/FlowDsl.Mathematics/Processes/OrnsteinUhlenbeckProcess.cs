using FlowDsl.Mathematics.Numerics;
using FlowDsl.Mathematics.Processes;

namespace FlowDsl.Mathematics;

/// <summary>x_t = e^{-βt} x_0 + σ sqrt(1 - e^{-2βt}) ε.</summary>
public sealed class OrnsteinUhlenbeckProcess : Process
{
    /// <summary>Makes the process.</summary>
    /// <param name="beta">β, the rate of decay, positive.</param>
    /// <param name="horizon">T, positive.</param>
    /// <param name="earlyStop">t0, at least 0 and less than T.</param>
    /// <param name="sigma">σ, the stationary standard deviation, positive.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is out of its range.</exception>
    public OrnsteinUhlenbeckProcess(double beta = 1, double horizon = 3, double earlyStop = 1e-3, double sigma = 1)
        : base(OwnDefinition, beta, horizon, earlyStop, sigma) => (Beta, Sigma) = (beta, sigma);

    // A ratio whose square is finite, and -log of less than half the smallest double.
    private const double MaxSquared = 1e150, LogUnderflow = 746;

    internal static ProcessDefinition OwnDefinition { get; } = new(
        "OrnsteinUhlenbeck",
        [new(nameof(Beta), 1), new(nameof(Horizon), 3), new(nameof(EarlyStop), 1e-3), new(nameof(Sigma), 1)],
        nameof(Horizon),
        nameof(EarlyStop),
        values => new OrnsteinUhlenbeckProcess(values[0], values[1], values[2], values[3]));

    /// <summary>β.</summary>
    public double Beta { get; }

    /// <summary>σ.</summary>
    public double Sigma { get; }

    /// <inheritdoc/>
    public override string Description
    {
        get
        {
            string beta = PortableNumber.Format(Beta), sigma = PortableNumber.Format(Sigma);
            string exponent = Beta == 1 ? "t" : beta + "t", twice = PortableNumber.Format(2 * Beta) + "t";
            return $"Ornstein-Uhlenbeck, a = exp(-{exponent}), s² = {(Sigma == 1 ? "" : sigma + "²·(")}1 - exp(-{twice}){(Sigma == 1 ? "" : ")")}";
        }
    }

    /// <inheritdoc/>
    public override double LastTime => double.MaxValue;

    /// <inheritdoc/>
    public override ProcessPoint At(double t)
    {
        // The product first: twice a large rate may overflow even if the time is 0.
        double a = PortableMath.Exp(-Beta * t);
        double stationary = Sigma * Sigma;
        return new ProcessPoint(t, a, -stationary * PortableMath.Expm1(-2 * (Beta * t)), -Beta * a, Beta * stationary * a * a, stationary);
    }

    /// <inheritdoc/>
    /// <remarks>If the ratio is infinite in double precision, this is the first time at which a rounds to 0; infinity is not a time.</remarks>
    public override double TimeAt(double noiseToSignal)
    {
        double ratio = noiseToSignal / Sigma;
        if (ratio <= MaxSquared) return PortableMath.Log1p(ratio * ratio) / (2 * Beta);
        return (double.IsPositiveInfinity(ratio) ? LogUnderflow : PortableMath.Log(ratio)) / Beta;
    }

    /// <inheritdoc/>
    public override T Match<T>(
        Func<OrnsteinUhlenbeckProcess, T> ornsteinUhlenbeck,
        Func<VarianceExplodingProcess, T> varianceExploding,
        Func<LinearInterpolantProcess, T> linearInterpolant,
        Func<VariancePreservingProcess, T> variancePreserving)
        => ornsteinUhlenbeck(this);
}
