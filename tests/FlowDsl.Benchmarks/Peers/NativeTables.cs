using System.Collections.Immutable;
using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Fields;

namespace FlowDsl.Benchmarks;

/// <summary>
/// What Native/mixture.cpp reads for each evaluation: three numbers of its pass, what the logits are made of, and what the slopes are made of.
/// </summary>
/// <remarks>
/// The lengths of the steps are in the slopes. A later pass does not need an earlier one's slope where it has that pass's result: they differ by
/// multiples of the state.
/// </remarks>
internal static class NativeTables
{
    /// <summary>The tables of a solver's steps, with logits in bits.</summary>
    public static float[] Of(Mixture mixture, FlowProgram program) => Of(mixture, program, field => field.Logits(field.Count));

    /// <summary>The same with logits as the caller writes them.</summary>
    /// <exception cref="NotSupportedException">The solver is none of Native/mixture.cpp.</exception>
    public static float[] Of(Mixture mixture, FlowProgram program, Func<FieldTable, IEnumerable<double>> logits)
    {
        var values = new List<float>();
        foreach (Pass pass in Method(program)(program.Steps))
        {
            var field = new FieldTable(mixture, pass.Field);
            double shared = pass.Length * field.SharedFactor;
            values.AddRange(Single([pass.First + (pass.SharedIn == 0 ? shared : 0), pass.Second + (pass.SharedIn == 1 ? shared : 0), pass.Third]));
            values.AddRange(Single(logits(field)));
            values.AddRange(Single(field.Constants.Concat(field.Factors).Select(number => pass.Length * number)));
        }
        return [.. values];

        static IEnumerable<float> Single(IEnumerable<double> numbers) => numbers.Select(number => (float)number);
    }

    /// <summary>The name of the method in Native/mixture.cpp.</summary>
    public static string Name(FlowProgram program) => (program.Steps[0].Stages.Length, program.HistoryLength) switch
    {
        (1, 1) => "multistep",
        (2, 0) => "heun",
        (4, 0) => "runge_kutta",
        _ => throw new NotSupportedException("Heun, 2M and Runge-Kutta 4 only."),
    };

    private static Func<ImmutableArray<FlowStep>, IEnumerable<Pass>> Method(FlowProgram program) => Name(program) switch
    {
        "multistep" => Multistep,
        "heun" => Heun,
        _ => RungeKutta,
    };

    private static IEnumerable<Pass> Heun(ImmutableArray<FlowStep> steps)
    {
        foreach (FlowStep step in steps)
        {
            Combination input = step.Stages[1].Input, result = step.Results[0];
            // The first slope is (y - αx)/γ.
            double share = result.Slopes[0] / input.Slopes[0];
            yield return new(step.Stages[0].Field, input.Slopes[0], 0, input.State, 0, 0);
            yield return new(step.Stages[1].Field, result.Slopes[1], 1, result.State - share * input.State, share, 0);
        }
    }

    private static IEnumerable<Pass> Multistep(ImmutableArray<FlowStep> steps)
    {
        double previous = 1;
        for (int i = 0; i < steps.Length; i++)
        {
            Combination result = steps[i].Results[Math.Min(i, steps[i].Results.Length - 1)];
            // The memory holds the earlier slope times its own length.
            double memory = result.Slopes.Length > 1 ? result.Slopes[1] / previous : 0;
            yield return new(steps[i].Stages[0].Field, previous = result.Slopes[0], 1, result.State, 0, memory);
        }
    }

    private static IEnumerable<Pass> RungeKutta(ImmutableArray<FlowStep> steps)
    {
        foreach (FlowStep step in steps)
        {
            // Each input needs the last slope only, which is (next - αx)/γ.
            Combination[] inputs = [.. step.Stages.Skip(1).Select(stage => stage.Input)];
            double[] lengths = [.. inputs.Select(input => input.Slopes[^1])];
            Combination result = step.Results[0];
            double[] shares = [.. lengths.Select((length, i) => result.Slopes[i] / length)];
            double state = result.State - shares.Zip(inputs, (share, input) => share * input.State).Sum();
            yield return new(step.Stages[0].Field, lengths[0], 0, inputs[0].State, state, shares[0]);
            yield return new(step.Stages[1].Field, lengths[1], 1, inputs[1].State, 0, shares[1]);
            yield return new(step.Stages[2].Field, lengths[2], 1, inputs[2].State, 0, 0);
            yield return new(step.Stages[3].Field, result.Slopes[3], 1, 0, shares[2], 0);
        }
    }

    /// <summary>
    /// One evaluation: its field, what its slope is multiplied by, which of the numbers takes what one variance for all adds, and the numbers.
    /// </summary>
    private readonly record struct Pass(MixtureField Field, double Length, int SharedIn, double First, double Second, double Third);
}
