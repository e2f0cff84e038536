using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Fields;
using FlowDsl.Mathematics.Solvers;

namespace FlowDsl.Runtime.Loops;

/// <summary>The part of a vector in a <see cref="CoefficientKernel{T}"/> that is the same for all samples: Start·y + Centre·m.</summary>
/// <param name="Start">The factor of y, the start relative to the mean of the means.</param>
/// <param name="Centre">The factor of m, the mean of the means.</param>
internal readonly record struct Affine(double Start, double Centre)
{
    public static Affine operator +(Affine left, Affine right) => new(left.Start + right.Start, left.Centre + right.Centre);

    public static Affine operator *(double factor, Affine affine) => new(factor * affine.Start, factor * affine.Centre);
}

/// <summary>These parts of the state, of the steps' own errors and of the tangents, along a whole program of a one-step method.</summary>
internal sealed class AffineFactors
{
    /// <summary>Follows a program.</summary>
    /// <param name="program">The program.</param>
    /// <param name="errors">The estimates of its steps' own errors.</param>
    /// <param name="variance">The components' variance.</param>
    public AffineFactors(FlowProgram program, LocalErrors errors, double variance)
    {
        int count = program.Steps.Length;
        (Errors, ErrorInputs, DirectionInputs) = (new Affine[count], new Affine[count][], new Affine[count][]);
        Affine state = new(1, program.Steps[0].Stages[0].Field.Point.A), error = default, direction = new(1, 0), previous = default, pending = default;
        for (int n = 0; n < count; n++)
        {
            FlowStep step = program.Steps[n];
            int stages = step.Stages.Length;
            Affine[] slopes = new Affine[stages], errorSlopes = new Affine[stages], directionSlopes = new Affine[stages];
            (ErrorInputs[n], DirectionInputs[n]) = (new Affine[stages], new Affine[stages]);
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
    public Affine[] Errors { get; }

    /// <summary>The propagated error at each evaluation, by segment and stage.</summary>
    public Affine[][] ErrorInputs { get; }

    /// <summary>A direction at each evaluation; its start is the direction itself.</summary>
    public Affine[][] DirectionInputs { get; }

    /// <summary>The propagated error at the end.</summary>
    public Affine Error { get; }

    /// <summary>A direction at the end.</summary>
    public Affine Direction { get; }

    private static Affine Slope(in MixtureField field, double factor, Affine input)
        => factor * input + new Affine(0, field.MeanFactor - factor * field.Point.A);

    private static Affine Combined(Combination combination, Affine state, Affine[] slopes)
    {
        Affine sum = combination.State * state;
        for (int l = 0; l < combination.Slopes.Length; l++) sum += combination.Slopes[l] * slopes[l];
        return sum;
    }
}
