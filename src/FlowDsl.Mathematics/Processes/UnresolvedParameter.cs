using FlowDsl.Mathematics.Numerics;

namespace FlowDsl.Mathematics;

/// <summary>A parameter of a process that is out of <see cref="SupportedRange"/>, or that leads to a noise level out of it.</summary>
/// <param name="Parameter">The parameter's name in the attributes.</param>
/// <param name="Value">Its value.</param>
/// <param name="Noise">The noise level s that is out of the range; null if the parameter itself is.</param>
public sealed record UnresolvedParameter(string Parameter, double Value, double? Noise)
{
    /// <summary>The problem, with its values and what would be valid.</summary>
    public string Description => Noise is { } noise
        ? $"{Parameter} is {PortableNumber.Format(Value)}, for which the noise level s {SupportedRange.OfScale(noise)}"
        : $"{Parameter} {SupportedRange.OfScale(Value)}" + (Value < 1 && Parameter is "EarlyStop" or "SigmaMin" ? "; or 0" : "");

    /// <summary>The parameter, if it is out of the range.</summary>
    internal static UnresolvedParameter? Of(string parameter, double value)
        => SupportedRange.OfScale(value) is null ? null : new UnresolvedParameter(parameter, value, null);

    /// <summary>The time at which the noise level is out of the range; s = σ sqrt(1 - e^{-2βt}) may be far smaller than σ.</summary>
    internal static UnresolvedParameter? OfNoise(string parameter, in ProcessPoint point)
        => SupportedRange.OfScale(point.S) is null ? null : new UnresolvedParameter(parameter, point.Time, point.S);
}
