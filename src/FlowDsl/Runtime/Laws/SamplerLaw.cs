using System.ComponentModel;
using System.Numerics;
using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Structure;
using FlowDsl.Runtime.Blocks;
using FlowDsl.Runtime.Students;

namespace FlowDsl.Runtime.Laws;

/// <summary>The calls of samplers that carry log-densities. What a sampler needs for them is made when the first comes. Thread-safe.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class SamplerLaw
{
    /// <summary>For a sampler whose descriptor says what it computes.</summary>
    /// <inheritdoc cref="IFlowSampler{TSelf, T}.Integrate(Span{T}, Span{double})"/>
    public static int Integrate<TSampler, T>(Span<T> states, Span<double> logDensities)
        where TSampler : IFlowSampler<TSampler, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => Described<TSampler, T>.Run.Integrate(states, logDensities);

    /// <summary>For a student with its weights.</summary>
    /// <inheritdoc cref="IFlowSampler{TSelf, T}.Integrate(Span{T}, Span{double})"/>
    public static int Integrate(StudentKernel student, Span<float> states, Span<double> logDensities)
    {
        ArgumentNullException.ThrowIfNull(student);
        student.RequireWeights();
        LawRun<float> run = new(student.Dimension, own => BlockDriver.Integrate(student, own), new StudentDeterminants(student));
        return run.Integrate(states, logDensities);
    }

    /// <summary>The determinants of a solver on a mixture.</summary>
    internal static MapDeterminants<T> DeterminantsOf<T>(Mixture mixture, FlowProgram program)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (mixture.Count == 1) return new GaussianDeterminants<T>(mixture, program);
        MeansSpan? span = MeansSpan.Find(mixture);
        if (mixture.HasSharedIsotropicCovariance && span!.Axes.Length > 2 && CoefficientDeterminants<T>.Find(mixture, program, span.Axes.Length) is { } found)
            return found;
        if (span is not null && (!span.IsWhole || !mixture.HasSharedIsotropicCovariance))
            return new SpanDeterminants<T>(mixture, program, span, InTheirOwn(span.Reduced, program));
        return InTheirOwn(mixture, program);

        static MapDeterminants<T> InTheirOwn(Mixture mixture, FlowProgram program)
            => IndependentBlocks.Split(mixture) is [_, _, ..] blocks ? new BlockDeterminants<T>(blocks, program, block => OfBlock(block, program))
                : OfBlock(mixture, program);

        static MapDeterminants<T> OfBlock(Mixture mixture, FlowProgram program)
            => mixture.HasSharedIsotropicCovariance && mixture.Dimension <= 2
                ? new PlaneDeterminants<T>(mixture, program)
                : new TangentDeterminants<T>(mixture, program);
    }

    private static class Described<TSampler, T>
        where TSampler : IFlowSampler<TSampler, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public static readonly LawRun<T> Run = Of(TSampler.Descriptor);

        private static LawRun<T> Of(SamplerDescriptor sampler) => new(sampler.Dimension, TSampler.Integrate, sampler switch
        {
            { Map: not null } => new ExactDeterminants<T>(sampler, TSampler.Integrate),
            // The derivative of a network is not at hand.
            { Score: not null } => new DifferenceDeterminants<T>(sampler.Model, TSampler.Integrate),
            _ => DeterminantsOf<T>(sampler.Model.Mixture, sampler.Program),
        });
    }
}
