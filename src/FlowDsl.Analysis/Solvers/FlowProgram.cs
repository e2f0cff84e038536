namespace FlowDsl.Analysis;

/// <summary>A linear combination State·x + Σ Slopes[l]·F_l: every operation of a solver besides the slopes themselves.</summary>
/// <param name="State">The factor of the state at the start of the step.</param>
/// <param name="Slopes">The factors of the slopes: of this step's stages in order, or newest first for a multistep solver.</param>
public sealed record Combination(double State, double[] Slopes);

/// <summary>One velocity evaluation of a step.</summary>
/// <param name="Field">The slope dz/dθ at the stage's time.</param>
/// <param name="Input">The state at which it is evaluated.</param>
public sealed record FlowStage(MixtureField Field, Combination Input);

/// <summary>One step.</summary>
/// <param name="From">The time at which it starts.</param>
/// <param name="To">The time at which it ends, the smaller one.</param>
/// <param name="Stages">Its evaluations in order.</param>
/// <param name="Results">
/// The state at its end, by the number of earlier slopes that are at hand: one entry for a Runge-Kutta method; up to
/// 1 + history for a multistep one, whose entry h uses this step's slope and h earlier ones.
/// </param>
public sealed record FlowStep(double From, double To, FlowStage[] Stages, Combination[] Results);

/// <summary>
/// A solver on a grid, reduced to numbers: evaluations of fields of x, and linear combinations. Everything that runs a
/// solver, generic or generated, runs one of these.
/// </summary>
public sealed class FlowProgram
{
    private FlowProgram(FlowStep[] steps, int historyLength) => (Steps, HistoryLength) = (steps, historyLength);

    /// <summary>The steps in the order of sampling.</summary>
    public FlowStep[] Steps { get; }

    /// <summary>How many slopes of earlier steps a step may use.</summary>
    public int HistoryLength { get; }

    /// <summary>Velocity evaluations for one sample (NFE).</summary>
    public int FunctionEvaluations => Steps.Sum(step => step.Stages.Length);

    /// <summary>Reduces a solver on a grid.</summary>
    /// <param name="process">The process.</param>
    /// <param name="frame">The chart.</param>
    /// <param name="solver">The solver.</param>
    /// <param name="times">N + 1 times at which the process is defined, in the order of integration.</param>
    /// <exception cref="ArgumentException">The chart is singular at one of the times.</exception>
    public static FlowProgram Create(Process process, ChartFrame frame, Solver solver, IReadOnlyList<double> times)
    {
        var method = SolverMethod.Of(solver);
        var points = times.Select(process.At).ToArray();
        CheckRegular(frame, method, points);
        var steps = new FlowStep[points.Length - 1];
        for (int i = 0; i < steps.Length; i++)
        {
            steps[i] = method.IsMultistep
                ? new FlowStep(times[i], times[i + 1], [new FlowStage(frame.Slope(points[i]), new Combination(1, []))], ExponentialMultistep.Results(frame, points, i, method.HistoryLength))
                : RungeKutta(process, frame, method, points[i], points[i + 1]);
        }
        return new FlowProgram(steps, method.HistoryLength);
    }

    /// <summary>A program put together from steps of a Runge-Kutta method.</summary>
    /// <param name="steps">The steps.</param>
    internal static FlowProgram OfOneStepMethod(FlowStep[] steps) => new(steps, 0);

    private static FlowStep RungeKutta(Process process, ChartFrame frame, SolverMethod method, ProcessPoint from, ProcessPoint to)
    {
        double startScale = frame.Scale(from), startClock = frame.Clock(from), length = frame.Clock(to) - startClock;
        var stages = new FlowStage[method.Nodes.Length];
        for (int i = 0; i < stages.Length; i++)
        {
            double node = method.Nodes[i];
            ProcessPoint point = node switch
            {
                0 => from,
                1 => to,
                _ => process.At(frame.TimeAt(process, startClock + node * length)),
            };
            stages[i] = new FlowStage(frame.Slope(point), Combine(frame.Scale(point), method.Coefficients[i]));
        }
        return new FlowStep(from.Time, to.Time, stages, [Combine(EndScale(to), method.Weights)]);

        // At the data end of data prediction the scale vanishes and the clock is infinite; their product is a.
        double EndScale(in ProcessPoint point) => double.IsInfinity(length) ? 0 : frame.Scale(point);

        Combination Combine(double scale, double[] weights)
        {
            double step = double.IsInfinity(length) && weights.Length == 1 ? to.A : scale * length;
            return new Combination(scale / startScale, weights.Select(weight => step * weight).ToArray());
        }
    }

    private static void CheckRegular(ChartFrame frame, SolverMethod method, ProcessPoint[] points)
    {
        for (int i = 0; i < points.Length; i++)
        {
            bool last = i == points.Length - 1, singleStage = method.Nodes.Length == 1;
            double clock = frame.Clock(points[i]);
            bool regular = !double.IsNaN(clock) && (!double.IsInfinity(clock) || (last && singleStage && frame.Chart == Chart.Canonical));
            if (!regular)
                throw new ArgumentException($"The {frame.Chart} chart is singular at t = {PortableNumber.Format(points[i].Time, 6)}.", nameof(frame));
        }
    }
}
