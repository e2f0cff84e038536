using FlowDsl.Mathematics.Grids;
using FlowDsl.Mathematics.Numerics;

namespace FlowDsl.Mathematics;

/// <summary>The inputs of a grid besides the mixture and the process.</summary>
/// <param name="Grid">The grid, resolved.</param>
/// <param name="Steps">N, 1 to <see cref="TimeGrid.MaxSteps"/>.</param>
/// <param name="Solver">The solver that will take the steps.</param>
/// <param name="Frame">The chart it integrates in.</param>
/// <param name="Options">The parameters of grids that have some.</param>
internal sealed record GridRequest(Grid Grid, int Steps, Solver Solver, ChartFrame Frame, GridOptions Options)
{
    /// <summary>A request with the usual parameters.</summary>
    /// <param name="grid">The grid, resolved.</param>
    /// <param name="steps">N, 1 to <see cref="TimeGrid.MaxSteps"/>.</param>
    /// <param name="solver">The solver that will take the steps.</param>
    /// <param name="frame">The chart it integrates in.</param>
    public GridRequest(Grid grid, int steps, Solver solver, ChartFrame frame)
        : this(grid, steps, solver, frame, new GridOptions())
    {
    }
}

/// <summary>The times of a grid.</summary>
/// <param name="Grid">The grid of the times; not the requested one if that measures nothing or too little.</param>
/// <param name="Times">N + 1 strictly decreasing times from the horizon to the early stop, both exact.</param>
/// <param name="Samples">The number of trajectories the grid was measured on; 0 if it is not measured.</param>
/// <param name="IsReduced">Whether these are fewer than wanted because the mixture is too large for the generator's budget.</param>
/// <param name="Pilot">The measured errors; null if the grid is not chosen by them.</param>
/// <param name="StandIn">Why the times are not of the requested grid; null if they are.</param>
public sealed record GridTimes(
    Grid Grid, ImmutableArray<double> Times, int Samples = 0, bool IsReduced = false, PilotErrors? Pilot = null, GridStandIn? StandIn = null)
{
    /// <inheritdoc/>
    public bool Equals(GridTimes? other) => other is not null
        && (Grid, Samples, IsReduced, Pilot, StandIn).Equals((other.Grid, other.Samples, other.IsReduced, other.Pilot, other.StandIn))
        && Times.AsSpan().SequenceEqual(other.Times.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => (Grid, Times.Length, Samples).GetHashCode();

    /// <summary>The grid, its times and the measurements.</summary>
    public override string ToString()
        => $"{Grid}: t = {string.Join(" ", Times.Select(NumberText.Short))}" + (StandIn is { } reason ? $"; a stand-in, since {reason.Description()}" : "")
            + (Samples == 0 ? "" : $"; measured on {NumberText.Count(Samples, "sample")}") + (Pilot is null ? "" : $"; {Pilot}");
}

/// <summary>Why another grid stands in for one that measures trajectories.</summary>
public enum GridStandIn
{
    /// <summary>A search over this many times would take too long.</summary>
    TooManySteps,

    /// <summary>The mixture is so large that too few trajectories could be followed.</summary>
    MixtureTooLarge,

    /// <summary>The steps' errors on the trajectories are not finite, or are all 0.</summary>
    ErrorsNotFinite,
}

/// <summary>The relative mean squared errors E|x̂ - x|²/E|x|² by which <see cref="Grid.Optimal"/> was chosen.</summary>
/// <param name="Samples">The number of trajectories of each set.</param>
/// <param name="Pilot">The error on the trajectories it was chosen by.</param>
/// <param name="HeldOut">The error on the same number of other trajectories.</param>
/// <param name="Other">The best of the grids without a search, on the first set.</param>
/// <param name="OtherHeldOut">Its error on the other trajectories.</param>
public sealed record PilotErrors(int Samples, double Pilot, double HeldOut, Grid Other, double OtherHeldOut)
{
    /// <summary>The errors as text, the same in every culture.</summary>
    public override string ToString()
        => $"relative MSE {NumberText.Brief(Pilot)}, on other trajectories {NumberText.Brief(HeldOut)}; of {Other} {NumberText.Brief(OtherHeldOut)}";
}
