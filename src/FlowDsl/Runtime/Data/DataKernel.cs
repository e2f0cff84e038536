using System.ComponentModel;
using System.Runtime.CompilerServices;
using FlowDsl.Data;
using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Fields;
using FlowDsl.Runtime.Arithmetic;
using FlowDsl.Runtime.Blocks;
using FlowDsl.Runtime.Loops;
using FlowDsl.Runtime.Points;

namespace FlowDsl.Runtime.Data;

/// <summary>A sampler whose mixture is a data set. The data are opened when the first sample is advanced. Thread-safe.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class DataKernel : BlockKernel<float>, IStageSlopes<float>
{
    /// <summary>The samples that one pass over the data serves.</summary>
    internal const int BlockSamples = 4 * PanelProducts.Lanes;

    private readonly Lazy<DataEvaluation[][]> _evaluations;
    private readonly StageLoop<float> _loop;

    /// <summary>Prepares a program.</summary>
    /// <param name="data">The data set.</param>
    /// <param name="program">The program.</param>
    public DataKernel(EmpiricalMixture data, FlowProgram program)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(program);
        (Dimension, SegmentCount, HistoryLength) = (data.Dimension, program.Steps.Length, program.HistoryLength);
        Stride = BlockSamples;
        _loop = new StageLoop<float>(program, Dimension);
        Points = new PointProgram(
            () => program, (in MixtureField field, ReadOnlySpan<double> x, Span<double> value) => DataFunctions.Field(data, field, x, value));
        // An exception is not kept: a file that is missing may be there at the next call.
        _evaluations = new(
            () => [.. program.Steps.Select(
                step => step.Stages.Select(stage => new DataEvaluation(data.Directions, data.Variance, stage.Field)).ToArray())],
            LazyThreadSafetyMode.PublicationOnly);
        RowCount = _loop.RowCount + DataEvaluation.ScratchRows(data.Count, Dimension);
    }

    /// <inheritdoc/>
    public override void Advance(ref float rows, nuint count, int segment, int history)
        => _loop.Advance(this, ref rows, (nuint)Stride, PackedMatrix<float>.Pairs(count), segment, history);

    void IStageSlopes<float>.Evaluate(int segment, int stage, ref float rows, nuint count, int input, int output)
    {
        nint group = (nint)Stride * Dimension;
        _evaluations.Value[segment][stage].Evaluate(
            ref Unsafe.Add(ref rows, input * group), Stride, ref Unsafe.Add(ref rows, (nint)_loop.RowCount * Stride),
            ref Unsafe.Add(ref rows, output * group), (int)count);
    }
}
