using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Fields;
using FlowDsl.Runtime.Arithmetic;
using FlowDsl.Runtime.Loops;

namespace FlowDsl.Benchmarks;

/// <summary>A sampler of a data set by some way to evaluate its fields; not thread-safe.</summary>
internal sealed class DataFlow : IStageSlopes<float>
{
    private readonly IDataEvaluator _evaluator;
    private readonly FlowProgram _program;
    private readonly StageLoop<float> _loop;
    private readonly int _dimension;
    private readonly AlignedNumbers<float> _rows;

    public DataFlow(IDataEvaluator evaluator, FlowProgram program, int dimension)
    {
        (_evaluator, _program, _dimension) = (evaluator, program, dimension);
        _loop = new StageLoop<float>(program, dimension);
        _rows = new AlignedNumbers<float>(checked((_loop.RowCount + evaluator.ScratchRows) * evaluator.Lanes));
    }

    /// <summary>The samples of a block.</summary>
    public int Lanes => _evaluator.Lanes;

    /// <summary>Called with every evaluation's field, its points by coordinate, and its seconds by the thread's clock.</summary>
    public Action<MixtureField, ReadOnlySpan<float>, double>? Watch { get; init; }

    /// <summary>Integrates a whole block.</summary>
    /// <param name="states">Row-major samples.</param>
    public void Integrate(Span<float> states)
    {
        Span<float> rows = _rows.Span;
        for (int i = 0; i < Lanes; i++)
            for (int j = 0; j < _dimension; j++) rows[j * Lanes + i] = states[i * _dimension + j];
        for (int segment = 0; segment < _program.Steps.Length; segment++)
            _loop.Advance(this, ref rows[0], (nuint)Lanes, (nuint)Lanes, segment, Math.Min(segment, _program.HistoryLength));
        for (int i = 0; i < Lanes; i++)
            for (int j = 0; j < _dimension; j++) states[i * _dimension + j] = rows[j * Lanes + i];
    }

    /// <summary>Evaluates a field at points.</summary>
    /// <param name="field">The field.</param>
    /// <param name="points">d coordinates of all lanes.</param>
    public float[] Evaluate(in MixtureField field, float[] points)
    {
        Span<float> all = _rows.Span;
        points.CopyTo(all);
        _evaluator.Evaluate(field, ref all[0], ref all[_loop.RowCount * Lanes], ref all[points.Length]);
        return all.Slice(points.Length, points.Length).ToArray();
    }

    void IStageSlopes<float>.Evaluate(int segment, int stage, ref float rows, nuint count, int input, int output)
    {
        MixtureField field = _program.Steps[segment].Stages[stage].Field;
        int group = Lanes * _dimension;
        Span<float> all = _rows.Span;
        double began = ThreadTime.Seconds;
        _evaluator.Evaluate(field, ref all[input * group], ref all[_loop.RowCount * Lanes], ref all[output * group]);
        Watch?.Invoke(field, all.Slice(input * group, group), ThreadTime.Seconds - began);
    }
}
