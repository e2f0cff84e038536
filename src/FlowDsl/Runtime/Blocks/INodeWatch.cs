using System.Numerics;
using FlowDsl.Mathematics.Fields;

namespace FlowDsl.Runtime.Blocks;

/// <summary>Watches a block's samples while a kernel goes from node to node, and keeps one number per sample.</summary>
/// <typeparam name="T">float or double.</typeparam>
internal interface INodeWatch<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The numbers of the block, so far.</summary>
    Span<T> Least { get; }

    /// <summary>Begins or restarts a block.</summary>
    void Reset();

    /// <summary>A field with the energies at a node; null if the node does not count.</summary>
    /// <param name="node">The node, from 0 at the horizon.</param>
    MixtureField? FieldAt(int node);

    /// <summary>The number of a gap of one bit between the two smallest energies at a node that counts.</summary>
    /// <param name="node">The node.</param>
    T UnitAt(int node);

    /// <summary>Processes the states at a node.</summary>
    /// <param name="node">The node, from 0 at the horizon.</param>
    /// <param name="x">The first coordinate.</param>
    /// <param name="stride">The length of a row, at most the lanes of this watch.</param>
    /// <param name="count">The number of lanes with samples.</param>
    void AtNode(int node, ref T x, nuint stride, nuint count);

    /// <summary>Lowers numbers that the kernel keeps itself, from the energies of all components in bits.</summary>
    /// <param name="node">The node.</param>
    /// <param name="energies">The first row.</param>
    /// <param name="pitch">The distance of rows.</param>
    /// <param name="components">The number of components.</param>
    /// <param name="least">The numbers.</param>
    /// <param name="lanes">The number of lanes, whole pairs of vectors.</param>
    void Lower(int node, ref T energies, nuint pitch, int components, ref T least, nuint lanes);
}
