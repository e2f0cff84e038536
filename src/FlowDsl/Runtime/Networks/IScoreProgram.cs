using System.ComponentModel;
using System.Numerics;

namespace FlowDsl.Runtime.Networks;

/// <summary>The arithmetic of a score network on a block of samples held by coordinate. Implemented by generated code.</summary>
/// <typeparam name="T">float or double.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IScoreProgram<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>d.</summary>
    int Dimension { get; }

    /// <summary>The number of biases of the units of x that depend on t.</summary>
    int BiasCount { get; }

    /// <summary>The number of scratch rows that a call needs.</summary>
    int ScratchRows { get; }

    /// <summary>The biases of the units of x at a time.</summary>
    /// <param name="t">The time.</param>
    /// <param name="biases">Receives <see cref="BiasCount"/> values.</param>
    void Clock(double t, Span<double> biases);

    /// <summary>The score of the lanes of a block.</summary>
    /// <param name="x">The first coordinate of the first sample; row j holds the j-th coordinates.</param>
    /// <param name="score">Receives the same number of rows.</param>
    /// <param name="stride">The length of the rows of both.</param>
    /// <param name="count">The number of lanes, whole vectors.</param>
    /// <param name="biases">The result of <see cref="Clock"/>.</param>
    /// <param name="scratch">Memory of <see cref="ScratchRows"/> rows of <paramref name="pitch"/> values.</param>
    /// <param name="pitch">The length of the memory's rows, at least <paramref name="count"/>.</param>
    void Score(ref T x, ref T score, nuint stride, nuint count, ref T biases, ref T scratch, nuint pitch);
}
