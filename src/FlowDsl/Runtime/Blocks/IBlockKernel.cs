using System.ComponentModel;
using System.Numerics;
using FlowDsl.Runtime.Points;

namespace FlowDsl.Runtime.Blocks;

/// <summary>
/// The arithmetic of one sampler on a block of samples held by coordinate: row r is the <see cref="Stride"/> values at
/// <c>rows[r * Stride]</c>, lane i belongs to sample i. Rows 0 to d-1 are the states; the rest is the kernel's scratch, beginning with the slopes of
/// a multistep solver. Implemented by generated code.
/// </summary>
/// <typeparam name="T">float or double.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IBlockKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>d.</summary>
    int Dimension { get; }

    /// <summary>N, the number of segments.</summary>
    int SegmentCount { get; }

    /// <summary>The maximum number of earlier slopes that a step uses.</summary>
    int HistoryLength { get; }

    /// <summary>The number of rows of a block.</summary>
    int RowCount { get; }

    /// <summary>The number of samples in a block, a multiple of the widest vector.</summary>
    int Stride { get; }

    /// <summary>
    /// The row that is positive for samples that violate an assumption of <see cref="Advance"/>, such as not being far outside the mixture; -1 if
    /// nothing is assumed. Its lanes never decrease.
    /// </summary>
    int ExcessRow { get; }

    /// <summary>The kernel that advances such samples; null if nothing is assumed.</summary>
    IBlockKernel<T>? Fallback { get; }

    /// <summary>The same sampler, for samples whose squares overflow in single precision; null if there is none.</summary>
    PointProgram? Points => null;

    /// <summary>Advances the lanes of a block over one segment.</summary>
    /// <param name="rows">The first value of the block.</param>
    /// <param name="count">
    /// The number of lanes with samples, rounded up to whole vectors. If the number of vectors is odd, the state of one more vector is zeros.
    /// </param>
    /// <param name="segment">Which segment.</param>
    /// <param name="history">The number of available earlier slopes, at most <see cref="HistoryLength"/>.</param>
    void Advance(ref T rows, nuint count, int segment, int history);
}
