using System.ComponentModel;
using System.Numerics;
using FlowDsl.Runtime.Points;

namespace FlowDsl.Runtime.Blocks;

/// <summary>A kernel of the library: the shape of its blocks is known when it is made, and it assumes nothing of the samples.</summary>
/// <remarks>
/// Kernels of generated code are value types with constants instead, which the driver's methods are compiled for one by one.
/// </remarks>
/// <typeparam name="T">float or double.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class BlockKernel<T> : IBlockKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private protected BlockKernel()
    {
    }

    /// <inheritdoc/>
    public int Dimension { get; private protected init; }

    /// <inheritdoc/>
    public int SegmentCount { get; private protected init; }

    /// <inheritdoc/>
    public int HistoryLength { get; private protected init; }

    /// <inheritdoc/>
    public int RowCount { get; private protected init; }

    /// <inheritdoc/>
    public int Stride { get; private protected init; }

    /// <inheritdoc/>
    public int ExcessRow => -1;

    /// <inheritdoc/>
    public IBlockKernel<T>? Fallback => null;

    /// <inheritdoc/>
    public PointProgram? Points { get; private protected init; }

    /// <inheritdoc/>
    public abstract void Advance(ref T rows, nuint count, int segment, int history);
}
