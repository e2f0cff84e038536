using System.Numerics;
using FlowDsl.Mathematics;

namespace FlowDsl.Runtime.Blocks;

/// <summary>A kernel that advances over several segments faster at once than one by one.</summary>
/// <remarks>
/// An interface of its own, so that for every other kernel the test for it is a constant of its compiled code.
/// </remarks>
/// <typeparam name="T">float or double.</typeparam>
internal interface ISpanKernel<T> : IBlockKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>
    /// Advances the lanes of a block over consecutive segments, with no earlier slopes at hand and none asked for: as as many
    /// calls of <see cref="IBlockKernel{T}.Advance"/>, up to rounding.
    /// </summary>
    /// <param name="rows">The first value of the block.</param>
    /// <param name="count">How many lanes hold samples, rounded up to whole vectors.</param>
    /// <param name="firstSegment">The first segment.</param>
    /// <param name="segmentCount">How many, at least 1.</param>
    /// <param name="watch">Looks at the nodes on the way; null where nobody does.</param>
    void AdvanceSpan(ref T rows, nuint count, int firstSegment, int segmentCount, INodeWatch<T>? watch);

    /// <summary>The mixture in the coordinates in which the kernel is at a node.</summary>
    Mixture Watched { get; }
}
