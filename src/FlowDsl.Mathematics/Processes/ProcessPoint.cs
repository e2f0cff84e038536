using FlowDsl.Mathematics.Fields;
using FlowDsl.Mathematics.Processes;

namespace FlowDsl.Mathematics;

/// <summary>The coefficients of a process x_t = a x_0 + s ε at one time.</summary>
public readonly struct ProcessPoint
{
    private readonly double _stationaryVariance;

    /// <summary>Makes a point.</summary>
    /// <param name="time">t.</param>
    /// <param name="signal">a.</param>
    /// <param name="noiseVariance">s².</param>
    /// <param name="signalRate">a'.</param>
    /// <param name="noiseVarianceHalfRate">s s', half the rate of s².</param>
    /// <param name="stationaryVariance">The variance at which the velocity of a centred Gaussian vanishes, if it does not depend on t; else 0.</param>
    internal ProcessPoint(double time, double signal, double noiseVariance, double signalRate, double noiseVarianceHalfRate, double stationaryVariance = 0)
    {
        (Time, A, S2, DA, SDS) = (time, signal, noiseVariance, signalRate, noiseVarianceHalfRate);
        _stationaryVariance = stationaryVariance;
    }

    /// <summary>t.</summary>
    public double Time { get; }

    /// <summary>a, the factor of the signal.</summary>
    public double A { get; }

    /// <summary>s², the variance of the noise.</summary>
    public double S2 { get; }

    /// <summary>a', the rate of a.</summary>
    public double DA { get; }

    /// <summary>s s', half the rate of s².</summary>
    public double SDS { get; }

    /// <summary>s, the standard deviation of the noise.</summary>
    public double S => Math.Sqrt(S2);

    /// <summary>s/a; infinite if a is 0.</summary>
    public double NoiseToSignal => A == 0 ? double.PositiveInfinity : S / A;

    /// <summary>a²σ² + s²: the variance at t of a direction with variance σ² at 0.</summary>
    /// <param name="variance">σ².</param>
    public double Spread(double variance) => A * A * variance + S2;

    /// <summary>
    /// (s s' + a a' σ²)/(a²σ² + s²): the factor of x - aμ in the velocity of one Gaussian along a direction of variance σ².
    /// For the Ornstein-Uhlenbeck process it is a a'(σ² - σ_∞²)/(…), which loses no digits if the two terms cancel.
    /// </summary>
    public AxisFunction VelocityAxis => _stationaryVariance > 0
        ? AxisFunction.RatioAboutRoot(A * DA, _stationaryVariance, this)
        : AxisFunction.Ratio(SDS, A * DA, this);

    /// <summary>a's² - a s s': the difference of two components' velocities per unit of e_k (see <see cref="MixtureField"/>).</summary>
    public double VelocityContrast => _stationaryVariance > 0 ? DA * _stationaryVariance : DA * S2 - A * SDS;
}
