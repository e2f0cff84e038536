using System.Numerics;
using FlowDsl.Mathematics;

namespace FlowDsl.Runtime.Blocks;

/// <summary>A kernel that advances over several segments at once faster than one by one.</summary>
/// <remarks>
/// A separate interface, so that for every other kernel the type test is a compile-time constant.
/// </remarks>
/// <typeparam name="T">float or double.</typeparam>
internal interface ISpanKernel<T> : IBlockKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>
    /// Advances the lanes of a block over consecutive segments, without earlier slopes as input or output: equal to repeated calls of
    /// <see cref="IBlockKernel{T}.Advance"/>, up to rounding.
    /// </summary>
    /// <param name="rows">The first value of the block.</param>
    /// <param name="count">The number of lanes with samples, rounded up to whole vectors.</param>
    /// <param name="firstSegment">The first segment.</param>
    /// <param name="segmentCount">The number of segments, at least 1.</param>
    /// <param name="watch">Watches the nodes on the way; null for none.</param>
    void AdvanceSpan(ref T rows, nuint count, int firstSegment, int segmentCount, INodeWatch<T>? watch);

    /// <summary>The mixture in the coordinates in which the kernel is at a node.</summary>
    Mixture Watched { get; }
}
