using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Grids;
using FlowDsl.Runtime.Blocks;
using FlowDsl.Runtime.Loops;

namespace FlowDsl.Hosting.Measurements;

/// <summary>A sampler's solver and number of steps on every grid that its process has.</summary>
/// <param name="Comparison">One entry per grid, named after it.</param>
/// <param name="Schedules">Their times, in the same order.</param>
internal sealed record EveryGrid(FlowComparison Comparison, ImmutableArray<GridTimes> Schedules)
{
    private const int Batch = 512;

    /// <summary>Runs the solver on each grid, in double precision.</summary>
    /// <param name="starts">The starts and their exact ends.</param>
    /// <param name="sampler">The sampler, not a student.</param>
    /// <param name="progress">Receives the number of grids that are finished.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static EveryGrid Measure(FlowComparison starts, SamplerDescriptor sampler, IProgress<long> progress, CancellationToken cancellationToken)
    {
        GaussianMixtureModel model = starts.Model;
        Solver solver = sampler.Solver;
        FlowComparison comparison = starts;
        var schedules = ImmutableArray.CreateBuilder<GridTimes>();
        Grid[] grids = Of(model.Process);
        for (int i = 0; i < grids.Length; i++)
        {
            GridTimes schedule = model.CreateSchedule(grids[i], sampler.SegmentCount, solver, sampler.Chart);
            FlowProgram program = model.CreateProgram(solver, schedule.Times, sampler.Chart);
            var kernel = new TableKernel<double>(model.Mixture, program);
            comparison = comparison.Add($"{grids[i]}", program.FunctionEvaluations, states => Integrate(kernel, states, cancellationToken));
            schedules.Add(schedule);
            progress.Report(i + 1);
        }
        return new EveryGrid(comparison, schedules.ToImmutable());
    }

    /// <summary>The grids that a process has; what Auto stands for is among them.</summary>
    /// <param name="process">The process.</param>
    public static Grid[] Of(Process process) => [.. Enum.GetValues<Grid>().Where(grid => grid != Grid.Auto && TimeGrid.Obstacle(grid, process) is null)];

    private static void Integrate(TableKernel<double> kernel, Span<double> states, CancellationToken cancellationToken)
    {
        // Spans cannot go to other threads.
        double[] rows = states.ToArray();
        int batch = Batch * kernel.Dimension;
        Parallel.For(0, (rows.Length + batch - 1) / batch, new ParallelOptions { CancellationToken = cancellationToken }, index =>
            BlockDriver.Integrate(kernel, rows.AsSpan(index * batch, Math.Min(batch, rows.Length - index * batch))));
        rows.CopyTo(states);
    }
}
