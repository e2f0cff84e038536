using FlowDsl.Mathematics.Processes;

namespace FlowDsl.Mathematics;

/// <summary>x_t = (1 - t) x_0 + t ε: flow matching's straight interpolant.</summary>
public sealed class LinearInterpolantProcess : Process
{
    /// <summary>Makes the process.</summary>
    /// <param name="earlyStop">t0, at least 0 and less than the horizon.</param>
    /// <param name="horizon">T, at most 1, where x_T is pure noise.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is out of its range.</exception>
    public LinearInterpolantProcess(double earlyStop = 1e-3, double horizon = 1)
        : base(OwnDefinition, earlyStop, horizon)
    {
    }

    internal static ProcessDefinition OwnDefinition { get; } = new(
        "LinearInterpolant",
        [new(nameof(EarlyStop), 1e-3), new(nameof(Horizon), 1, Max: 1)],
        nameof(Horizon),
        nameof(EarlyStop),
        values => new LinearInterpolantProcess(values[0], values[1]));

    /// <inheritdoc/>
    public override string Description => "linear interpolant (flow matching), a = 1 - t, s = t";

    /// <inheritdoc/>
    public override double LastTime => 1;

    /// <inheritdoc/>
    public override ProcessPoint At(double t) => new(t, 1 - t, t * t, -1, t);

    /// <inheritdoc/>
    public override double TimeAt(double noiseToSignal)
        => double.IsPositiveInfinity(noiseToSignal) ? 1 : noiseToSignal / (1 + noiseToSignal);

    /// <inheritdoc/>
    public override T Match<T>(
        Func<OrnsteinUhlenbeckProcess, T> ornsteinUhlenbeck,
        Func<VarianceExplodingProcess, T> varianceExploding,
        Func<LinearInterpolantProcess, T> linearInterpolant,
        Func<VariancePreservingProcess, T> variancePreserving)
        => linearInterpolant(this);
}
