using System.Numerics;
using System.Runtime.CompilerServices;
using FlowDsl.Mathematics.Fields;
using FlowDsl.Runtime.Arithmetic;
using FlowDsl.Runtime.Blocks;
using FlowDsl.Runtime.Evaluations;

namespace FlowDsl.Runtime.Loops;

/// <summary>Keeps the minimum branch margins of a block's samples while a kernel goes from node to node.</summary>
/// <param name="margins">The margins at the nodes.</param>
/// <param name="lanes">The maximum number of samples in a block.</param>
internal sealed class MarginWatch<T>(BranchMargins<T> margins, int lanes) : INodeWatch<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // The number of scratch values that fit the first-level cache beside the states.
    private const int ScratchInCache = 4096;

    private readonly int _chunk = Math.Max(ScratchInCache / Math.Max(margins.ScratchRows, 1) / (2 * Vector<T>.Count), 1) * 2 * Vector<T>.Count;
    private readonly T[] _least = new T[lanes + 2 * Vector<T>.Count];
    private T[] _scratch = [];

    /// <inheritdoc/>
    public Span<T> Least => _least;

    /// <inheritdoc/>
    public void Reset() => _least.AsSpan().Fill(T.PositiveInfinity);

    /// <inheritdoc/>
    public MixtureField? FieldAt(int node) => margins.IndexOf(node) is >= 0 and var index ? margins.Field(index) : null;

    /// <inheritdoc/>
    public T UnitAt(int node) => margins.Unit(margins.IndexOf(node));

    /// <inheritdoc/>
    public void AtNode(int node, ref T x, nuint stride, nuint count)
    {
        int index = margins.IndexOf(node);
        if (index < 0) return;
        nuint end = PackedMatrix<T>.Pairs(count), chunk = (nuint)_chunk;
        if (margins.PlanarGaps(index) is { } planar)
        {
            planar.Lower(ref x, stride, margins.Unit(index), ref _least[0], end);
            return;
        }
        ref T gaps = ref Scratch(margins.ScratchRows * _chunk);
        for (nuint lane = 0; lane < end; lane += chunk)
        {
            nuint width = nuint.Min(chunk, end - lane);
            margins.Gap(index, ref Unsafe.Add(ref x, lane), stride, ref gaps, chunk, width);
            Lower(index, ref gaps, ref _least[lane], width);
        }
    }

    /// <inheritdoc/>
    public void Lower(int node, ref T energies, nuint pitch, int components, ref T least, nuint lanes)
    {
        int index = margins.IndexOf(node);
        if (index < 0) return;
        ref T gaps = ref Scratch((int)lanes);
        EvaluationTable<T>.Gap(ref energies, pitch, components, ref gaps, lanes);
        Lower(index, ref gaps, ref least, lanes);
    }

    private ref T Scratch(int length)
    {
        if (_scratch.Length < length) _scratch = new T[length];
        return ref _scratch[0];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Lower(int index, ref T gaps, ref T least, nuint count)
    {
        Vector<T> unit = Vector.Create(margins.Unit(index));
        for (nuint i = 0; i < count; i += (nuint)Vector<T>.Count)
        {
            // NaN if the state is NaN.
            Vector.Min(Vector.LoadUnsafe(ref least, i), Vector.LoadUnsafe(ref gaps, i) * unit).StoreUnsafe(ref least, i);
        }
    }
}
