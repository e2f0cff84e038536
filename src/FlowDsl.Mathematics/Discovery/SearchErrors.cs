using FlowDsl.Mathematics.Numerics;

namespace FlowDsl.Mathematics;

/// <summary>The relative mean squared errors E|x̂ - x|²/E|x|² of a method that <see cref="Solver.Bespoke"/> found.</summary>
/// <param name="Samples">The number of trajectories that report: dense, with weights, where the flow to one mode ends and that to another begins.</param>
/// <param name="Pilot">The error on those that it was searched by.</param>
/// <param name="HeldOut">The error on those that neither searched nor chose.</param>
public sealed record SearchErrors(int Samples, double Pilot, double HeldOut)
{
    /// <summary>The search's budget in units of a build's: 1 if the build found the method, more if the host's command tune did.</summary>
    public int Budget { get; init; } = 1;

    /// <summary>
    /// The error of the method that a build finds, on the trajectories of <see cref="HeldOut"/>; null if a build found this one, or finds none.
    /// </summary>
    public double? Build { get; init; }

    /// <summary>Whether the method comes from a longer search than a build's.</summary>
    public bool IsTuned => Budget > 1;

    /// <summary>The errors as text, the same in every culture.</summary>
    public override string ToString()
    {
        string how = IsTuned ? $"tuned with {NumberText.Count(Budget, "time")} a build's budget" : "found";
        string build = Build is { } other ? $", where a build's own has {NumberText.Brief(other)}" : "";
        return $"{how}, relative MSE {NumberText.Brief(Pilot)}, on {NumberText.Count(Samples, "other sample")} {NumberText.Brief(HeldOut)}{build}";
    }
}
