using FlowDsl.Runtime.Blocks;
using FlowDsl.Runtime.Laws;
using FlowDsl.Runtime.Students;

namespace FlowDsl;

/// <summary>A student with weights that are given at run time, for example just trained.</summary>
public sealed class StudentFlow
{
    private readonly StudentKernel _kernel;

    private StudentFlow(StudentKernel kernel) => _kernel = kernel;

    /// <summary>Describes the student.</summary>
    public StudentDescriptor Student => _kernel.Student;

    /// <summary>One map per segment, as <see cref="ErrorBudget.Measure"/> takes them.</summary>
    public IReadOnlyList<SegmentMap> Maps => [.. Enumerable.Range(0, Student.SegmentCount).Select(segment => (SegmentMap)(states =>
    {
        float[] narrow = Narrow(states);
        Integrate(narrow, segment, 1);
        for (int i = 0; i < narrow.Length; i++) states[i] = narrow[i];
    }))];

    /// <summary>A student's generated arithmetic with weights.</summary>
    /// <typeparam name="TStudent">The student.</typeparam>
    /// <param name="weights">The weights.</param>
    /// <exception cref="ArgumentException">The weights belong to another student.</exception>
    public static StudentFlow Create<TStudent>(StudentWeights weights)
        where TStudent : IFlowStudent<TStudent>
    {
        ArgumentNullException.ThrowIfNull(weights);
        if (weights.Student != TStudent.Student)
            throw new ArgumentException(
                $"The weights belong to student '{weights.Student.Sampler.Name}', but the student is '{TStudent.Student.Sampler.Name}'.", nameof(weights));
        return new StudentFlow(TStudent.CreateKernel(weights));
    }

    /// <inheritdoc cref="IFlowSampler{TSelf, T}.Integrate(Span{T})"/>
    public void Integrate(Span<float> states) => BlockDriver.Integrate(_kernel, states);

    /// <inheritdoc cref="IFlowSampler{TSelf, T}.Integrate(Span{T}, int, int)"/>
    public void Integrate(Span<float> states, int firstSegment, int segmentCount) => BlockDriver.Integrate(_kernel, states, firstSegment, segmentCount);

    /// <inheritdoc cref="IFlowSampler{TSelf, T}.Integrate(Span{T}, Span{double})"/>
    public int Integrate(Span<float> states, Span<double> logDensities) => SamplerLaw.Integrate(_kernel, states, logDensities);

    private static float[] Narrow(Span<double> values)
    {
        float[] narrow = new float[values.Length];
        for (int i = 0; i < values.Length; i++) narrow[i] = (float)values[i];
        return narrow;
    }
}
