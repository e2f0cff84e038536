using System.Numerics;
using System.Runtime.CompilerServices;
using FlowDsl.Analysis;

namespace FlowDsl.Kernels;

/// <summary>Keeps the least branch margins of a block's samples while a kernel goes from node to node.</summary>
/// <param name="margins">The margins at the nodes.</param>
/// <param name="lanes">The greatest number of samples of a block.</param>
internal sealed class MarginWatch<T>(BranchMargins<T> margins, int lanes)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // Values of scratch that the first cache holds beside the states.
    private const int ScratchInCache = 4096;

    private readonly int _chunk = Math.Max(ScratchInCache / Math.Max(margins.ScratchRows, 1) / (2 * Vector<T>.Count), 1) * 2 * Vector<T>.Count;
    private readonly T[] _least = new T[lanes + 2 * Vector<T>.Count];
    private T[] _scratch = [];

    /// <summary>The margins of the block, so far.</summary>
    public ReadOnlySpan<T> Least => _least;

    /// <summary>Begins a block, or begins it anew.</summary>
    public void Reset() => _least.AsSpan().Fill(T.PositiveInfinity);

    /// <summary>A field with the energies at a node; null for one that does not count.</summary>
    public MixtureField? FieldAt(int node) => margins.IndexOf(node) is >= 0 and var index ? margins.Field(index) : null;

    /// <summary>Looks at the states at a node.</summary>
    /// <param name="node">The node, from 0 at the horizon.</param>
    /// <param name="x">The first coordinate.</param>
    /// <param name="stride">The length of a row, at most the lanes of this watch.</param>
    /// <param name="count">How many lanes hold samples.</param>
    public void AtNode(int node, ref T x, nuint stride, nuint count)
    {
        int index = margins.IndexOf(node);
        if (index < 0) return;
        nuint end = PackedMatrix<T>.Pairs(count), chunk = (nuint)_chunk;
        ref T gaps = ref Scratch(margins.ScratchRows * _chunk);
        for (nuint lane = 0; lane < end; lane += chunk)
        {
            nuint width = nuint.Min(chunk, end - lane);
            margins.Gap(index, ref Unsafe.Add(ref x, lane), stride, ref gaps, chunk, width);
            Lower(index, ref gaps, lane, width);
        }
    }

    /// <summary>The same from energies in bits of all components.</summary>
    /// <param name="node">The node.</param>
    /// <param name="energies">The first row.</param>
    /// <param name="pitch">The distance of rows.</param>
    /// <param name="components">How many.</param>
    /// <param name="lane">The lane of the block that the rows begin with.</param>
    /// <param name="lanes">How many lanes, whole pairs of vectors.</param>
    public void AtNode(int node, ref T energies, nuint pitch, int components, nuint lane, nuint lanes)
    {
        int index = margins.IndexOf(node);
        if (index < 0) return;
        ref T gaps = ref Scratch((int)lanes);
        EvaluationTable<T>.Gap(ref energies, pitch, components, ref gaps, lanes);
        Lower(index, ref gaps, lane, lanes);
    }

    private ref T Scratch(int length)
    {
        if (_scratch.Length < length) _scratch = new T[length];
        return ref _scratch[0];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Lower(int index, ref T gaps, nuint lane, nuint count)
    {
        ref T least = ref _least[0];
        Vector<T> unit = Vector.Create(margins.Unit(index));
        for (nuint i = 0; i < count; i += (nuint)Vector<T>.Count)
        {
            // No number where the state is none.
            Vector.Min(Vector.LoadUnsafe(ref least, lane + i), Vector.LoadUnsafe(ref gaps, i) * unit).StoreUnsafe(ref least, lane + i);
        }
    }
}
