using System.ComponentModel;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Fields;
using FlowDsl.Mathematics.Solvers;
using FlowDsl.Runtime.Arithmetic;
using FlowDsl.Runtime.Blocks;
using FlowDsl.Runtime.Evaluations;
using FlowDsl.Runtime.Points;

namespace FlowDsl.Runtime.Loops;

/// <summary>
/// A sampler for many isotropic components in the plane or in space. Late in the flow a sample feels few of them, and only those are summed. Thread-safe.
/// </summary>
/// <remarks>
/// <para>
/// Evaluations at which samples feel most components are the loops of <see cref="TableKernel{T}"/>. The others look up, for a few samples at a time, the
/// components that any of them can feel.
/// </para>
/// <para>
/// Samples are sorted by place on the way, so that those that are summed together feel the same components; at the end they are put back. A sample's
/// arithmetic does not depend on its neighbours: a component that it does not feel has a weight of exactly 0.
/// </para>
/// </remarks>
/// <typeparam name="T">float or double.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class ActiveKernel<T> : BlockKernel<T>, ISpanKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // Samples for each component, so that neighbours are close; the limits keep a block in the second-level cache.
    private const int SamplesPerComponent = 64, MinStride = 1024, MaxStride = 16384;

    // Lanes whose rows fit the first-level cache beside the components.
    private const int LanesInCache = 512;

    // Cells for each component; the number of cells along an axis.
    private const int CellsPerComponent = 8, MinCells = 4, MaxCellsInPlane = 128, MaxCellsInSpace = 32;

    // Samples are sorted again when they feel so many times fewer components than at the last time.
    private const double Resort = 4;

    private readonly Mixture _mixture;
    private readonly Stage[][] _stages;
    private readonly bool[] _sorts;
    private readonly StageLoop<T> _loop;
    private readonly LaneOrder<T> _order;
    private readonly int _sortedRows, _scratchRow, _tableLanes, _integerRow, _integers;

    /// <summary>Tabulates a program.</summary>
    /// <param name="mixture">The mixture.</param>
    /// <param name="program">The program.</param>
    /// <exception cref="ArgumentException">The components are not isotropic, or not of two or three coordinates.</exception>
    public ActiveKernel(Mixture mixture, FlowProgram program)
    {
        ArgumentNullException.ThrowIfNull(mixture);
        ArgumentNullException.ThrowIfNull(program);
        if (!ActiveSets.Apply(mixture)) throw new ArgumentException("The components must be isotropic, of two or three coordinates.", nameof(mixture));
        (_mixture, Points) = (mixture, PointProgram.Of(mixture, program));
        (Dimension, SegmentCount, HistoryLength) = (mixture.Dimension, program.Steps.Length, program.HistoryLength);
        int count = mixture.Count, most = Dimension == 2 ? MaxCellsInPlane : MaxCellsInSpace;
        int cells = Math.Clamp((int)BitOperations.RoundUpToPowerOf2((uint)Math.Pow((double)CellsPerComponent * count, 1.0 / Dimension)), MinCells, most);
        _order = new LaneOrder<T>(Dimension, cells, cells);
        // Strips wide enough that components near each other follow each other closely.
        int strips = Math.Max(1, (int)(0.25 * Math.Pow(count, 1.0 / Dimension)));
        int[] order = new LaneOrder<T>(Dimension, strips, 64 * strips).Along(mixture.Means);
        var means = new MeanTables<T>(mixture);
        _stages = [.. program.Steps.Select(step => step.Stages.Select(stage => Tabulate(stage.Field, means, order, cells)).ToArray())];
        _sorts = Sorts(_stages);

        _loop = new StageLoop<T>(program, Dimension);
        Stride = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Clamp(SamplesPerComponent * (long)count, MinStride, MaxStride));
        _sortedRows = Dimension * (program.HistoryLength > 0 ? program.HistoryLength + 2 : 1);
        int tableRows = _stages.Max(stages => stages.Max(stage => stage.Table?.ScratchRows ?? 0));
        _tableLanes = tableRows == 0 ? 0 : EvaluationTable<T>.LanesAtATime(mixture, tableRows, Stride);
        (int energies, int lists) = ActiveTable<T>.Scratch(count);
        _scratchRow = _loop.RowCount;
        _integerRow = _scratchRow + Rows(Math.Max(Math.Max(energies, Stride), tableRows * _tableLanes));
        _integers = Stride + Math.Max(_order.Scratch(Stride), lists);
        RowCount = _integerRow + Rows(_integers * sizeof(int) / Unsafe.SizeOf<T>() + 1);

        int Rows(int values) => (values + Stride - 1) / Stride;
    }

    Mixture ISpanKernel<T>.Watched => _mixture;

    /// <inheritdoc/>
    public override void Advance(ref T rows, nuint count, int segment, int history)
        => AdvanceLanes(ref rows, 0, PackedMatrix<T>.Pairs(count), segment, history);

    void ISpanKernel<T>.AdvanceSpan(ref T rows, nuint count, int firstSegment, int segmentCount, INodeWatch<T>? watch)
    {
        nuint lanes = PackedMatrix<T>.Pairs(count), stride = (nuint)Stride;
        int last = firstSegment + segmentCount;
        if (watch is not null)
        {
            // It knows the samples by their lanes.
            for (int segment = firstSegment; segment < last; segment++)
            {
                AdvanceLanes(ref rows, 0, lanes, segment, Math.Min(segment - firstSegment, HistoryLength));
                watch.AtNode(segment + 1, ref rows, stride, lanes);
            }
            return;
        }
        ref T spare = ref Unsafe.Add(ref rows, (nuint)_scratchRow * stride);
        Span<int> integers = Integers(ref rows), samples = integers[..(int)lanes];
        bool sorted = false;
        for (int segment = firstSegment, end; segment < last; segment = end)
        {
            if (_sorts[segment])
            {
                if (!sorted) LaneOrder<T>.Start(samples);
                sorted = true;
                ActiveCells cells = _stages[segment].First(stage => stage.Active is not null).Active!.Cells;
                _order.Sort(ref rows, stride, _sortedRows, cells.Origin, cells.Extent, samples, ref spare, integers[Stride..]);
            }
            // To the next sort for as many lanes at a time as stay in the first-level cache.
            for (end = segment + 1; end < last && !_sorts[end];) end++;
            for (nuint lane = 0; lane < lanes; lane += LanesInCache)
                for (int own = segment; own < end; own++)
                    AdvanceLanes(ref rows, lane, nuint.Min(LanesInCache, lanes - lane), own, Math.Min(own - firstSegment, HistoryLength));
        }
        if (sorted) LaneOrder<T>.Restore(ref rows, stride, _sortedRows, samples, ref spare);
    }

    private Stage Tabulate(in MixtureField field, MeanTables<T> means, int[] order, int cells)
    {
        var coefficients = new EvaluationCoefficients(_mixture, field);
        double bits = ActiveSets.Bits(_mixture.Count, typeof(T) == typeof(float) ? Precision.Single : Precision.Double);
        double meanCount = ActiveSets.MeanCount(coefficients, bits);
        return ActiveSets.Help(_mixture, meanCount)
            ? new Stage(new ActiveTable<T>(coefficients, order, cells, bits), null, meanCount)
            : new Stage(null, EvaluationTable<T>.Create(_mixture, means, field), meanCount);
    }

    // The segments before which samples are sorted: the first one that looks components up, and when there are much fewer of them.
    private static bool[] Sorts(Stage[][] stages)
    {
        bool[] sorts = new bool[stages.Length];
        double last = double.PositiveInfinity;
        for (int segment = 0; segment < stages.Length; segment++)
        {
            double least = stages[segment].Min(stage => stage.Active is null ? double.PositiveInfinity : stage.MeanCount);
            if (double.IsInfinity(least) || least * Resort > last) continue;
            sorts[segment] = true;
            last = least;
        }
        return sorts;
    }

    // Which sample a lane holds, and then scratch for an order or for lists.
    private Span<int> Integers(ref T rows) => MemoryMarshal.CreateSpan(ref Unsafe.As<T, int>(ref Unsafe.Add(ref rows, _integerRow * Stride)), _integers);

    private void AdvanceLanes(ref T rows, nuint lane, nuint lanes, int segment, int history)
        => _loop.Advance(new Slopes(this, lane), ref Unsafe.Add(ref rows, lane), (nuint)Stride, lanes, segment, history);

    /// <summary>A stage, in one of two ways.</summary>
    private readonly record struct Stage(ActiveTable<T>? Active, EvaluationTable<T>? Table, double MeanCount);

    /// <summary>The slopes from some lane of a block on.</summary>
    private readonly struct Slopes(ActiveKernel<T> kernel, nuint lane) : IStageSlopes<T>
    {
        public void Evaluate(int segment, int stage, ref T rows, nuint count, int input, int output)
        {
            nuint stride = (nuint)kernel.Stride, group = stride * (nuint)kernel.Dimension;
            ref T x = ref Unsafe.Add(ref rows, (nuint)input * group), slope = ref Unsafe.Add(ref rows, (nuint)output * group);
            ref T block = ref Unsafe.Subtract(ref rows, lane), scratch = ref Unsafe.Add(ref block, (nuint)kernel._scratchRow * stride);
            (ActiveTable<T>? active, EvaluationTable<T>? table, _) = kernel._stages[segment][stage];
            if (active is not null)
            {
                active.Evaluate(ref x, stride, ref scratch, kernel.Integers(ref block)[kernel.Stride..], ref slope, count);
                return;
            }
            table!.EvaluateParts(ref x, stride, ref scratch, (nuint)kernel._tableLanes, ref slope, count);
        }
    }
}
