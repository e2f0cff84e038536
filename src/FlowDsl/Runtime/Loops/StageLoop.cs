using System.Numerics;
using FlowDsl.Mathematics;
using FlowDsl.Runtime.Arithmetic;

namespace FlowDsl.Runtime.Loops;

/// <summary>The slopes of a field, which a <see cref="StageLoop{T}"/> gets from its kernel.</summary>
/// <typeparam name="T">float or double.</typeparam>
internal interface IStageSlopes<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Computes the slopes of a stage.</summary>
    /// <param name="segment">Which segment.</param>
    /// <param name="stage">The stage.</param>
    /// <param name="rows">The first value of the block.</param>
    /// <param name="count">The number of lanes.</param>
    /// <param name="input">The start of the points' rows, in groups of d rows.</param>
    /// <param name="output">The start of the slopes' rows, in groups of d rows.</param>
    void Evaluate(int segment, int stage, ref T rows, nuint count, int input, int output);
}

/// <summary>A solver's steps on a block whose row groups are the state, the slopes and a stage's input: all of its arithmetic except the slopes.</summary>
/// <typeparam name="T">float or double.</typeparam>
internal sealed class StageLoop<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int _dimension, _historyLength, _inputGroup;
    private readonly T[][][] _inputs, _results;

    /// <summary>Tabulates a program.</summary>
    /// <param name="program">The program.</param>
    /// <param name="dimension">d.</param>
    public StageLoop(FlowProgram program, int dimension)
    {
        (_dimension, _historyLength) = (dimension, program.HistoryLength);
        _inputGroup = 1 + Math.Max(program.HistoryLength + 1, program.Steps.Max(step => step.Stages.Length));
        (_inputs, _results) = (Inputs(program), Results(program));
    }

    /// <summary>The rows of all groups.</summary>
    public int RowCount => (_inputGroup + 1) * _dimension;

    /// <summary>The factors of the state and of the slopes in each stage's input, by segment.</summary>
    /// <param name="program">The program.</param>
    public static T[][][] Inputs(FlowProgram program) => [.. program.Steps.Select(step => (T[][])[.. step.Stages.Select(stage => Row(stage.Input))])];

    /// <summary>The same in each segment's result, by the number of earlier slopes.</summary>
    /// <param name="program">The program.</param>
    public static T[][][] Results(FlowProgram program) => [.. program.Steps.Select(step => (T[][])[.. step.Results.Select(Row)])];

    /// <summary>Advances the lanes of a block over one segment.</summary>
    /// <typeparam name="TSlopes">The kernel.</typeparam>
    /// <param name="slopes">The kernel.</param>
    /// <param name="rows">The first value of the block.</param>
    /// <param name="stride">The length of a row.</param>
    /// <param name="count">The number of lanes to compute, whole vectors.</param>
    /// <param name="segment">Which segment.</param>
    /// <param name="history">The number of available earlier slopes.</param>
    public void Advance<TSlopes>(TSlopes slopes, ref T rows, nuint stride, nuint count, int segment, int history)
        where TSlopes : IStageSlopes<T>
    {
        T[][] results = _results[segment];
        if (_historyLength > 0)
        {
            slopes.Evaluate(segment, 0, ref rows, count, 0, 1 + segment % (_historyLength + 1));
            LinearCombination.Advance(ref rows, stride, count, _dimension, _historyLength, segment, results[Math.Min(history, results.Length - 1)]);
            return;
        }
        T[][] inputs = _inputs[segment];
        Span<int> groups = stackalloc int[inputs.Length];
        for (int s = 0; s < inputs.Length; s++)
        {
            int input = 0;
            if (s > 0)
            {
                input = _inputGroup;
                Combine(ref rows, stride, count, inputs[s], groups[..s], input);
            }
            slopes.Evaluate(segment, s, ref rows, count, input, groups[s] = 1 + s);
        }
        Combine(ref rows, stride, count, results[0], groups, 0);
    }

    private void Combine(ref T rows, nuint stride, nuint count, T[] coefficients, ReadOnlySpan<int> groups, int target)
        => LinearCombination.Apply(ref rows, stride, count, _dimension, coefficients[0], coefficients.AsSpan(1), groups, target);

    private static T[] Row(Combination combination)
        => [T.CreateTruncating(combination.State), .. combination.Slopes.Select(T.CreateTruncating)];
}
