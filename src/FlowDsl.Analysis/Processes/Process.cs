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

    /// <summary>The greatest time at which the process is defined, and its numbers are finite in double precision; the least one is 0.</summary>
    public abstract double LastTime { get; }

    /// <summary>The parameter that is out of <see cref="SupportedRange"/>, or from which follows a noise level that is; null where there is none.</summary>
    public abstract UnresolvedParameter? Unresolved { get; }

    /// <summary>The coefficients at a time.</summary>
    /// <param name="t">A time at which the process is defined.</param>
    public abstract ProcessPoint At(double t);

    /// <summary>
    /// One of several values, by the kind of the process. Who must tell processes apart asks here: another kind is another argument, and no
    /// caller can forget it.
    /// </summary>
    /// <typeparam name="T">The type of the value.</typeparam>
    /// <param name="ornsteinUhlenbeck">The value for an Ornstein-Uhlenbeck process.</param>
    /// <param name="varianceExploding">The value for a variance exploding process.</param>
    /// <param name="linearInterpolant">The value for a linear interpolant.</param>
    public abstract T Match<T>(
        Func<OrnsteinUhlenbeckProcess, T> ornsteinUhlenbeck,
        Func<VarianceExplodingProcess, T> varianceExploding,
        Func<LinearInterpolantProcess, T> linearInterpolant);

    /// <summary>Throws where the process is not defined at a time.</summary>
    /// <param name="t">The time.</param>
    /// <param name="name">What the caller calls it.</param>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative, NaN or greater than <see cref="LastTime"/>.</exception>
    public void CheckTime(double t, string name)
    {
        if (t >= 0 && t <= LastTime) return;
        string last = LastTime == double.MaxValue ? "finite" : $"at most {PortableNumber.Format(LastTime, 3)}";
        throw new ArgumentOutOfRangeException(name, t, $"The time {name} is {PortableNumber.Format(t)}; it must be at least 0 and {last} ({Description}).");
    }

    /// <summary>The time at which s/a has a value; the inverse of <see cref="ProcessPoint.NoiseToSignal"/>.</summary>
    /// <param name="noiseToSignal">s/a, at least 0; infinite where a is 0.</param>
    public abstract double TimeAt(double noiseToSignal);

    /// <summary>The process in words and formulas, with the times of sampling.</summary>
    public override string ToString() => $"{Description}; sampled from t = {NumberText.Short(Horizon)} to t = {NumberText.Short(EarlyStop)}";

    /// <summary>The end that is out of the supported range, or at which the noise level is.</summary>
    private protected UnresolvedParameter? UnresolvedEnd(string horizon, string earlyStop)
        => UnresolvedParameter.Of(horizon, Horizon)
            ?? (EarlyStop == 0 ? null : UnresolvedParameter.Of(earlyStop, EarlyStop))
            ?? UnresolvedParameter.OfNoise(horizon, At(Horizon))
            ?? (EarlyStop == 0 ? null : UnresolvedParameter.OfNoise(earlyStop, At(EarlyStop)));

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

    // A ratio whose square is finite, and -log of less than half the least double.
    private const double GreatestSquared = 1e150, LogUnderflow = 746;

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
    public override UnresolvedParameter? Unresolved
        => UnresolvedParameter.Of(nameof(Beta), Beta) ?? UnresolvedParameter.Of(nameof(Sigma), Sigma) ?? UnresolvedEnd(nameof(Horizon), nameof(EarlyStop));

    /// <inheritdoc/>
    public override ProcessPoint At(double t)
    {
        // The product first: twice a great rate may overflow where the time is 0.
        double a = PortableMath.Exp(-Beta * t);
        double stationary = Sigma * Sigma;
        return new ProcessPoint(t, a, -stationary * PortableMath.Expm1(-2 * (Beta * t)), -Beta * a, Beta * stationary * a * a, stationary);
    }

    /// <inheritdoc/>
    /// <remarks>Where the ratio is infinite in double precision, the first time at which a is 0 in it: not infinity, which is no time.</remarks>
    public override double TimeAt(double noiseToSignal)
    {
        double ratio = noiseToSignal / Sigma;
        if (ratio <= GreatestSquared) return PortableMath.Log1p(ratio * ratio) / (2 * Beta);
        return (double.IsPositiveInfinity(ratio) ? LogUnderflow : PortableMath.Log(ratio)) / Beta;
    }

    /// <inheritdoc/>
    public override T Match<T>(
        Func<OrnsteinUhlenbeckProcess, T> ornsteinUhlenbeck,
        Func<VarianceExplodingProcess, T> varianceExploding,
        Func<LinearInterpolantProcess, T> linearInterpolant)
        => ornsteinUhlenbeck(this);
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
    /// <remarks>Where s² is finite.</remarks>
    public override double LastTime => 1.3e154;

    /// <inheritdoc/>
    public override UnresolvedParameter? Unresolved => UnresolvedEnd("SigmaMax", "SigmaMin");

    /// <inheritdoc/>
    public override ProcessPoint At(double t) => new(t, 1, t * t, 0, t);

    /// <inheritdoc/>
    public override double TimeAt(double noiseToSignal) => noiseToSignal;

    /// <inheritdoc/>
    public override T Match<T>(
        Func<OrnsteinUhlenbeckProcess, T> ornsteinUhlenbeck,
        Func<VarianceExplodingProcess, T> varianceExploding,
        Func<LinearInterpolantProcess, T> linearInterpolant)
        => varianceExploding(this);
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
    public override double LastTime => 1;

    /// <inheritdoc/>
    public override UnresolvedParameter? Unresolved => UnresolvedEnd(nameof(Horizon), nameof(EarlyStop));

    /// <inheritdoc/>
    public override ProcessPoint At(double t) => new(t, 1 - t, t * t, -1, t);

    /// <inheritdoc/>
    public override double TimeAt(double noiseToSignal)
        => double.IsPositiveInfinity(noiseToSignal) ? 1 : noiseToSignal / (1 + noiseToSignal);

    /// <inheritdoc/>
    public override T Match<T>(
        Func<OrnsteinUhlenbeckProcess, T> ornsteinUhlenbeck,
        Func<VarianceExplodingProcess, T> varianceExploding,
        Func<LinearInterpolantProcess, T> linearInterpolant)
        => linearInterpolant(this);
}
