using System.Buffers;
using System.Numerics;
using FlowDsl.Mathematics;
using FlowDsl.Runtime.Trackers;

namespace FlowDsl.Tests;

/// <summary>A generated sampler as an object, so that one test body serves all of them.</summary>
public abstract class SamplerUnderTest<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly Dictionary<string, SamplerUnderTest<T>> s_all = Find().ToDictionary(sampler => sampler.Name);

    /// <summary>
    /// Every sampler of this precision that was generated for this assembly and for the probe, by "Model.Sampler". Students are samplers too, but without
    /// weights; <see cref="StudentUnderTest"/> has them.
    /// </summary>
    public static IReadOnlyCollection<string> Names => s_all.Keys;

    /// <summary>
    /// Solvers on the exact score: what a network's differs by is tested by <see cref="ScoreSamplerTests"/>, flow maps by <see cref="FlowMapTests"/>.
    /// </summary>
    public static IEnumerable<string> ExactNames => Names.Where(name => Get(name).Descriptor is { Score: null, Map: null });

    public abstract string Name { get; }

    public abstract SamplerDescriptor Descriptor { get; }

    public GaussianMixtureModel Model => Descriptor.Model;

    public int Dimension => Descriptor.Dimension;

    public static SamplerUnderTest<T> Get(string name) => s_all[name];

    public abstract void Integrate(Span<T> states);

    public abstract void Integrate(Span<T> states, Span<FlowError> errors);

    public abstract void IntegrateWithMargins(Span<T> states, Span<FlowError> errors);

    public abstract int Integrate(Span<T> states, Span<double> logDensities);

    /// <summary>The same by calls over some segments.</summary>
    public abstract void WalkWithMargins(Span<T> states, Span<FlowError> errors);

    public abstract void Integrate(Span<T> states, int firstSegment, int segmentCount);

    public abstract void Integrate(Span<T> states, Span<T> history, int firstSegment, int segmentCount);

    public abstract T[] Sample(
        long count, ulong seed, SamplingOptions? options = null, IProgress<long>? progress = null, CancellationToken cancellationToken = default);

    /// <summary>Start points: the prior's, by a seed of these tests, the same in both precisions but for rounding.</summary>
    public T[] Starts(int count)
    {
        SpoilPool();
        return Array.ConvertAll(FlowSampling.DrawPrior<double>(Model, count, 11), T.CreateTruncating);
    }

    /// <summary>Leaves no numbers in pooled memory: whoever reads from it what it did not write shows it.</summary>
    private static void SpoilPool()
    {
        const int EachSize = 3;
        var rented = new List<T[]>();
        for (int size = 16; size <= 1 << 16; size *= 2)
            for (int i = 0; i < EachSize; i++) rented.Add(ArrayPool<T>.Shared.Rent(size));
        foreach (T[] array in rented)
        {
            Array.Fill(array, T.NaN);
            ArrayPool<T>.Shared.Return(array);
        }
    }

    /// <summary>The same solver on the same times in the run-time model, over some of the segments.</summary>
    public FlowProgram Program(int firstSegment, int segmentCount)
    {
        // A method of its own is that in whole runs, and the two-step method where it has no memory.
        if (Descriptor.Weights is not null && (firstSegment, segmentCount) == (0, Descriptor.SegmentCount)) return Descriptor.Program;
        if (Descriptor.Weights is not null)
        {
            return FlowProgram.Create(
                Model.Process, ChartFrame.Canonical(Descriptor.ChartVariance), Solver.DpmSolverPlusPlus2M,
                [.. Descriptor.Times.Skip(firstSegment).Take(segmentCount + 1)]);
        }
        // What a user would have declared: of the canonical charts, variance 0 is only reached as the solver's own choice.
        return Model.CreateProgram(Descriptor.Solver, [.. Descriptor.Times.Skip(firstSegment).Take(segmentCount + 1)], Descriptor.Chart);
    }

    public FlowProgram Program() => Program(0, Descriptor.SegmentCount);

    private static IEnumerable<SamplerUnderTest<T>> Find()
        => from assembly in new[] { typeof(TwoModes).Assembly, typeof(Probe.Mixed).Assembly }
           from type in assembly.GetTypes()
           where !type.IsNestedPrivate
           from contract in type.GetInterfaces()
           where contract.IsGenericType && contract.GetGenericTypeDefinition() == typeof(IFlowSampler<,>) && contract.GenericTypeArguments[1] == typeof(T)
               && !type.GetInterfaces().Any(other => other.IsGenericType && other.GetGenericTypeDefinition() == typeof(IFlowStudent<>))
           select (SamplerUnderTest<T>)Activator.CreateInstance(typeof(Generated<>).MakeGenericType(typeof(T), type))!;

    private sealed class Generated<TSampler> : SamplerUnderTest<T>
        where TSampler : IFlowSampler<TSampler, T>
    {
        private static readonly SamplerErrors<T> s_segments = ErrorTracking.OfSegments<TSampler, T>(TSampler.Descriptor);

        public override string Name { get; } = typeof(TSampler).DeclaringType!.Name + "." + typeof(TSampler).Name;

        public override SamplerDescriptor Descriptor => TSampler.Descriptor;

        public override void Integrate(Span<T> states) => TSampler.Integrate(states);

        public override void Integrate(Span<T> states, Span<FlowError> errors) => TSampler.Integrate(states, errors);

        public override void IntegrateWithMargins(Span<T> states, Span<FlowError> errors) => TSampler.IntegrateWithMargins(states, errors);

        public override int Integrate(Span<T> states, Span<double> logDensities) => TSampler.Integrate(states, logDensities);

        public override void WalkWithMargins(Span<T> states, Span<FlowError> errors) => s_segments.IntegrateWithMargins(states, errors);

        public override void Integrate(Span<T> states, int firstSegment, int segmentCount) => TSampler.Integrate(states, firstSegment, segmentCount);

        public override void Integrate(Span<T> states, Span<T> history, int firstSegment, int segmentCount)
            => TSampler.Integrate(states, history, firstSegment, segmentCount);

        public override T[] Sample(long count, ulong seed, SamplingOptions? options, IProgress<long>? progress, CancellationToken cancellationToken)
            => FlowSampling.Sample<TSampler, T>(count, seed, options, progress, cancellationToken);
    }
}
