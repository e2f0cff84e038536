using FlowDsl.Mathematics.Processes;

namespace FlowDsl.Mathematics;

/// <summary>x_t = x_0 + t ε: the time is the noise level.</summary>
public sealed class VarianceExplodingProcess : Process
{
    /// <summary>Makes the process.</summary>
    /// <param name="sigmaMin">The noise level at which sampling stops, at least 0.</param>
    /// <param name="sigmaMax">The noise level at which sampling starts, greater than <paramref name="sigmaMin"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is out of its range.</exception>
    public VarianceExplodingProcess(double sigmaMin = 0.002, double sigmaMax = 80)
        : base(OwnDefinition, sigmaMin, sigmaMax)
    {
    }

    internal static ProcessDefinition OwnDefinition { get; } = new(
        "VarianceExploding",
        [new("SigmaMin", 0.002), new("SigmaMax", 80)],
        "SigmaMax",
        "SigmaMin",
        values => new VarianceExplodingProcess(values[0], values[1]));

    /// <inheritdoc/>
    public override string Description => "variance exploding, a = 1, s = t";

    /// <inheritdoc/>
    /// <remarks>Where s² is finite.</remarks>
    public override double LastTime => 1.3e154;

    /// <inheritdoc/>
    public override ProcessPoint At(double t) => new(t, 1, t * t, 0, t);

    /// <inheritdoc/>
    public override double TimeAt(double noiseToSignal) => noiseToSignal;

    /// <inheritdoc/>
    public override T Match<T>(
        Func<OrnsteinUhlenbeckProcess, T> ornsteinUhlenbeck,
        Func<VarianceExplodingProcess, T> varianceExploding,
        Func<LinearInterpolantProcess, T> linearInterpolant,
        Func<VariancePreservingProcess, T> variancePreserving)
        => varianceExploding(this);
}
