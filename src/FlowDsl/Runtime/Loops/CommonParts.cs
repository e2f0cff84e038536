using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Fields;
using FlowDsl.Mathematics.Solvers;

namespace FlowDsl.Runtime.Loops;

/// <summary>The part of a vector in a <see cref="CoefficientKernel{T}"/> that is the same for all samples: Start·y + Centre·m.</summary>
/// <param name="Start">The factor of y, the start relative to the mean of the means.</param>
/// <param name="Centre">The factor of m, the mean of the means.</param>
internal readonly record struct CommonPart(double Start, double Centre)
{
    public static CommonPart operator +(CommonPart left, CommonPart right) => new(left.Start + right.Start, left.Centre + right.Centre);

    public static CommonPart operator *(double factor, CommonPart common) => new(factor * common.Start, factor * common.Centre);
}

/// <summary>These parts of the state, of the steps' own errors and of the tangents, along a whole program of a one-step method.</summary>
internal sealed class CommonParts
{
    /// <summary>Follows a program.</summary>
    /// <param name="program">The program.</param>
    /// <param name="errors">The estimates of its steps' own errors.</param>
    /// <param name="variance">The components' variance.</param>
    public CommonParts(FlowProgram program, LocalErrors errors, double variance)
    {
        int count = program.Steps.Length;
        (Errors, ErrorInputs, DirectionInputs) = (new CommonPart[count], new CommonPart[count][], new CommonPart[count][]);
        CommonPart state = new(1, program.Steps[0].Stages[0].Field.Point.A), error = default, direction = new(1, 0), previous = default, pending = default;
        for (int n = 0; n < count; n++)
        {
            FlowStep step = program.Steps[n];
            int stages = step.Stages.Length;
            CommonPart[] slopes = new CommonPart[stages], errorSlopes = new CommonPart[stages], directionSlopes = new CommonPart[stages];
            (ErrorInputs[n], DirectionInputs[n]) = (new CommonPart[stages], new CommonPart[stages]);
            for (int s = 0; s < stages; s++)
            {
                MixtureField field = step.Stages[s].Field;
                double factor = field.Axis.At(variance);
                slopes[s] = Slope(field, factor, Combined(step.Stages[s].Input, state, slopes));
                if (s == 0 && n > 0)
                {
                    Errors[n - 1] = pending + errors.Steps[n - 1].Next * slopes[0];
                    error += Errors[n - 1];
                }
                ErrorInputs[n][s] = Combined(step.Stages[s].Input, error, errorSlopes);
                DirectionInputs[n][s] = Combined(step.Stages[s].Input, direction, directionSlopes);
                (errorSlopes[s], directionSlopes[s]) = (factor * ErrorInputs[n][s], factor * DirectionInputs[n][s]);
            }
            StepError own = errors.Steps[n];
            pending = own.State * state + own.Previous * previous;
            for (int s = 0; s < own.Slopes.Length; s++) pending += own.Slopes[s] * slopes[s];
            previous = slopes[0];
            state = Combined(step.Results[0], state, slopes);
            error = Combined(step.Results[0], error, errorSlopes);
            direction = Combined(step.Results[0], direction, directionSlopes);
        }
        Errors[^1] = pending + errors.Steps[^1].Next * Slope(errors.End, errors.End.Axis.At(variance), state);
        (Error, Direction) = (error + Errors[^1], direction);
    }

    /// <summary>Each step's own error.</summary>
    public CommonPart[] Errors { get; }

    /// <summary>The propagated error at each evaluation, by segment and stage.</summary>
    public CommonPart[][] ErrorInputs { get; }

    /// <summary>A direction at each evaluation; its start is the direction itself.</summary>
    public CommonPart[][] DirectionInputs { get; }

    /// <summary>The propagated error at the end.</summary>
    public CommonPart Error { get; }

    /// <summary>A direction at the end.</summary>
    public CommonPart Direction { get; }

    private static CommonPart Slope(in MixtureField field, double factor, CommonPart input)
        => factor * input + new CommonPart(0, field.MeanFactor - factor * field.Point.A);

    private static CommonPart Combined(Combination combination, CommonPart state, CommonPart[] slopes)
    {
        CommonPart sum = combination.State * state;
        for (int l = 0; l < combination.Slopes.Length; l++) sum += combination.Slopes[l] * slopes[l];
        return sum;
    }
}
