using System.ComponentModel;
using System.Numerics;
using System.Runtime.CompilerServices;
using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Solvers;
using FlowDsl.Runtime.Arithmetic;
using FlowDsl.Runtime.Blocks;
using FlowDsl.Runtime.Evaluations;

namespace FlowDsl.Runtime.Loops;

/// <summary>A sampler with tangents as loops over tables, like <see cref="TableKernel{T}"/> without tangents.</summary>
/// <remarks>
/// Except for the slopes, a solver is linear and acts on tangents as on states. A block therefore has equal groups of rows for the state and for each
/// tangent: state, slopes, stage input. Those of the state are followed by the rows for the estimate of the steps' errors: the slope at the start of
/// the previous step, the estimate without the next slope, the sum of lengths.
/// </remarks>
/// <typeparam name="T">float or double.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class TangentKernel<T> : BlockKernel<T>, ITangentKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int BlockValues = 16384;

    private readonly LocalErrors? _errors;
    private readonly EvaluationTable<T>[][] _evaluations;
    private readonly EvaluationTable<T>? _end;
    private readonly T[][][] _inputs, _results;
    private readonly int _inputGroup, _previousGroup, _residueGroup, _tangentRows, _scratchRow, _lanes;

    /// <summary>Tabulates a program.</summary>
    /// <param name="mixture">The mixture.</param>
    /// <param name="program">The program.</param>
    /// <param name="errors">The estimates of its steps' own errors; null if there are none.</param>
    /// <param name="tangentCount">The number of tangents.</param>
    internal TangentKernel(Mixture mixture, FlowProgram program, LocalErrors? errors, int tangentCount)
    {
        ArgumentNullException.ThrowIfNull(mixture);
        ArgumentNullException.ThrowIfNull(program);
        (_errors, TangentCount) = (errors, tangentCount);
        (Dimension, SegmentCount, HistoryLength) = (mixture.Dimension, program.Steps.Length, program.HistoryLength);
        int d = Dimension;
        var means = new MeanTables<T>(mixture);
        _evaluations = EvaluationTable<T>.Create(mixture, means, program);
        if (errors is not null) _end = EvaluationTable<T>.Create(mixture, means, errors.End);
        _inputs = StageLoop<T>.Inputs(program);
        _results = StageLoop<T>.Results(program);

        int slopes = Math.Max(program.HistoryLength + 1, program.Steps.Max(step => step.Stages.Length));
        _inputGroup = 1 + slopes;
        (_previousGroup, _residueGroup) = (_inputGroup + 1, _inputGroup + 2);
        LengthRow = (_residueGroup + 1) * d;
        _tangentRows = (_inputGroup + 1) * d;
        _scratchRow = TangentRow(tangentCount);
        IEnumerable<EvaluationTable<T>> tables = _evaluations.SelectMany(step => step);
        if (_end is not null) tables = tables.Append(_end);
        int scratchRows = tables.Max(table => table.ScratchRows + (tangentCount > 0 ? table.TangentScratchRows : 0)), pair = 2 * Vector<T>.Count;
        _lanes = pair;
        Stride = Math.Clamp(BlockValues / _scratchRow / 32 * 32, 32, 1024);
        RowCount = _scratchRow + (scratchRows * _lanes + Stride - 1) / Stride;
    }

    /// <inheritdoc/>
    public int TangentCount { get; }

    /// <inheritdoc/>
    public int LengthRow { get; }

    /// <inheritdoc/>
    public int TangentRow(int tangent) => LengthRow + 1 + tangent * _tangentRows;

    /// <inheritdoc/>
    public override void Advance(ref T rows, nuint count, int segment, int history)
    {
        EvaluationTable<T>[] evaluations = _evaluations[segment];
        count = PackedMatrix<T>.Pairs(count);
        if (HistoryLength > 0)
        {
            Evaluate(evaluations[0], ref rows, count, 0, 1 + segment % (HistoryLength + 1), next: null);
            T[] results = _results[segment][Math.Min(history, _results[segment].Length - 1)];
            for (int part = -1; part < TangentCount; part++)
                LinearCombination.Advance(ref Part(ref rows, part), (nuint)Stride, count, Dimension, HistoryLength, segment, results);
            return;
        }

        Span<int> groups = stackalloc int[evaluations.Length + 1];
        StepError? before = segment > 0 ? _errors?.Steps[segment - 1] : null;
        for (int s = 0; s < evaluations.Length; s++)
        {
            int input = 0;
            if (s > 0)
            {
                input = _inputGroup;
                for (int part = -1; part < TangentCount; part++) Combine(ref Part(ref rows, part), count, _inputs[segment][s], groups[..s], input);
            }
            Evaluate(evaluations[s], ref rows, count, input, groups[s] = 1 + s, s == 0 ? before?.Next : null);
        }
        if (_errors?.Steps[segment] is { } error) Keep(ref rows, count, error, groups);
        for (int part = -1; part < TangentCount; part++) Combine(ref Part(ref rows, part), count, _results[segment][0], groups[..^1], 0);
    }

    /// <inheritdoc/>
    public void Finish(ref T rows, nuint count)
    {
        if (_end is null) return;
        count = PackedMatrix<T>.Pairs(count);
        nuint group = (nuint)(Stride * Dimension);
        for (nuint i = 0; i < count; i += (nuint)_lanes)
        {
            _end.Evaluate(
                ref Unsafe.Add(ref rows, i), (nuint)Stride, ref Scratch(ref rows), (nuint)_lanes, ref Unsafe.Add(ref rows, group + i),
                nuint.Min((nuint)_lanes, count - i));
            AddError(ref rows, i, _errors!.Steps[^1].Next);
        }
    }

    /// <summary>Evaluates the state's slopes, adds the error of the previous step, which they complete, and evaluates the tangents' slopes.</summary>
    private void Evaluate(EvaluationTable<T> table, ref T rows, nuint count, int input, int output, double? next)
    {
        nuint stride = (nuint)Stride, group = stride * (nuint)Dimension, from = (nuint)input * group, to = (nuint)output * group;
        ref T scratch = ref Scratch(ref rows);
        for (nuint i = 0; i < count; i += (nuint)_lanes)
        {
            nuint lanes = nuint.Min((nuint)_lanes, count - i);
            table.Evaluate(ref Unsafe.Add(ref rows, from + i), stride, ref scratch, (nuint)_lanes, ref Unsafe.Add(ref rows, to + i), lanes);
            if (next is { } factor) AddError(ref rows, i, factor);
            for (int tangent = 0; tangent < TangentCount; tangent++)
            {
                ref T part = ref Part(ref rows, tangent);
                table.Tangent(
                    ref Unsafe.Add(ref rows, from + i), ref Unsafe.Add(ref part, from + i), stride, ref scratch, (nuint)_lanes,
                    ref Unsafe.Add(ref part, to + i), lanes);
            }
        }
    }

    /// <summary>Stores the part of a step's own error that is known before the next slope, and the slope at its start for the next step.</summary>
    private void Keep(ref T rows, nuint count, StepError error, Span<int> groups)
    {
        groups[^1] = _previousGroup;
        ReadOnlySpan<T> factors = [.. error.Slopes.Select(T.CreateTruncating), T.CreateTruncating(error.Previous)];
        // The first step has no previous slope: its rows may hold NaN or infinity, and 0 times that is not 0.
        int terms = error.Previous == 0 ? factors.Length - 1 : factors.Length;
        LinearCombination.Apply(ref rows, (nuint)Stride, count, Dimension, T.CreateTruncating(error.State), factors[..terms], groups[..terms], _residueGroup);
        LinearCombination.Apply(ref rows, (nuint)Stride, count, Dimension, T.Zero, [T.One], [1], _previousGroup);
    }

    /// <summary>Adds a step's own error to the first tangent, and its length to their sum, for the lanes of an evaluation.</summary>
    private void AddError(ref T rows, nuint lane, double next)
    {
        Vector<T> factor = Vector.Create(T.CreateTruncating(next));
        nuint stride = (nuint)Stride, residue = (nuint)_residueGroup * stride * (nuint)Dimension, slope = stride * (nuint)Dimension;
        ref T sums = ref Unsafe.Add(ref rows, (nuint)LengthRow * stride), tangent = ref Part(ref rows, 0);
        for (nuint i = lane; i < lane + (nuint)_lanes; i += (nuint)Vector<T>.Count)
        {
            Vector<T> square = Vector<T>.Zero;
            for (nuint j = 0; j < (nuint)Dimension; j++)
            {
                nuint at = j * stride + i;
                Vector<T> own = SimdMath.MultiplyAdd(Vector.LoadUnsafe(ref rows, slope + at), factor, Vector.LoadUnsafe(ref rows, residue + at));
                square = SimdMath.MultiplyAdd(own, own, square);
                if (TangentCount > 0) (Vector.LoadUnsafe(ref tangent, at) + own).StoreUnsafe(ref tangent, at);
            }
            (Vector.LoadUnsafe(ref sums, i) + Vector.SquareRoot(square)).StoreUnsafe(ref sums, i);
        }
    }

    private void Combine(ref T rows, nuint count, T[] coefficients, ReadOnlySpan<int> groups, int target)
        => LinearCombination.Apply(ref rows, (nuint)Stride, count, Dimension, coefficients[0], coefficients.AsSpan(1), groups, target);

    /// <summary>The rows of the state, -1, or of a tangent.</summary>
    private ref T Part(ref T rows, int tangent) => ref tangent < 0 ? ref rows : ref Unsafe.Add(ref rows, TangentRow(tangent) * Stride);

    private ref T Scratch(ref T rows) => ref Unsafe.Add(ref rows, _scratchRow * Stride);
}
