using FlowDsl.Mathematics.Fields;

namespace FlowDsl.Mathematics.Solvers;

/// <summary>An estimate of one step's own error: a combination of the state at its start and of slopes.</summary>
/// <param name="State">The factor of the state at the start of the step.</param>
/// <param name="Slopes">The factors of the step's own slopes.</param>
/// <param name="Previous">The factor of the slope at the start of the step before.</param>
/// <param name="Next">The factor of the slope at the end of the step, which is the start of the next.</param>
internal sealed record StepError(double State, double[] Slopes, double Previous, double Next);

/// <summary>
/// The errors of a Runge-Kutta method's steps, estimated from slopes that the method evaluates anyway: the slope at the end of a step is the first
/// one of the next, so only the last step costs an extra evaluation.
/// </summary>
/// <remarks>
/// <para>
/// Euler's method is compared with the trapezoid, methods of second order with the third-order quadrature over the slopes at the two ends
/// of the step and at the start of the one before (Adams-Moulton; the trapezoid in the first step and after a step less than a quarter as long).
/// These estimates are asymptotically exact.
/// </para>
/// <para>
/// Methods of higher order are compared with their embedded partner of one order less: the classical method with the one whose last slope is at the
/// end of the step, 3(2) and 5(4) with their own. This estimates the partner's error, which is larger than the step's.
/// </para>
/// </remarks>
internal sealed class LocalErrors
{
    // A quadrature that reaches back over a much shorter step would divide by its length.
    private const double MinRatio = 0.25;

    private LocalErrors(StepError[] steps, MixtureField end) => (Steps, End) = (steps, end);

    /// <summary>One entry per step: x̂ - x at its end, for the exact flow from its start.</summary>
    public StepError[] Steps { get; }

    /// <summary>Whether some estimate needs the slope at the start of the step before.</summary>
    public bool ReachesBack => Steps.Any(step => step.Previous != 0);

    /// <summary>The slope at the end of the last step, which the solver itself does not evaluate.</summary>
    public MixtureField End { get; }

    /// <summary>The number of tangents of a tracked sampler: its error, plus enough directions to measure how much an error at the start grows.</summary>
    /// <param name="dimension">d.</param>
    public static int TangentCount(int dimension) => 1 + Math.Min(dimension, 2);

    /// <summary>The estimates for a solver on a grid.</summary>
    /// <param name="mixture">The mixture.</param>
    /// <param name="process">The process.</param>
    /// <param name="frame">The chart.</param>
    /// <param name="solver">The solver.</param>
    /// <param name="times">N + 1 times, in the order of integration.</param>
    /// <returns>Null for multistep solvers.</returns>
    public static LocalErrors? Of(Mixture mixture, Process process, ChartFrame frame, Solver solver, IReadOnlyList<double> times)
    {
        var method = SolverMethod.Of(solver);
        if (method.IsMultistep) return null;
        var points = times.Select(process.At).ToArray();
        double[] clocks = [.. points.Select(point => frame.Clock(point))];
        FlowProgram? exponential = method.IsExponential ? FlowProgram.Create(process, frame, solver, times) : null;
        var steps = new StepError[points.Length - 1];
        MixtureField end = frame.Slope(points[steps.Length]);
        for (int i = 0; i < steps.Length; i++)
        {
            if (double.IsInfinity(clocks[i + 1])) (steps[i], end) = ToTheData(mixture, points[i], points[i + 1]);
            else steps[i] = Compared(
                method, exponential?.Steps[i].Results[0].Slopes, frame.Scale(points[i + 1]) * (clocks[i + 1] - clocks[i]),
                i == 0 ? 0 : (clocks[i] - clocks[i - 1]) / (clocks[i + 1] - clocks[i]));
        }
        return new LocalErrors(steps, end);
    }

    /// <summary>The difference between a step and its partner.</summary>
    /// <param name="method">The method.</param>
    /// <param name="own">The factors of the step's slopes; null for those of the method's weights.</param>
    /// <param name="length">The length of the step, in units of x per slope.</param>
    /// <param name="ratio">The length of the step before, in this one's.</param>
    private static StepError Compared(SolverMethod method, ImmutableArray<double>? own, double length, double ratio)
    {
        ImmutableArray<double> partner = method.EmbeddedWeights ?? [.. Quadrature(method, ratio)];
        int s = method.Weights.Length;
        double[] slopes = new double[s];
        for (int l = 0; l < s; l++) slopes[l] = own is null ? length * (method.Weights[l] - partner[l]) : own.Value[l] - length * partner[l];
        return new StepError(0, slopes, partner.Length > s + 1 ? -length * partner[s + 1] : 0, -length * partner[s]);
    }

    /// <summary>Weights of the slopes at the start of the step, its other stages, its end and the start of the step before.</summary>
    private static double[] Quadrature(SolverMethod method, double ratio)
    {
        // Infinite if the step has no length: two nodes without signal, or without noise in double precision.
        double used = method.Order > 1 && ratio >= MinRatio && !double.IsInfinity(ratio) ? ratio : 0;
        double previous = used == 0 ? 0 : -1 / (6 * used * (1 + used)), next = 0.5 + used * previous;
        double[] weights = new double[method.Weights.Length + 2];
        weights[0] = 1 - previous - next;
        weights[method.Weights.Length] = next;
        weights[method.Weights.Length + 1] = previous;
        return weights;
    }

    /// <summary>
    /// The last step of data prediction, x' = aF: in that chart it is infinitely long, so the trapezoid is taken in the canonical chart
    /// of the mixture's mean variance v, whose slope is (1 + a²v/s²)F - (av/s²)x (Tweedie's formula).
    /// </summary>
    private static (StepError Step, MixtureField End) ToTheData(Mixture mixture, ProcessPoint from, ProcessPoint to)
    {
        var finite = ChartFrame.Canonical(mixture.MeanVariance);
        double half = 0.5 * finite.Scale(to) * (finite.Clock(to) - finite.Clock(from)), pull = from.A * mixture.MeanVariance / from.S2;
        var step = new StepError(half * pull - finite.Scale(to) / finite.Scale(from), [to.A - half * (1 + from.A * pull)], 0, -half);
        return (step, finite.Slope(to));
    }
}
