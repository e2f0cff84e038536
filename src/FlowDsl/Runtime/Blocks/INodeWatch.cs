using System.Numerics;
using FlowDsl.Mathematics.Fields;

namespace FlowDsl.Runtime.Blocks;

/// <summary>Looks at a block's samples while a kernel goes from node to node, and keeps one number per sample.</summary>
/// <typeparam name="T">float or double.</typeparam>
internal interface INodeWatch<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The numbers of the block, so far.</summary>
    ReadOnlySpan<T> Least { get; }

    /// <summary>Begins a block, or begins it anew.</summary>
    void Reset();

    /// <summary>A field with the energies at a node; null for one that does not count.</summary>
    /// <param name="node">The node, from 0 at the horizon.</param>
    MixtureField? FieldAt(int node);

    /// <summary>Looks at the states at a node.</summary>
    /// <param name="node">The node, from 0 at the horizon.</param>
    /// <param name="x">The first coordinate.</param>
    /// <param name="stride">The length of a row, at most the lanes of this watch.</param>
    /// <param name="count">How many lanes hold samples.</param>
    void AtNode(int node, ref T x, nuint stride, nuint count);

    /// <summary>The same from energies in bits of all components.</summary>
    /// <param name="node">The node.</param>
    /// <param name="energies">The first row.</param>
    /// <param name="pitch">The distance of rows.</param>
    /// <param name="components">How many.</param>
    /// <param name="lane">The lane of the block that the rows begin with.</param>
    /// <param name="lanes">How many lanes, whole pairs of vectors.</param>
    void AtNode(int node, ref T energies, nuint pitch, int components, nuint lane, nuint lanes);
}
