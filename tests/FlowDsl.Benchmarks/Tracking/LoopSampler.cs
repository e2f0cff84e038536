using System.Numerics;
using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Grids;
using FlowDsl.Runtime.Blocks;
using FlowDsl.Runtime.Laws;
using FlowDsl.Runtime.Loops;
using FlowDsl.Runtime.Trackers;

namespace FlowDsl.Benchmarks;

/// <summary>
/// A sampler that no code is generated for: the loops over tables behind the interface of generated ones. So the figures take every
/// combination of mixture, solver, steps and precision without a hundred generated types.
/// </summary>
internal sealed class LoopSampler<TMixture, TSolver, TSteps, TMode, T> : IFlowSampler<LoopSampler<TMixture, TSolver, TSteps, TMode, T>, T>
    where TMixture : ITrackedMixture
    where TSolver : ITrackedSolver
    where TSteps : IStepCount
    where TMode : ITrackingMode
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly FlowProgram s_program = TMixture.Model.CreateProgram(TSolver.Solver, LoopTimes<TMixture, TSolver, TSteps>.Times);
    private static readonly TableKernel<T> s_kernel = new(TMixture.Model.Mixture, s_program);

    public static SamplerDescriptor Descriptor { get; } = Describe();

    private static SamplerErrors<T> Errors { get; } = ErrorTracking.OfSegments<LoopSampler<TMixture, TSolver, TSteps, TMode, T>, T>(Descriptor);

    public static void Integrate(Span<T> states) => BlockDriver.Integrate(s_kernel, states);

    public static void Integrate(Span<T> states, int firstSegment, int segmentCount) => BlockDriver.Integrate(s_kernel, states, firstSegment, segmentCount);

    public static void Integrate(Span<T> states, Span<T> history, int firstSegment, int segmentCount)
        => BlockDriver.Integrate(s_kernel, states, history, firstSegment, segmentCount);

    public static void Integrate(Span<T> states, Span<FlowError> errors) => Errors.Integrate(states, errors);

    public static void IntegrateWithMargins(Span<T> states, Span<FlowError> errors) => Errors.IntegrateWithMargins(states, errors);

    public static int Integrate(Span<T> states, Span<double> logDensities)
        => SamplerLaw.Integrate<LoopSampler<TMixture, TSolver, TSteps, TMode, T>, T>(states, logDensities);

    private static SamplerDescriptor Describe()
    {
        ChartFrame frame = ChartFrame.For(Chart.Auto, TSolver.Solver, TMixture.Model.Mixture.MeanVariance);
        return new()
        {
            Name = $"{TSolver.Solver}, {TSteps.Steps} steps",
            Dimension = TMixture.Model.Dimension,
            Solver = TSolver.Solver,
            Chart = frame.Chart,
            ChartVariance = frame.Variance,
            Grid = TimeGrid.Resolve(Grid.Auto, TSolver.Solver),
            Precision = typeof(T) == typeof(float) ? Precision.Single : Precision.Double,
            Tracking = TMode.Tracking,
            Times = LoopTimes<TMixture, TSolver, TSteps>.Times,
            FunctionEvaluations = s_program.FunctionEvaluations,
            HistoryLength = s_program.HistoryLength,
            Stability = [],
            Model = TMixture.Model,
        };
    }
}

/// <summary>The times of the automatic grid, measured once for both precisions and all modes of tracking.</summary>
internal static class LoopTimes<TMixture, TSolver, TSteps>
    where TMixture : ITrackedMixture
    where TSolver : ITrackedSolver
    where TSteps : IStepCount
{
    public static readonly double[] Times = TMixture.Model.CreateTimes(Grid.Auto, TSteps.Steps, TSolver.Solver);
}
