using System.Numerics;
using System.Runtime.CompilerServices;

namespace FlowDsl.Analysis;

/// <summary>Runs the steps of a <see cref="FlowProgram"/> on a batch.</summary>
internal sealed class BatchRun
{
    private readonly Mixture _mixture;
    private readonly Vector<double>[] _stage, _responsibilities;
    private Vector<double>[] _slopes = [];

    /// <summary>Makes scratch for a mixture.</summary>
    /// <param name="mixture">The mixture.</param>
    public BatchRun(Mixture mixture)
    {
        _mixture = mixture;
        (_stage, _responsibilities) = (new Vector<double>[mixture.Dimension], new Vector<double>[mixture.Count]);
    }

    /// <summary>Runs a whole program in place.</summary>
    /// <param name="program">The program.</param>
    /// <param name="states">The states.</param>
    public void Run(FlowProgram program, Batch states)
    {
        if (program.HistoryLength > 0)
        {
            RunMultistep(program, states);
            return;
        }
        foreach (FlowStep step in program.Steps) Step(step, states, states);
    }

    /// <summary>One step of a one-step solver.</summary>
    /// <param name="step">The step.</param>
    /// <param name="from">The states at its start.</param>
    /// <param name="to">Receives the states at its end; may be the same.</param>
    public void Step(FlowStep step, Batch from, Batch to)
    {
        int d = from.Dimension, stages = step.Stages.Length;
        if (_slopes.Length < stages * d) _slopes = new Vector<double>[stages * d];
        BatchField[] fields = [.. step.Stages.Select(stage => BatchField.Create(_mixture, stage.Field))];
        for (int block = 0; block < from.Blocks; block++)
        {
            Span<Vector<double>> x = from.Block(block);
            for (int s = 0; s < stages; s++)
            {
                Combine(step.Stages[s].Input, x, _slopes, _stage);
                fields[s].Evaluate(_stage, _slopes.AsSpan(s * d, d), _responsibilities);
            }
            Combine(step.Results[0], x, _slopes, to.Block(block));
        }
    }

    /// <summary>Each step from the exact states at its start, with the exact slopes of earlier steps where the solver uses them.</summary>
    /// <param name="program">The program.</param>
    /// <param name="exact">The states at the start of each step.</param>
    /// <returns>The states at the end of each step.</returns>
    public Batch[] StepEach(FlowProgram program, Batch[] exact)
    {
        int d = exact[0].Dimension, kept = program.HistoryLength + 1;
        Batch[] reached = [.. program.Steps.Select((_, i) => new Batch(exact[i].Samples, d))];
        var slopes = new Vector<double>[kept * d];
        BatchField[] fields = program.HistoryLength == 0 ? [] : [.. program.Steps.Select(step => BatchField.Create(_mixture, step.Stages[0].Field))];
        for (int i = 0; i < fields.Length; i++)
        {
            ImmutableArray<Combination> results = program.Steps[i].Results;
            int known = Math.Min(i, results.Length - 1);
            for (int block = 0; block < exact[i].Blocks; block++)
            {
                for (int age = 0; age <= known; age++) fields[i - age].Evaluate(exact[i - age].Block(block), slopes.AsSpan(age * d, d), _responsibilities);
                Combine(results[known], exact[i].Block(block), slopes, reached[i].Block(block));
            }
        }
        if (program.HistoryLength == 0)
        {
            for (int i = 0; i < program.Steps.Length; i++) Step(program.Steps[i], exact[i], reached[i]);
        }
        return reached;
    }

    private void RunMultistep(FlowProgram program, Batch states)
    {
        int d = states.Dimension, kept = program.HistoryLength + 1;
        BatchField[] fields = [.. program.Steps.Select(step => BatchField.Create(_mixture, step.Stages[0].Field))];
        var slopes = new Vector<double>[kept * d];
        for (int block = 0; block < states.Blocks; block++)
        {
            Span<Vector<double>> x = states.Block(block);
            for (int i = 0; i < program.Steps.Length; i++)
            {
                // Newest first, as results want them.
                Array.Copy(slopes, 0, slopes, d, (kept - 1) * d);
                fields[i].Evaluate(x, slopes.AsSpan(0, d), _responsibilities);
                ImmutableArray<Combination> results = program.Steps[i].Results;
                Combine(results[Math.Min(i, results.Length - 1)], x, slopes, x);
            }
        }
    }

    [MethodImpl(Lanes.Hot)]
    private static void Combine(Combination combination, ReadOnlySpan<Vector<double>> x, Vector<double>[] slopes, Span<Vector<double>> result)
    {
        ReadOnlySpan<double> factors = combination.Slopes.AsSpan();
        var state = new Vector<double>(combination.State);
        for (int j = 0; j < x.Length; j++)
        {
            Vector<double> sum = state * x[j];
            for (int l = 0; l < factors.Length; l++) sum += new Vector<double>(factors[l]) * slopes[l * x.Length + j];
            result[j] = sum;
        }
    }
}
