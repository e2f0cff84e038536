using System.Collections.Immutable;
using FlowDsl.Mathematics;

namespace FlowDsl.Benchmarks;

/// <summary>A solver's program with a table for each evaluation: what peers are made of that know the mixture at run time.</summary>
internal sealed class RunTimeProgram
{
    public RunTimeProgram(Mixture mixture, FlowProgram program)
    {
        if (program.HistoryLength > 0) throw new ArgumentException("Runge-Kutta methods only.", nameof(program));
        (Mixture, Program, Steps) = (mixture, program, program.Steps);
        Fields = [.. program.Steps.Select(step => step.Stages.Select(stage => new FieldTable(mixture, stage.Field)).ToArray())];
        SingleFields = [.. Fields.Select(step => step.Select(field => new SingleField(field)).ToArray())];
    }

    public Mixture Mixture { get; }

    public FlowProgram Program { get; }

    public ImmutableArray<FlowStep> Steps { get; }

    /// <summary>By step and stage.</summary>
    public FieldTable[][] Fields { get; }

    /// <summary>The same in single precision.</summary>
    public SingleField[][] SingleFields { get; }

    /// <summary>
    /// For each evaluation of a two-stage method the factors of the state and of the input, what the logits are made of, and what the
    /// slopes are made of, with the length of the step in them.
    /// </summary>
    /// <param name="logits">The numbers of an evaluation's logits.</param>
    public float[] Tables(Func<FieldTable, IEnumerable<double>> logits)
    {
        var values = new List<float>();
        for (int i = 0; i < Steps.Length; i++)
        {
            if (Steps[i].Stages is not [_, { } second]) throw new NotSupportedException("Two-stage methods only.");
            Combination input = second.Input, result = Steps[i].Results[0];
            // The input of the first evaluation is the state itself.
            Append(Fields[i][0], input.State + input.Slopes[0] * Fields[i][0].SharedFactor, 0, input.Slopes[0]);
            // The first slope is (y - αx)/γ.
            double share = result.Slopes[0] / input.Slopes[0];
            Append(Fields[i][1], result.State - share * input.State, share + result.Slopes[1] * Fields[i][1].SharedFactor, result.Slopes[1]);
        }
        return [.. values];

        void Append(FieldTable field, double state, double input, double length)
        {
            IEnumerable<double> slopes = field.Constants.Concat(field.Factors).Select(number => length * number);
            foreach (double number in (double[])[state, input, .. logits(field), .. slopes]) values.Add((float)number);
        }
    }
}
