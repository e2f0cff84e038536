using System.ComponentModel;
using FlowDsl.Runtime.Blocks;

namespace FlowDsl.Runtime.Students;

/// <summary>The entry points of generated students.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class StudentDriver
{
    /// <summary>Weights that were compiled in.</summary>
    /// <param name="student">The student.</param>
    /// <param name="base64">Base64 of the little-endian single-precision parameters, segment by segment.</param>
    public static StudentWeights Weights(StudentDescriptor student, ReadOnlySpan<byte> base64) => StudentWeights.Decode(student, base64);

    /// <inheritdoc cref="IFlowSampler{TSelf, T}.Integrate(Span{T}, Span{T}, int, int)"/>
    public static void Integrate(StudentKernel kernel, Span<float> states, Span<float> history, int firstSegment, int segmentCount)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        kernel.RequireWeights();
        BlockDriver.Integrate(kernel, states, history, firstSegment, segmentCount);
    }

    /// <inheritdoc cref="IFlowStudent{TSelf}.JacobianVectorProduct"/>
    public static void JacobianVectorProduct(StudentKernel kernel, Span<float> states, Span<float> directions, int firstSegment, int segmentCount)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        kernel.RequireWeights();
        BlockDriver.Check(kernel, states, firstSegment, segmentCount);
        if (directions.Length != states.Length)
            throw new ArgumentException(
                $"There are {directions.Length} values of directions for {states.Length} of states; the two numbers must be equal.", nameof(directions));
        kernel.Differentiate(states, directions, firstSegment, segmentCount);
    }
}
