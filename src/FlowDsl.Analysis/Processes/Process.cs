namespace FlowDsl.Analysis;

/// <summary>A Gaussian noising process x_t = a(t) x_0 + s(t) ε, sampled from its horizon back to its early stop.</summary>
public abstract class Process
{
    private protected Process(double horizon, double earlyStop) => (Horizon, EarlyStop) = (horizon, earlyStop);

    /// <summary>T, the time at which sampling starts.</summary>
    public double Horizon { get; }

    /// <summary>t0, the time at which sampling stops.</summary>
    public double EarlyStop { get; }

    /// <summary>The process in words and formulas.</summary>
    public abstract string Description { get; }

    /// <summary>The coefficients at a time.</summary>
    /// <param name="t">A time at which the process is defined.</param>
    public abstract ProcessPoint At(double t);

    /// <summary>The time at which s/a has a value; the inverse of <see cref="ProcessPoint.NoiseToSignal"/>.</summary>
    /// <param name="noiseToSignal">s/a, at least 0; infinite where a is 0.</param>
    public abstract double TimeAt(double noiseToSignal);

    /// <summary>The process in words and formulas, with the times of sampling.</summary>
    public override string ToString() => $"{Description}; sampled from t = {NumberText.Short(Horizon)} to t = {NumberText.Short(EarlyStop)}";

    private protected static void CheckTimes(double horizon, double earlyStop)
    {
        if (!(horizon > 0) || double.IsInfinity(horizon))
            throw new ArgumentOutOfRangeException(nameof(horizon), horizon, "The horizon must be positive and finite.");
        if (!(earlyStop >= 0) || earlyStop >= horizon)
            throw new ArgumentOutOfRangeException(nameof(earlyStop), earlyStop, "The early stop must be at least 0 and less than the horizon.");
    }
}

/// <summary>x_t = e^{-βt} x_0 + σ sqrt(1 - e^{-2βt}) ε.</summary>
public sealed class OrnsteinUhlenbeckProcess : Process
{
    /// <summary>Makes the process.</summary>
    /// <param name="beta">β, the rate of forgetting, positive.</param>
    /// <param name="horizon">T, positive.</param>
    /// <param name="earlyStop">t0, at least 0 and less than T.</param>
    /// <param name="sigma">σ, the stationary standard deviation, positive.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is out of its range.</exception>
    public OrnsteinUhlenbeckProcess(double beta = 1, double horizon = 3, double earlyStop = 1e-3, double sigma = 1)
        : base(horizon, earlyStop)
    {
        CheckTimes(horizon, earlyStop);
        if (!(beta > 0) || double.IsInfinity(beta)) throw new ArgumentOutOfRangeException(nameof(beta), beta, "Beta must be positive and finite.");
        if (!(sigma > 0) || double.IsInfinity(sigma)) throw new ArgumentOutOfRangeException(nameof(sigma), sigma, "Sigma must be positive and finite.");
        (Beta, Sigma) = (beta, sigma);
    }

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
    public override ProcessPoint At(double t)
    {
        double a = PortableMath.Exp(-Beta * t);
        double stationary = Sigma * Sigma;
        return new ProcessPoint(t, a, -stationary * PortableMath.Expm1(-2 * Beta * t), -Beta * a, Beta * stationary * a * a, stationary);
    }

    /// <inheritdoc/>
    public override double TimeAt(double noiseToSignal)
    {
        double ratio = noiseToSignal / Sigma;
        return PortableMath.Log1p(ratio * ratio) / (2 * Beta);
    }
}

/// <summary>x_t = x_0 + t ε: the time is the noise level.</summary>
public sealed class VarianceExplodingProcess : Process
{
    /// <summary>Makes the process.</summary>
    /// <param name="sigmaMin">The noise level at which sampling stops, at least 0.</param>
    /// <param name="sigmaMax">The noise level at which sampling starts, greater than <paramref name="sigmaMin"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is out of its range.</exception>
    public VarianceExplodingProcess(double sigmaMin = 0.002, double sigmaMax = 80)
        : base(sigmaMax, sigmaMin) => CheckTimes(sigmaMax, sigmaMin);

    /// <inheritdoc/>
    public override string Description => "variance exploding, a = 1, s = t";

    /// <inheritdoc/>
    public override ProcessPoint At(double t) => new(t, 1, t * t, 0, t);

    /// <inheritdoc/>
    public override double TimeAt(double noiseToSignal) => noiseToSignal;
}

/// <summary>x_t = (1 - t) x_0 + t ε: flow matching's straight interpolant.</summary>
public sealed class LinearInterpolantProcess : Process
{
    /// <summary>Makes the process.</summary>
    /// <param name="earlyStop">t0, at least 0 and less than the horizon.</param>
    /// <param name="horizon">T, at most 1, where x_T is pure noise.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is out of its range.</exception>
    public LinearInterpolantProcess(double earlyStop = 1e-3, double horizon = 1)
        : base(horizon, earlyStop)
    {
        CheckTimes(horizon, earlyStop);
        if (horizon > 1) throw new ArgumentOutOfRangeException(nameof(horizon), horizon, "The horizon of the linear interpolant is at most 1.");
    }

    /// <inheritdoc/>
    public override string Description => "linear interpolant (flow matching), a = 1 - t, s = t";

    /// <inheritdoc/>
    public override ProcessPoint At(double t) => new(t, 1 - t, t * t, -1, t);

    /// <inheritdoc/>
    public override double TimeAt(double noiseToSignal)
        => double.IsPositiveInfinity(noiseToSignal) ? 1 : noiseToSignal / (1 + noiseToSignal);
}
