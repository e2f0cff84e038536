using FlowDsl.Mathematics.Numerics;

namespace FlowDsl.Mathematics;

/// <summary>The options of a score network.</summary>
/// <param name="Accuracy">ε, positive: the error in L^p(p_t), in units of the score.</param>
/// <param name="P">p, at least 1; infinite for all x, if that is possible.</param>
/// <param name="Time">The only time at which the network is valid; null for all of [EarlyStop, Horizon], with t as an input.</param>
public sealed record ScoreNetworkOptions(double Accuracy, double P = 2, double? Time = null)
{
    /// <summary>The options as text, the same in every culture.</summary>
    public override string ToString()
        => $"accuracy {NumberText.Short(Accuracy)} {(double.IsInfinity(P) ? "for every x" : $"in L^{NumberText.Short(P)}(p_t)")} "
            + (Time is { } time ? $"at t = {NumberText.Short(time)}" : "at all times");
}
