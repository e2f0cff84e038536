using System.ComponentModel;
using System.Numerics;
using System.Runtime.CompilerServices;
using FlowDsl.Mathematics;
using FlowDsl.Runtime.Arithmetic;
using FlowDsl.Runtime.Blocks;
using FlowDsl.Runtime.Evaluations;
using FlowDsl.Runtime.Points;

namespace FlowDsl.Runtime.Loops;

/// <summary>
/// A sampler with tables of coefficients and loops over steps, for mixtures and schedules that are too large to unroll or known only at run time.
/// Thread-safe.
/// </summary>
/// <typeparam name="T">float or double.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class TableKernel<T> : BlockKernel<T>, IStageSlopes<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly EvaluationTable<T>[][] _evaluations;
    private readonly StageLoop<T> _loop;
    private readonly int _scratchRow, _lanes;

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
        (Dimension, SegmentCount, HistoryLength) = (mixture.Dimension, program.Steps.Length, program.HistoryLength);
        Points = PointProgram.Of(mixture, program);
        _evaluations = EvaluationTable<T>.Create(mixture, means, program);
        // The solver's row groups are followed by an evaluation's scratch.
        _loop = new StageLoop<T>(program, Dimension);
        _scratchRow = _loop.RowCount;
        Stride = stride ?? Math.Clamp(8192 / _scratchRow / 32 * 32, 32, 1024);
        int scratchRows = _evaluations.Max(step => step.Max(table => table.ScratchRows));
        _lanes = EvaluationTable<T>.LanesAtATime(mixture, scratchRows, Stride);
        RowCount = _scratchRow + (scratchRows * _lanes + Stride - 1) / Stride;
    }

    /// <inheritdoc/>
    public override void Advance(ref T rows, nuint count, int segment, int history)
        // Tiles are pairs of vectors; a row has room for the second vector of the last pair.
        => _loop.Advance(this, ref rows, (nuint)Stride, PackedMatrix<T>.Pairs(count), segment, history);

    void IStageSlopes<T>.Evaluate(int segment, int stage, ref T rows, nuint count, int input, int output)
    {
        EvaluationTable<T> table = _evaluations[segment][stage];
        nuint stride = (nuint)Stride, group = stride * (nuint)Dimension;
        ref T x = ref Unsafe.Add(ref rows, (nuint)input * group);
        ref T slope = ref Unsafe.Add(ref rows, (nuint)output * group);
        ref T scratch = ref Unsafe.Add(ref rows, (nuint)_scratchRow * stride);
        table.EvaluateParts(ref x, stride, ref scratch, (nuint)_lanes, ref slope, count);
    }
}
