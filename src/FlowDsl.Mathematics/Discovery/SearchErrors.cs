using FlowDsl.Mathematics.Numerics;

namespace FlowDsl.Mathematics;

/// <summary>The relative mean squared errors E|x̂ - x|²/E|x|² of a method that <see cref="Solver.Bespoke"/> found.</summary>
/// <param name="Samples">The number of trajectories of each set: one to search by, one to choose by, one to report.</param>
/// <param name="Pilot">The error on those that it was searched by.</param>
/// <param name="HeldOut">The error on those that neither searched nor chose.</param>
public sealed record SearchErrors(int Samples, double Pilot, double HeldOut)
{
    /// <summary>The errors as text, the same in every culture.</summary>
    public override string ToString()
        => $"found on {NumberText.Count(Samples, "sample")}, relative MSE {NumberText.Brief(Pilot)}, on others {NumberText.Brief(HeldOut)}";
}
