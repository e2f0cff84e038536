using System.ComponentModel;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FlowDsl.Analysis;

namespace FlowDsl.Kernels;

/// <summary>A sampler whose score is a network's. What the network computes of t is computed once for each evaluation.</summary>
/// <remarks>The right side of every chart is affine in x and in the score: with the signal a, F = (m x + c s)/a, m and c of <see cref="MixtureField"/>.</remarks>
/// <typeparam name="TProgram">The network's arithmetic.</typeparam>
/// <typeparam name="T">float or double.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class ScoreKernel<TProgram, T> : IBlockKernel<T>
    where TProgram : IScoreProgram<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // Values of scratch that stay in the first-level cache.
    private const int ScratchInCache = 4096;

    private readonly TProgram _network;
    private readonly FlowProgram _program;
    private readonly Evaluation[][] _evaluations;
    private readonly T[][][] _inputs, _results;
    private readonly int _stageRows, _scratchRow, _lanes;

    /// <summary>Puts a network into a solver.</summary>
    /// <param name="network">The network.</param>
    /// <param name="program">The solver on its times; a is positive at all of them.</param>
    public ScoreKernel(TProgram network, FlowProgram program)
    {
        ArgumentNullException.ThrowIfNull(program);
        (_network, _program) = (network, program);
        Dimension = network.Dimension;
        _evaluations = [.. program.Steps.Select(step => (Evaluation[])[.. step.Stages.Select(stage => new Evaluation(network, stage.Field))])];
        _inputs = TableKernel<T>.Inputs(program);
        _results = TableKernel<T>.Results(program);

        // Row groups as those of TableKernel: the state, the slopes, then the stage input; behind them the network's memory.
        _stageRows = 1 + Math.Max(program.HistoryLength + 1, program.Steps.Max(step => step.Stages.Length));
        _scratchRow = (_stageRows + 1) * Dimension;
        Stride = Math.Clamp(8192 / _scratchRow / 32 * 32, 32, 1024);
        int width = Vector<T>.Count, scratch = Math.Max(1, network.ScratchRows);
        _lanes = Math.Clamp(ScratchInCache / scratch / width, 1, Stride / width) * width;
        RowCount = _scratchRow + (network.ScratchRows * _lanes + Stride - 1) / Stride;
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
        Evaluation[] evaluations = _evaluations[segment];
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

    private void Combine(ref T rows, nuint count, T[] coefficients, ReadOnlySpan<int> groups, int target)
        => LinearCombination.Apply(ref rows, (nuint)Stride, count, Dimension, coefficients[0], coefficients.AsSpan(1), groups, target);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Evaluate(Evaluation evaluation, ref T rows, nuint count, int input, int output)
    {
        nuint stride = (nuint)Stride, group = stride * (nuint)Dimension;
        ref T x = ref Unsafe.Add(ref rows, (nuint)input * group);
        ref T slope = ref Unsafe.Add(ref rows, (nuint)output * group);
        ref T scratch = ref Unsafe.Add(ref rows, (nuint)_scratchRow * stride);
        ref T biases = ref MemoryMarshal.GetArrayDataReference(evaluation.Biases);
        for (nuint i = 0; i < count; i += (nuint)_lanes)
            _network.Score(ref Unsafe.Add(ref x, i), ref Unsafe.Add(ref slope, i), stride, nuint.Min((nuint)_lanes, count - i), ref biases, ref scratch, (nuint)_lanes);
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
