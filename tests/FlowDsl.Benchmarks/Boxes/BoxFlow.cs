using FlowDsl.Runtime.Blocks;
using FlowDsl.Runtime.Loops;

namespace FlowDsl.Benchmarks;

/// <summary>The flow between times at which it may be divided, by the fifth-order method on many steps.</summary>
internal sealed class BoxFlow
{
    private const int Steps = 6, Batch = 512;

    private readonly TableKernel<double> _kernel;

    /// <summary>Prepares the steps.</summary>
    /// <param name="model">The mixture.</param>
    /// <param name="divisions">The number of divisions; their ends are the times.</param>
    public BoxFlow(GaussianMixtureModel model, int divisions)
    {
        Model = model;
        double[] times = [.. model.CreateTimes(Grid.ErrorBalanced, divisions * Steps, Solver.DormandPrince54)];
        Times = [.. Enumerable.Range(0, divisions + 1).Select(i => times[i * Steps])];
        _kernel = new TableKernel<double>(model.Mixture, model.CreateProgram(Solver.DormandPrince54, times));
    }

    public GaussianMixtureModel Model { get; }

    /// <summary>The times between which there may be segments.</summary>
    public double[] Times { get; }

    /// <summary>The last division's end.</summary>
    public int End => Times.Length - 1;

    /// <summary>Replaces points by their images.</summary>
    /// <param name="from">The index of the time at which they are.</param>
    /// <param name="to">The index of the time to which they go.</param>
    /// <param name="points">The points.</param>
    public void Map(int from, int to, double[] points)
    {
        if (from == to) return;
        Parallel.For(0, (points.Length + 2 * Batch - 1) / (2 * Batch), part =>
        {
            int first = part * 2 * Batch;
            BlockDriver.Integrate(_kernel, points.AsSpan(first, Math.Min(2 * Batch, points.Length - first)), Steps * from, Steps * (to - from));
        });
    }
}
