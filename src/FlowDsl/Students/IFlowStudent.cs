using System.ComponentModel;
using FlowDsl.Runtime.Students;

namespace FlowDsl;

/// <summary>A learned flow map: a sampler whose segments are networks. Without compiled weights its calls throw.</summary>
/// <typeparam name="TSelf">The student.</typeparam>
public interface IFlowStudent<TSelf> : IFlowSampler<TSelf, float>
    where TSelf : IFlowStudent<TSelf>
{
    /// <summary>Describes the student: its networks and the sampler it learns from.</summary>
    static abstract StudentDescriptor Student { get; }

    /// <summary>Maps samples, and a direction at each of them by the exact derivative of the map (a JVP).</summary>
    /// <param name="states">n×d values, row-major, in place.</param>
    /// <param name="directions">n×d values, in place: each becomes the Jacobian of the segments' composition times the direction.</param>
    /// <param name="firstSegment">The first segment, from 0.</param>
    /// <param name="segmentCount">The number of segments.</param>
    /// <exception cref="ArgumentException">A length is not a multiple of d, or the two differ.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The segments are not within the student's.</exception>
    /// <exception cref="InvalidOperationException">No weights are compiled in.</exception>
    static abstract void JacobianVectorProduct(Span<float> states, Span<float> directions, int firstSegment, int segmentCount);

    /// <summary>The generated arithmetic with the given weights.</summary>
    /// <param name="weights">The weights.</param>
    [EditorBrowsable(EditorBrowsableState.Never)]
    static abstract StudentKernel CreateKernel(StudentWeights weights);
}
