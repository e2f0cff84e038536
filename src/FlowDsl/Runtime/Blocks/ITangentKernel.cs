using System.ComponentModel;
using System.Numerics;

namespace FlowDsl.Runtime.Blocks;

/// <summary>
/// A kernel that carries tangents beside the state: derivatives of a sample's state along directions given at the start. The first tangent is the
/// sample's error: each step adds its own error, and later steps propagate the sum.
/// </summary>
/// <typeparam name="T">float or double.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface ITangentKernel<T> : IBlockKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The number of tangents; 0 if only the lengths of the steps' own errors are summed.</summary>
    int TangentCount { get; }

    /// <summary>The row of that sum.</summary>
    int LengthRow { get; }

    /// <summary>The first of the d rows of a tangent.</summary>
    /// <param name="tangent">Which one.</param>
    int TangentRow(int tangent);

    /// <summary>Adds the last step's own error, after the last segment.</summary>
    /// <param name="rows">The first value of the block.</param>
    /// <param name="count">The number of lanes with samples, rounded up to whole vectors.</param>
    void Finish(ref T rows, nuint count);
}
