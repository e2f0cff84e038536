using FlowDsl.Mathematics.Stability;

namespace FlowDsl.Mathematics.Grids;

/// <summary>What was measured on a network: a <c>.profile.json</c> file as values.</summary>
/// <param name="Process">The process.</param>
/// <param name="Solver">The solver.</param>
/// <param name="Chart">The chart that it integrates in, never <see cref="Chart.Auto"/>.</param>
/// <param name="Scale">c of <see cref="GridPlaces"/>, positive.</param>
/// <param name="Rounding">What the rounding of single precision adds to a step's final error.</param>
/// <param name="Samples">The number of trajectories.</param>
/// <param name="FunctionEvaluations">Evaluations of the network for each of them.</param>
/// <param name="Doubt">How far the trajectories' ends are from those of half the substeps, relative to their size, as root mean squares.</param>
/// <param name="Times">The times of the nodes, from the horizon to the early stop.</param>
/// <param name="ExpectedNorms">E‖∇v‖₂ at each of them.</param>
/// <param name="ExpectedGrowths">E[λ_max(-∇v)]⁺ at each of them, of the symmetric part.</param>
/// <param name="LocalErrors">The solver's own error in each window, a root mean square.</param>
/// <param name="PropagatedErrors">ψ, the same carried to the early stop by the network's flow.</param>
internal sealed record ProfileData(
    Process Process, Solver Solver, Chart Chart, double Scale, double Rounding, int Samples, long FunctionEvaluations, double Doubt,
    ImmutableArray<double> Times, ImmutableArray<double> ExpectedNorms, ImmutableArray<double> ExpectedGrowths,
    ImmutableArray<double> LocalErrors, ImmutableArray<double> PropagatedErrors)
{
    /// <summary>How the names of its files end.</summary>
    public const string Suffix = ".profile.json";

    /// <summary>The windows of the errors.</summary>
    public ErrorWindows Windows => new(Solver, Times.Length - 1);

    /// <summary>When the network amplifies errors, as <see cref="StabilityProfile.DangerWindow"/> says it of a mixture; null if it never does.</summary>
    public TimeWindow? DangerWindow => CumulativeTable.Of([.. Times.Reverse()], [.. ExpectedGrowths.Reverse()]).DangerWindow;

    /// <summary>N + 1 times in equal shares of ψ^(1/(p+1)); null if double precision does not distinguish so many.</summary>
    /// <param name="steps">N, 1 to <see cref="TimeGrid.MaxSteps"/>.</param>
    public double[]? CreateTimes(int steps)
    {
        if (steps == 1) return [Process.Horizon, Process.EarlyStop];
        double[] squares = [.. PropagatedErrors.Select(error => error * error)];
        double[]? times = Windows.Times(new GridPlaces(Process, Scale), Times, squares, Rounding * Rounding, steps);
        return times is not null && TimeGrid.AreDistinct(times) ? times : null;
    }
}
