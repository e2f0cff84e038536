using System.Numerics;
using FlowDsl.Mathematics;

namespace FlowDsl.Benchmarks;

/// <summary>A sampler of the figures as an object, whatever its type.</summary>
internal abstract class Subject
{
    public const ulong Seed = 20;

    public abstract string Mixture { get; }

    public abstract double Weight { get; }

    public abstract SamplerDescriptor Descriptor { get; }

    public GaussianMixtureModel Model => Descriptor.Model;

    /// <summary>Draws starts and integrates them with errors; both in double, as exactly as they are.</summary>
    public abstract (double[] Starts, double[] Ends, FlowError[] Errors) Run(long first, int count);

    /// <summary>Draws and integrates on all cores; with a margin, samples below it again.</summary>
    public abstract double[] Sample(long count, double? repairMargin);

    /// <summary>The subject of a combination of types.</summary>
    public static Subject Of(Type mixture, Type solver, Type steps, Type mode, Type precision)
        => (Subject)Activator.CreateInstance(typeof(Subject<,,,,>).MakeGenericType(mixture, solver, steps, mode, precision))!;
}

internal sealed class Subject<TMixture, TSolver, TSteps, TMode, T> : Subject
    where TMixture : ITrackedMixture
    where TSolver : ITrackedSolver
    where TSteps : IStepCount
    where TMode : ITrackingMode
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public override string Mixture => TMixture.Key;

    public override double Weight => TMixture.Weight;

    public override SamplerDescriptor Descriptor => LoopSampler<TMixture, TSolver, TSteps, TMode, T>.Descriptor;

    public override (double[] Starts, double[] Ends, FlowError[] Errors) Run(long first, int count)
    {
        T[] states = FlowSampling.DrawPrior<T>(TMixture.Model, count, Seed, new SamplingOptions { FirstIndex = first, MaxThreads = 1 });
        double[] starts = Array.ConvertAll(states, double.CreateTruncating);
        var errors = new FlowError[count];
        LoopSampler<TMixture, TSolver, TSteps, TMode, T>.Integrate(states, errors);
        return (starts, Array.ConvertAll(states, double.CreateTruncating), errors);
    }

    public override double[] Sample(long count, double? repairMargin)
    {
        var options = repairMargin is { } margin ? new SamplingOptions { Repair = Repair.Flagged, RepairMargin = margin } : null;
        return Array.ConvertAll(FlowSampling.Sample<LoopSampler<TMixture, TSolver, TSteps, TMode, T>, T>(count, Seed, options), double.CreateTruncating);
    }
}
