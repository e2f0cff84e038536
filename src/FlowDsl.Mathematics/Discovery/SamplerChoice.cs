namespace FlowDsl.Mathematics.Discovery;

/// <summary>A whole sampler that a search has measured: solver, chart, steps and times.</summary>
/// <param name="Solver">The solver.</param>
/// <param name="Frame">Its chart.</param>
/// <param name="Times">N + 1 times.</param>
/// <param name="Evaluations">Its evaluations per sample.</param>
/// <param name="Error">Its relative mean squared error on trajectories that neither its times nor its weights were searched by.</param>
/// <param name="Grid">The grid of the times; null where they were found with the weights.</param>
/// <param name="Pilot">The errors by which the grid chose them; null for other grids.</param>
/// <param name="Discovery">The weights of <see cref="Solver.Bespoke"/>; null for other solvers.</param>
internal sealed record SamplerChoice(
    Solver Solver, ChartFrame Frame, ImmutableArray<double> Times, int Evaluations, double Error, Grid? Grid, PilotErrors? Pilot = null,
    Discovery? Discovery = null)
{
    /// <summary>N.</summary>
    public int Steps => Times.Length - 1;

    /// <summary>The solver on its times; null if the chart is singular at one of them.</summary>
    /// <param name="process">The process.</param>
    public FlowProgram? Program(Process process)
        => Discovery is null ? FlowProgram.TryCreate(process, Frame, Solver, Times) : Discovery.Method.Program(process, Frame);
}
