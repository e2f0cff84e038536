using System.Buffers;
using System.Numerics;
using FlowDsl.Mathematics.Grids;
using FlowDsl.Runtime.Blocks;

namespace FlowDsl.Runtime.Trackers;

/// <summary>A sampler's flow with the branch margins.</summary>
internal delegate void MarginFlow<T>(Span<T> states, Span<FlowError> errors);

/// <summary>Integrates samples, and those that came near a separatrix again with finer steps. Thread-safe.</summary>
internal sealed class FlowRepair<T>(SamplerDescriptor descriptor, MarginFlow<T> flow)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // Fewer would not be finer than a sampler with few evaluations.
    private const int MinSteps = 16;

    private readonly int _d = descriptor.Dimension;
    private readonly Integration<T> _finer = Finer(descriptor);

    /// <summary>A sampler's repair, made once.</summary>
    public static FlowRepair<T> Of<TSampler>()
        where TSampler : IFlowSampler<TSampler, T> => Made<TSampler>.Instance;

    /// <summary>Integrates.</summary>
    /// <param name="states">n×d values, in place.</param>
    /// <param name="margin">The branch margin below which a sample is integrated again.</param>
    public void Integrate(Span<T> states, double margin)
    {
        int count = states.Length / _d;
        T[] starts = ArrayPool<T>.Shared.Rent(states.Length);
        FlowError[] errors = ArrayPool<FlowError>.Shared.Rent(count);
        states.CopyTo(starts);
        flow(states, errors.AsSpan(0, count));

        // The starts of the affected samples move to the front.
        int flagged = 0;
        for (int i = 0; i < count; i++)
        {
            if (!(errors[i].BranchMargin < margin)) continue;
            starts.AsSpan(i * _d, _d).CopyTo(starts.AsSpan(flagged * _d, _d));
            flagged++;
        }
        _finer(starts.AsSpan(0, flagged * _d));
        for (int i = 0, from = 0; i < count; i++)
            if (errors[i].BranchMargin < margin) starts.AsSpan(from++ * _d, _d).CopyTo(states.Slice(i * _d, _d));
        ArrayPool<T>.Shared.Return(starts);
        ArrayPool<FlowError>.Shared.Return(errors);
    }

    /// <summary>Runge-Kutta 4 with four times the sampler's evaluations, on times that resolve the separation of modes.</summary>
    private static Integration<T> Finer(SamplerDescriptor descriptor)
    {
        GaussianMixtureModel model = descriptor.Model;
        // An interpolant begins with pure noise, where the logarithm is infinite.
        Grid grid = TimeGrid.Obstacle(Grid.LogVariance, model.Process) is null ? Grid.LogVariance : Grid.Angle;
        double[] times = model.CreateTimes(grid, Math.Max(descriptor.FunctionEvaluations, MinSteps), Solver.RungeKutta4);
        return ModelFlow.Create<T>(model, model.CreateProgram(Solver.RungeKutta4, times));
    }

    private static class Made<TSampler>
        where TSampler : IFlowSampler<TSampler, T>
    {
        public static readonly FlowRepair<T> Instance = new(TSampler.Descriptor, TSampler.IntegrateWithMargins);
    }
}
