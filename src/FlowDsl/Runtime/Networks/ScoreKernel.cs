using System.ComponentModel;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Fields;
using FlowDsl.Runtime.Arithmetic;
using FlowDsl.Runtime.Blocks;
using FlowDsl.Runtime.Loops;

namespace FlowDsl.Runtime.Networks;

/// <summary>A sampler that uses a network's score. The network's functions of t are computed once per evaluation.</summary>
/// <remarks>
/// The right-hand side of every chart is affine in x and in the score: with the signal a, F = (m x + c s)/a, m and c of <see cref="MixtureField"/>.
/// </remarks>
/// <typeparam name="TProgram">The network's arithmetic.</typeparam>
/// <typeparam name="T">float or double.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class ScoreKernel<TProgram, T> : BlockKernel<T>, IStageSlopes<T>
    where TProgram : IScoreProgram<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // The number of scratch values that stay in the first-level cache.
    private const int ScratchInCache = 4096;

    private readonly TProgram _network;
    private readonly Evaluation[][] _evaluations;
    private readonly StageLoop<T> _loop;
    private readonly int _scratchRow, _lanes;

    /// <summary>Puts a network into a solver.</summary>
    /// <param name="network">The network.</param>
    /// <param name="program">The solver on its times; a is positive at all of them.</param>
    public ScoreKernel(TProgram network, FlowProgram program)
    {
        ArgumentNullException.ThrowIfNull(program);
        _network = network;
        (Dimension, SegmentCount, HistoryLength) = (network.Dimension, program.Steps.Length, program.HistoryLength);
        _evaluations = [.. program.Steps.Select(step => (Evaluation[])[.. step.Stages.Select(stage => new Evaluation(network, stage.Field))])];
        // The solver's row groups are followed by the network's memory.
        _loop = new StageLoop<T>(program, Dimension);
        _scratchRow = _loop.RowCount;
        Stride = Math.Clamp(8192 / _scratchRow / 32 * 32, 32, 1024);
        int width = Vector<T>.Count, scratch = Math.Max(1, network.ScratchRows);
        _lanes = Math.Clamp(ScratchInCache / scratch / width, 1, Stride / width) * width;
        RowCount = _scratchRow + (network.ScratchRows * _lanes + Stride - 1) / Stride;
    }

    /// <inheritdoc/>
    public override void Advance(ref T rows, nuint count, int segment, int history)
        => _loop.Advance(this, ref rows, (nuint)Stride, count, segment, history);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void IStageSlopes<T>.Evaluate(int segment, int stage, ref T rows, nuint count, int input, int output)
    {
        Evaluation evaluation = _evaluations[segment][stage];
        nuint stride = (nuint)Stride, group = stride * (nuint)Dimension;
        ref T x = ref Unsafe.Add(ref rows, (nuint)input * group);
        ref T slope = ref Unsafe.Add(ref rows, (nuint)output * group);
        ref T scratch = ref Unsafe.Add(ref rows, (nuint)_scratchRow * stride);
        ref T biases = ref MemoryMarshal.GetArrayDataReference(evaluation.Biases);
        for (nuint i = 0; i < count; i += (nuint)_lanes)
            _network.Score(ref Unsafe.Add(ref x, i), ref Unsafe.Add(ref slope, i), stride, nuint.Min((nuint)_lanes, count - i), ref biases, ref scratch,
                (nuint)_lanes);
        Vector<T> state = Vector.Create(evaluation.State), score = Vector.Create(evaluation.Score);
        for (nuint j = 0; j < (nuint)Dimension; j++)
        {
            for (nuint i = j * stride; i < j * stride + count; i += (nuint)Vector<T>.Count)
                SimdMath.MultiplyAdd(Vector.LoadUnsafe(ref slope, i), score, Vector.LoadUnsafe(ref x, i) * state).StoreUnsafe(ref slope, i);
        }
    }

    private sealed class Evaluation
    {
        public readonly T[] Biases;
        public readonly T State, Score;

        public Evaluation(TProgram network, in MixtureField field)
        {
            double[] biases = new double[network.BiasCount];
            network.Clock(field.Point.Time, biases);
            Biases = Array.ConvertAll(biases, T.CreateTruncating);
            State = T.CreateTruncating(field.MeanFactor / field.Point.A);
            Score = T.CreateTruncating(field.Contrast / field.Point.A);
        }
    }
}
