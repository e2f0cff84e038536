using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Fields;
using FlowDsl.Mathematics.Solvers;

namespace FlowDsl.Runtime.Loops;

/// <summary>
/// What the rest of a program does to the error of a sample that has settled at a check: its state x and mean μ are all that the steps' own errors
/// depend on from there, and one factor propagates them.
/// </summary>
internal sealed class SettledErrors
{
    // Relative to the sizes of the states and means: below the rounding of double precision's sums.
    private const double Negligible = 1e-13;

    /// <summary>Follows the rest of a program.</summary>
    /// <param name="program">The program of a one-step method.</param>
    /// <param name="errors">The estimates of its steps' own errors.</param>
    /// <param name="variance">The components' variance.</param>
    /// <param name="check">The segment that starts at the check.</param>
    public SettledErrors(FlowProgram program, LocalErrors errors, double variance, int check)
    {
        int count = program.Steps.Length;
        MixtureField atCheck = program.Steps[check].Stages[0].Field;
        double factor = atCheck.Axis.At(variance);
        GaussianFlow slope = new(factor, atCheck.MeanFactor - factor * atCheck.Point.A);
        Growth = Rest(check);
        // The step before is completed by the slope at the check.
        Before = check == 0 ? default : Scaled(errors.Steps[check - 1].Next, slope);
        GaussianFlow state = new(1, 0), previous = default, sum = default;
        var own = new List<(int, GaussianFlow)>();
        for (int n = check; n < count; n++)
        {
            FlowStep step = program.Steps[n];
            GaussianFlow[] inside = GaussianFlow.Inside(step, variance);
            StepError estimate = errors.Steps[n];
            GaussianFlow error = Scaled(estimate.State, state), first = default;
            for (int s = 0; s < step.Stages.Length; s++)
            {
                GaussianFlow input = After(inside[s], state), at = Slope(step.Stages[s].Field, input);
                if (s == 0) first = at;
                if (s < estimate.Slopes.Length) error = Sum(error, Scaled(estimate.Slopes[s], at));
            }
            if (n > check) error = Sum(error, Scaled(estimate.Previous, previous));
            previous = first;
            state = After(inside[^1], state);
            MixtureField next = n + 1 < count ? program.Steps[n + 1].Stages[0].Field : errors.End;
            error = Sum(error, Scaled(estimate.Next, Slope(next, state)));
            double rest = n + 1 < count ? Rest(n + 1) : 1;
            sum = Sum(sum, Scaled(rest, error));
            if (n == check) (First, Previous, PreviousGrowth) = (error, estimate.Previous, rest * estimate.Previous);
            else if (Math.Abs(error.Start) > Negligible || Math.Abs(error.Mean) > Negligible) own.Add((n, error));
        }
        (Later, Propagated) = ([.. own], sum);
        FirstIsNegligible = Previous == 0 && Math.Abs(First.Start) <= Negligible && Math.Abs(First.Mean) <= Negligible;

        double Rest(int from) => GaussianFlow.Over(program, variance, from, count - from).Start;

        GaussianFlow Slope(in MixtureField field, GaussianFlow input)
        {
            double own = field.Axis.At(variance);
            return new GaussianFlow(own * input.Start, own * input.Mean + (field.MeanFactor - own * field.Point.A));
        }
    }

    /// <summary>The factor of an error at the check, at the end.</summary>
    public double Growth { get; }

    /// <summary>The part of the error of the step before that the slope at the check completes, in x and μ.</summary>
    public GaussianFlow Before { get; }

    /// <summary>The error of the step after the check, without the slope before it.</summary>
    public GaussianFlow First { get; }

    /// <summary>The factor in that error of the slope at the start of the step before.</summary>
    public double Previous { get; }

    /// <summary>The same at the end.</summary>
    public double PreviousGrowth { get; }

    /// <summary>Whether that step has no error.</summary>
    public bool FirstIsNegligible { get; }

    /// <summary>The errors of the steps behind it, those that are any.</summary>
    public (int Segment, GaussianFlow Error)[] Later { get; }

    /// <summary>The sum of the errors of all steps from the check on, each propagated to the end, without the slope before the check.</summary>
    public GaussianFlow Propagated { get; }

    // An affine map of the state at the start of a step, after the state as one of x.
    private static GaussianFlow After(GaussianFlow map, GaussianFlow state) => new(map.Start * state.Start, map.Start * state.Mean + map.Mean);

    private static GaussianFlow Scaled(double factor, GaussianFlow flow) => new(factor * flow.Start, factor * flow.Mean);

    private static GaussianFlow Sum(GaussianFlow left, GaussianFlow right) => new(left.Start + right.Start, left.Mean + right.Mean);
}
