using System.ComponentModel;
using System.Numerics;
using System.Runtime.CompilerServices;
using FlowDsl.Analysis;

namespace FlowDsl.Kernels;

/// <summary>
/// A sampler whose coefficients are tables and whose steps are loops: for mixtures and schedules too large to unroll, and for
/// those known only at run time. Made once, then read by any number of threads.
/// </summary>
/// <typeparam name="T">float or double.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class TableKernel<T> : IBlockKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // Values of a table that may be read again for every pair of vectors.
    private const int TablesInCache = 8192;

    // Values of scratch beside them.
    private const int ScratchInCache = 4096;

    private readonly FlowProgram _program;
    private readonly EvaluationTable<T>[][] _evaluations;
    private readonly T[][][] _inputs, _results;
    private readonly int _stageRows, _scratchRow, _lanes;

    /// <summary>Tabulates a program.</summary>
    /// <param name="mixture">The mixture.</param>
    /// <param name="program">The program.</param>
    public TableKernel(Mixture mixture, FlowProgram program)
        : this(mixture, program, new MeanTables<T>(mixture))
    {
    }

    internal TableKernel(Mixture mixture, FlowProgram program, MeanTables<T> means, int? stride = null)
    {
        ArgumentNullException.ThrowIfNull(program);
        _program = program;
        Dimension = mixture.Dimension;
        _evaluations = program.Steps.Select(step => step.Stages.Select(stage => new EvaluationTable<T>(mixture, means, stage.Field)).ToArray()).ToArray();
        _inputs = Inputs(program);
        _results = Results(program);

        // Row groups: the state, the slopes, then the stage input; behind them an evaluation's scratch.
        int slopes = Math.Max(program.HistoryLength + 1, program.Steps.Max(step => step.Stages.Length));
        _stageRows = 1 + slopes;
        _scratchRow = (_stageRows + 1) * Dimension;
        Stride = stride ?? Math.Clamp(8192 / _scratchRow / 32 * 32, 32, 1024);
        // As many lanes at a time as the first cache holds the scratch of; where the tables exceed it, one pass over them must
        // serve several pairs of vectors.
        int pair = 2 * Vector<T>.Count, scratchRows = _evaluations[0][0].ScratchRows;
        int pairs = mixture.Count * Dimension > TablesInCache ? 32 / pair : ScratchInCache / scratchRows / pair;
        _lanes = Math.Clamp(pairs, 1, Stride / pair) * pair;
        RowCount = _scratchRow + (scratchRows * _lanes + Stride - 1) / Stride;
    }

    /// <inheritdoc/>
    public int Dimension { get; }

    /// <inheritdoc/>
    public int SegmentCount => _program.Steps.Length;

    /// <inheritdoc/>
    public int HistoryLength => _program.HistoryLength;

    /// <inheritdoc/>
    public int RowCount { get; }

    /// <inheritdoc/>
    public int Stride { get; }

    /// <inheritdoc/>
    public int ExcessRow => -1;

    /// <inheritdoc/>
    public TableKernel<T>? Fallback => null;

    /// <inheritdoc/>
    public void Advance(ref T rows, nuint count, int segment, int history)
    {
        EvaluationTable<T>[] evaluations = _evaluations[segment];
        // Tiles are pairs of vectors; a row has room for the second one of the last pair.
        count = PackedMatrix<T>.Pairs(count);
        if (HistoryLength > 0)
        {
            Evaluate(evaluations[0], ref rows, count, 0, 1 + segment % (HistoryLength + 1));
            T[][] results = _results[segment];
            LinearCombination.Advance(ref rows, (nuint)Stride, count, Dimension, HistoryLength, segment, results[Math.Min(history, results.Length - 1)]);
            return;
        }
        Span<int> groups = stackalloc int[evaluations.Length];
        for (int s = 0; s < evaluations.Length; s++)
        {
            int input = 0;
            if (s > 0)
            {
                input = _stageRows;
                Combine(ref rows, count, _inputs[segment][s], groups[..s], input);
            }
            Evaluate(evaluations[s], ref rows, count, input, groups[s] = 1 + s);
        }
        Combine(ref rows, count, _results[segment][0], groups, 0);
    }

    /// <summary>The factors of the state and of the slopes in each stage's input, by segment.</summary>
    internal static T[][][] Inputs(FlowProgram program) => [.. program.Steps.Select(step => (T[][])[.. step.Stages.Select(stage => Row(stage.Input))])];

    /// <summary>The same in each segment's result, by the number of earlier slopes.</summary>
    internal static T[][][] Results(FlowProgram program) => [.. program.Steps.Select(step => (T[][])[.. step.Results.Select(Row)])];

    private void Combine(ref T rows, nuint count, T[] coefficients, ReadOnlySpan<int> groups, int target)
        => LinearCombination.Apply(ref rows, (nuint)Stride, count, Dimension, coefficients[0], coefficients.AsSpan(1), groups, target);

    private void Evaluate(EvaluationTable<T> table, ref T rows, nuint count, int input, int output)
    {
        nuint stride = (nuint)Stride, group = stride * (nuint)Dimension;
        ref T x = ref Unsafe.Add(ref rows, (nuint)input * group);
        ref T slope = ref Unsafe.Add(ref rows, (nuint)output * group);
        ref T scratch = ref Unsafe.Add(ref rows, (nuint)_scratchRow * stride);
        for (nuint i = 0; i < count; i += (nuint)_lanes)
            table.Evaluate(ref Unsafe.Add(ref x, i), stride, ref scratch, (nuint)_lanes, ref Unsafe.Add(ref slope, i), nuint.Min((nuint)_lanes, count - i));
    }

    private static T[] Row(Combination combination)
        => [T.CreateTruncating(combination.State), .. combination.Slopes.Select(T.CreateTruncating)];
}
