using System.Buffers;
using System.Numerics;
using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Structure;

namespace FlowDsl.Runtime.Laws;

/// <summary>The determinants of a solver on a mixture whose coordinates fall into independent blocks: those of the blocks multiply.</summary>
internal sealed class BlockDeterminants<T> : MapDeterminants<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int _d;
    private readonly (int[] Coordinates, MapDeterminants<T> Own)[] _blocks;
    private readonly double _constant;
    private readonly bool _isReversed;

    /// <summary>Puts the blocks together.</summary>
    /// <param name="blocks">The blocks.</param>
    /// <param name="program">The solver.</param>
    /// <param name="determinantsOf">The determinants of a block.</param>
    public BlockDeterminants(MixtureBlock[] blocks, FlowProgram program, Func<Mixture, MapDeterminants<T>> determinantsOf)
    {
        _d = blocks.Sum(block => block.Coordinates.Length);
        foreach (MixtureBlock block in blocks.Where(IsConstant))
        {
            (double log, bool isReversed) = GaussianFactor.Of(block.Marginal, program);
            _constant += log;
            _isReversed |= isReversed;
        }
        _blocks = [.. blocks.Where(block => !IsConstant(block)).Select(block => (block.Coordinates, determinantsOf(block.Marginal)))];
    }

    /// <inheritdoc/>
    public override void Subtract(ReadOnlySpan<T> starts, Span<double> logDensities, Span<bool> reversed)
    {
        foreach (ref double log in logDensities) log -= _constant;
        if (_isReversed) reversed.Fill(true);
        T[] pooled = ArrayPool<T>.Shared.Rent(starts.Length);
        foreach ((int[] coordinates, MapDeterminants<T> own) in _blocks)
        {
            Span<T> values = pooled.AsSpan(0, coordinates.Length * logDensities.Length);
            for (int j = 0; j < coordinates.Length; j++)
                for (int from = coordinates[j], to = j; from < starts.Length; from += _d, to += coordinates.Length) values[to] = starts[from];
            own.Subtract(values, logDensities, reversed);
        }
        ArrayPool<T>.Shared.Return(pooled);
    }

    private static bool IsConstant(MixtureBlock block) => block.Marginal.Count == 1;
}
