using System.Numerics;
using System.Runtime.CompilerServices;
using FlowDsl.Mathematics.Numerics;

namespace FlowDsl.Mathematics.Trajectories;

/// <summary>Runs the steps of a <see cref="FlowProgram"/> on a batch, in double or simulated single precision.</summary>
/// <remarks>
/// To simulate single precision, slopes and each term of a combination are rounded to 24 bits. If all components share one covariance, generated code
/// adds the factors of x in a step and in its first slope before it multiplies, so nothing is lost to cancellation. This class does the same.
/// </remarks>
internal sealed class BatchRun
{
    // Veltkamp's splitting: (2^29 + 1) x - ((2^29 + 1) x - x) is x rounded to 24 bits.
    private const double Splitter = (1 << 29) + 1;

    private readonly Mixture _mixture;
    private readonly bool _roundsToSingle;
    private readonly Vector<double>[] _stage, _responsibilities;
    private Vector<double>[] _slopes = [];

    /// <summary>Makes scratch for a mixture.</summary>
    /// <param name="mixture">The mixture.</param>
    /// <param name="roundsToSingle">Whether to round to single precision.</param>
    public BatchRun(Mixture mixture, bool roundsToSingle = false)
    {
        (_mixture, _roundsToSingle) = (mixture, roundsToSingle);
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

    /// <summary>One step of a multistep solver.</summary>
    /// <param name="step">The step.</param>
    /// <param name="index">Its number.</param>
    /// <param name="states">The states at the start of each step and at the end of the last; receives those at the end of this one.</param>
    /// <param name="slopes">The slopes of each step, those of earlier ones known; receives this one's.</param>
    /// <param name="isKnown">Whether this one's are known already.</param>
    public void Step(FlowStep step, int index, Batch[] states, Batch[] slopes, bool isKnown)
    {
        Combination result = step.Results[Math.Min(index, step.Results.Length - 1)];
        int d = states[index].Dimension, used = result.Slopes.Length;
        if (_slopes.Length < used * d) _slopes = new Vector<double>[used * d];
        BatchField? field = isKnown ? null : BatchField.Create(_mixture, step.Stages[0].Field);
        for (int block = 0; block < states[index].Blocks; block++)
        {
            Span<Vector<double>> x = states[index].Block(block);
            field?.Evaluate(x, slopes[index].Block(block), _responsibilities);
            for (int age = 0; age < used; age++) slopes[index - age].Block(block).CopyTo(_slopes.AsSpan(age * d, d));
            Combine(result, x, _slopes, states[index + 1].Block(block));
        }
    }

    /// <summary>Runs each step from the exact states at its start, with the exact slopes of earlier steps if the solver uses them.</summary>
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
                // Newest first, as in the results.
                Array.Copy(slopes, 0, slopes, d, (kept - 1) * d);
                fields[i].Evaluate(x, slopes.AsSpan(0, d), _responsibilities);
                ImmutableArray<Combination> results = program.Steps[i].Results;
                Combine(results[Math.Min(i, results.Length - 1)], x, slopes, x);
            }
        }
    }

    private void Combine(Combination combination, ReadOnlySpan<Vector<double>> x, Vector<double>[] slopes, Span<Vector<double>> result)
    {
        if (_roundsToSingle) CombineRounded(combination, x, slopes, result, _mixture.HasSharedCovariance);
        else CombineExactly(combination, x, slopes, result);
    }

    [MethodImpl(Lanes.AggressiveOptimization)]
    private static void CombineRounded(
        Combination combination, ReadOnlySpan<Vector<double>> x, Vector<double>[] slopes, Span<Vector<double>> result, bool foldsFirst)
    {
        ReadOnlySpan<double> factors = combination.Slopes.AsSpan();
        var state = new Vector<double>(combination.State);
        for (int j = 0; j < x.Length; j++)
        {
            Vector<double> sum = state * x[j];
            if (!foldsFirst) sum = Rounded(sum);
            for (int l = 0; l < factors.Length; l++)
            {
                Vector<double> slope = slopes[l * x.Length + j];
                sum = Rounded(sum + new Vector<double>(factors[l]) * (foldsFirst && l == 0 ? slope : Rounded(slope)));
            }
            result[j] = Rounded(sum);
        }
    }

    private static Vector<double> Rounded(Vector<double> value)
    {
        Vector<double> scaled = value * new Vector<double>(Splitter);
        return scaled - (scaled - value);
    }

    [MethodImpl(Lanes.AggressiveOptimization)]
    private static void CombineExactly(Combination combination, ReadOnlySpan<Vector<double>> x, Vector<double>[] slopes, Span<Vector<double>> result)
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
