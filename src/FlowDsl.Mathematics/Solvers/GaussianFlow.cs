using FlowDsl.Mathematics.Fields;

namespace FlowDsl.Mathematics.Solvers;

/// <summary>
/// A program's map of a coordinate in which the mixture is one Gaussian: x ↦ Start·x + Mean·μ, including the solver's errors.
/// </summary>
/// <param name="Start">The factor of the coordinate at the start.</param>
/// <param name="Mean">The factor of the Gaussian's mean at time 0.</param>
internal readonly record struct GaussianFlow(double Start, double Mean)
{
    /// <summary>The flow over consecutive segments, without earlier slopes.</summary>
    /// <param name="program">The program.</param>
    /// <param name="variance">The variance of the coordinate.</param>
    /// <param name="firstSegment">The first segment.</param>
    /// <param name="segmentCount">The number of segments.</param>
    public static GaussianFlow Over(FlowProgram program, double variance, int firstSegment, int segmentCount)
    {
        var state = new GaussianFlow(1, 0);
        int history = program.HistoryLength, known = 0;
        Span<GaussianFlow> slopes = stackalloc GaussianFlow[Math.Max(history + 1, program.Steps[0].Stages.Length)];
        for (int segment = firstSegment; segment < firstSegment + segmentCount; segment++)
        {
            FlowStep step = program.Steps[segment];
            if (history > 0)
            {
                // Newest first, as in the results.
                for (int age = history; age > 0; age--) slopes[age] = slopes[age - 1];
                slopes[0] = state.Slope(step.Stages[0].Field, variance);
                state = state.Combined(step.Results[Math.Min(known, step.Results.Length - 1)], slopes);
                known = Math.Min(known + 1, history);
                continue;
            }
            state = state.Through(step, variance, slopes, []);
        }
        return state;
    }

    /// <summary>One segment from exact states, with the exact slopes of earlier segments if the solver uses them.</summary>
    /// <param name="program">The program.</param>
    /// <param name="variance">The variance of the coordinate.</param>
    /// <param name="segment">The segment.</param>
    /// <param name="exact">The exact state at a time.</param>
    internal static GaussianFlow Step(FlowProgram program, double variance, int segment, Func<double, GaussianFlow> exact)
    {
        FlowStep step = program.Steps[segment];
        GaussianFlow state = exact(step.From);
        Span<GaussianFlow> slopes = stackalloc GaussianFlow[Math.Max(program.HistoryLength + 1, step.Stages.Length)];
        if (program.HistoryLength > 0)
        {
            int known = Math.Min(segment, program.HistoryLength);
            for (int age = 0; age <= known; age++)
            {
                FlowStep earlier = program.Steps[segment - age];
                slopes[age] = exact(earlier.From).Slope(earlier.Stages[0].Field, variance);
            }
            return state.Combined(step.Results[Math.Min(known, step.Results.Length - 1)], slopes);
        }
        return state.Through(step, variance, slopes, []);
    }

    /// <summary>From the start of a step of a one-step method: the inputs of its stages in order, then its end.</summary>
    /// <param name="step">The step.</param>
    /// <param name="variance">The variance of the coordinate.</param>
    public static GaussianFlow[] Inside(FlowStep step, double variance)
    {
        int stages = step.Stages.Length;
        var states = new GaussianFlow[stages + 1];
        Span<GaussianFlow> slopes = stackalloc GaussianFlow[stages];
        states[stages] = new GaussianFlow(1, 0).Through(step, variance, slopes, states);
        return states;
    }

    // The end of a step of a one-step method; also the inputs of its stages, where there is room for them.
    private GaussianFlow Through(FlowStep step, double variance, Span<GaussianFlow> slopes, Span<GaussianFlow> inputs)
    {
        for (int s = 0; s < step.Stages.Length; s++)
        {
            GaussianFlow input = Combined(step.Stages[s].Input, slopes);
            if (inputs.Length > 0) inputs[s] = input;
            slopes[s] = input.Slope(step.Stages[s].Field, variance);
        }
        return Combined(step.Results[0], slopes);
    }

    // F = factor (x - aμ) + mμ
    private GaussianFlow Slope(in MixtureField field, double variance)
    {
        double factor = field.Axis.At(variance);
        return new GaussianFlow(factor * Start, factor * Mean + (field.MeanFactor - factor * field.Point.A));
    }

    private GaussianFlow Combined(Combination combination, ReadOnlySpan<GaussianFlow> slopes)
    {
        double start = combination.State * Start, mean = combination.State * Mean;
        for (int l = 0; l < combination.Slopes.Length; l++)
        {
            start += combination.Slopes[l] * slopes[l].Start;
            mean += combination.Slopes[l] * slopes[l].Mean;
        }
        return new GaussianFlow(start, mean);
    }
}
