using FlowDsl.Analysis;

namespace FlowDsl.Benchmarks;

/// <summary>A solver's program with a table for each evaluation: what peers are made of that know the mixture at run time.</summary>
internal sealed class RunTimeProgram
{
    public RunTimeProgram(Mixture mixture, FlowProgram program)
    {
        if (program.HistoryLength > 0) throw new ArgumentException("Runge-Kutta methods only.", nameof(program));
        (Mixture, Steps) = (mixture, program.Steps);
        Fields = [.. program.Steps.Select(step => step.Stages.Select(stage => new FieldTable(mixture, stage.Field)).ToArray())];
        SingleFields = [.. Fields.Select(step => step.Select(field => new SingleField(field)).ToArray())];
    }

    public Mixture Mixture { get; }

    public FlowStep[] Steps { get; }

    /// <summary>By step and stage.</summary>
    public FieldTable[][] Fields { get; }

    /// <summary>The same in single precision.</summary>
    public SingleField[][] SingleFields { get; }

    /// <summary>
    /// The tables of the native peers: for each evaluation the factors of the state and of the input, and the components'
    /// numbers, logits in bits and slopes with the length of the step in them.
    /// </summary>
    /// <param name="width">The number of biases, at least that of the components.</param>
    public float[] FoldedTables(int width)
    {
        var values = new List<float>();
        for (int i = 0; i < Steps.Length; i++)
        {
            FlowStage[] stages = Steps[i].Stages;
            if (stages.Length != 2) throw new ArgumentException("Two-stage methods only.");
            Combination input = stages[1].Input, result = Steps[i].Results[0];
            // The input of the first evaluation is the state itself.
            Append(Fields[i][0], input.State + input.Slopes[0] * Fields[i][0].SharedFactor, 0, input.Slopes[0], values, width);
            // The first slope is (y - αx)/γ.
            double share = result.Slopes[0] / input.Slopes[0];
            Append(Fields[i][1], result.State - share * input.State, share + result.Slopes[1] * Fields[i][1].SharedFactor, result.Slopes[1], values, width);
        }
        return [.. values];
    }

    private static void Append(FieldTable field, double state, double input, double length, List<float> values, int width)
    {
        const double Bits = 1.4426950408889634, Never = -1e30;
        values.AddRange((float)state, (float)input);
        AddScaled(field.Bias, Bits);
        for (int k = field.Count; k < width; k++) values.Add((float)Never);
        AddScaled(field.Linear, Bits);
        AddScaled(field.Quadratic, Bits);
        AddScaled(field.Constants, length);
        AddScaled(field.Factors, length);

        void AddScaled(double[] numbers, double factor)
        {
            foreach (double number in numbers) values.Add((float)(factor * number));
        }
    }
}
