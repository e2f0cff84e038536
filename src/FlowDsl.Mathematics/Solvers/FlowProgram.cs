using FlowDsl.Mathematics.Fields;
using FlowDsl.Mathematics.Numerics;
using FlowDsl.Mathematics.Solvers;

namespace FlowDsl.Mathematics;

/// <summary>A linear combination State·x + Σ Slopes[l]·F_l: every operation of a solver except the slopes.</summary>
/// <param name="State">The factor of the state at the start of the step.</param>
/// <param name="Slopes">The factors of the slopes: this step's stages in order, or newest first for a multistep solver.</param>
public sealed record Combination(double State, ImmutableArray<double> Slopes)
{
    /// <inheritdoc/>
    public bool Equals(Combination? other) => other is not null && State.Equals(other.State) && Slopes.AsSpan().SequenceEqual(other.Slopes.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => (State, Slopes.Length).GetHashCode();
}

/// <summary>One velocity evaluation of a step.</summary>
/// <param name="Field">The slope dz/dθ at the stage's time.</param>
/// <param name="Input">The state at which it is evaluated.</param>
public sealed record FlowStage(MixtureField Field, Combination Input);

/// <summary>One step.</summary>
/// <param name="From">The time at which it starts.</param>
/// <param name="To">The time at which it ends, the smaller one.</param>
/// <param name="Stages">Its evaluations, in order.</param>
/// <param name="Results">
/// The state at its end, by the number of available earlier slopes: one entry for a Runge-Kutta method; up to 1 + history for a multistep method,
/// whose entry h uses this step's slope and h earlier ones.
/// </param>
public sealed record FlowStep(double From, double To, ImmutableArray<FlowStage> Stages, ImmutableArray<Combination> Results)
{
    /// <inheritdoc/>
    public bool Equals(FlowStep? other) => other is not null
        && From.Equals(other.From) && To.Equals(other.To) && Stages.AsSpan().SequenceEqual(other.Stages.AsSpan())
            && Results.AsSpan().SequenceEqual(other.Results.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => (From, To, Stages.Length, Results.Length).GetHashCode();
}

/// <summary>
/// A solver on a grid, reduced to evaluations of fields of x and linear combinations. All code that runs a solver, generic or generated, runs one of these.
/// </summary>
public sealed class FlowProgram
{
    private FlowProgram(ImmutableArray<FlowStep> steps, int historyLength) => (Steps, HistoryLength) = (steps, historyLength);

    /// <summary>The steps in the order of sampling.</summary>
    public ImmutableArray<FlowStep> Steps { get; }

    /// <summary>The maximum number of earlier steps' slopes that a step uses.</summary>
    public int HistoryLength { get; }

    /// <summary>Velocity evaluations per sample (NFE).</summary>
    public int FunctionEvaluations => Steps.Sum(step => step.Stages.Length);

    /// <summary>Reduces a solver on a grid.</summary>
    /// <param name="process">The process.</param>
    /// <param name="frame">The chart.</param>
    /// <param name="solver">The solver.</param>
    /// <param name="times">N + 1 times at which the process is defined, in the order of integration.</param>
    /// <exception cref="ArgumentOutOfRangeException">The process is not defined at one of the times.</exception>
    /// <exception cref="ArgumentException">The chart is singular at one of the times.</exception>
    public static FlowProgram Create(Process process, ChartFrame frame, Solver solver, IReadOnlyList<double> times)
    {
        for (int i = 0; i < times.Count; i++) process.CheckTime(times[i], $"times[{i}]");
        return TryCreate(process, frame, solver, times) ?? throw Singular(process, frame, solver, times);
    }

    /// <summary>The same for times of the process itself; null if the chart is singular at one of them.</summary>
    internal static FlowProgram? TryCreate(Process process, ChartFrame frame, Solver solver, IReadOnlyList<double> times)
        => Singularity(process, frame, solver, times) is null ? OfRegular(process, frame, solver, times) : null;

    /// <summary>A method with weights of its own for every step, as <see cref="Solver.Bespoke"/> finds them.</summary>
    /// <param name="process">The process.</param>
    /// <param name="frame">The chart, a canonical one.</param>
    /// <param name="times">N + 1 times at which the process is defined, in the order of integration.</param>
    /// <param name="weights">The N(N - 1)/2 weights of earlier slopes, step by step, newest first: none in the first step, one in the second, …</param>
    /// <exception cref="ArgumentOutOfRangeException">The process is not defined at one of the times.</exception>
    /// <exception cref="ArgumentException">The chart is none of those, or singular at one of the times, or the number of weights is another.</exception>
    public static FlowProgram Create(Process process, ChartFrame frame, IReadOnlyList<double> times, IReadOnlyList<double> weights)
    {
        for (int i = 0; i < times.Count; i++) process.CheckTime(times[i], $"times[{i}]");
        int count = DiscoveredSteps.Count(times.Count - 1);
        if (weights.Count != count) throw new ArgumentException($"There are {weights.Count} weights; {times.Count - 1} steps have {count}.", nameof(weights));
        if (!frame.IsCanonical)
            throw new ArgumentException($"Weights are for {ChartFrame.ChartsOf(Solver.Bespoke)}, not for Chart.{frame.Chart}.", nameof(frame));
        return TryCreate(process, frame, times, [.. weights]) ?? throw Singular(process, frame, Solver.Bespoke, times);
    }

    /// <summary>The same for times of the process itself and a canonical chart; null if the chart is singular at one of them.</summary>
    internal static FlowProgram? TryCreate(Process process, ChartFrame frame, IReadOnlyList<double> times, ImmutableArray<double> weights)
    {
        if (Singularity(process, frame, Solver.Bespoke, times) is not null) return null;
        var points = times.Select(process.At).ToArray();
        return new FlowProgram(
            [.. Enumerable.Range(0, points.Length - 1).Select(i => SingleSlope(frame, points, i, DiscoveredSteps.Results(frame, points, i, weights.AsSpan())))],
            points.Length - 2);
    }

    private static ArgumentException Singular(Process process, ChartFrame frame, Solver solver, IReadOnlyList<double> times) => new(
        $"The {frame.Chart} chart is singular at t = {PortableNumber.Format(Singularity(process, frame, solver, times)!.Value, 6)}.", nameof(frame));

    private static FlowStep SingleSlope(ChartFrame frame, ProcessPoint[] points, int i, Combination[] results)
        => new(points[i].Time, points[i + 1].Time, [new FlowStage(frame.Slope(points[i]), new Combination(1, []))], [.. results]);

    private static FlowProgram OfRegular(Process process, ChartFrame frame, Solver solver, IReadOnlyList<double> times)
    {
        var method = SolverMethod.Of(solver);
        var points = times.Select(process.At).ToArray();
        UnifiedMultistep? unified = method.Family == SolverFamily.UnifiedMultistep ? new(frame, points, method.HistoryLength) : null;
        var steps = new FlowStep[points.Length - 1];
        for (int i = 0; i < steps.Length; i++)
        {
            steps[i] = method.Family switch
            {
                SolverFamily.RungeKutta => RungeKutta(process, frame, method, points[i], points[i + 1]),
                SolverFamily.ExponentialRungeKutta => ExponentialRungeKutta.Step(process, frame, method, points[i], points[i + 1]),
                SolverFamily.NoiseExtrapolation => NoiseExtrapolation.Step(process, frame, points, i, method.HistoryLength),
                SolverFamily.Bespoke => throw new ArgumentException("Solver.Bespoke has weights of its own; no other method has them.", nameof(solver)),
                _ => SingleSlope(frame, points, i, Results(i)),
            };
        }
        return new FlowProgram([.. steps], method.HistoryLength);

        // Of a multistep method's step, by the number of earlier slopes.
        Combination[] Results(int i) => method.Family switch
        {
            SolverFamily.AdamsBashforth => AdamsBashforth.Results(frame, points, i, method.HistoryLength),
            SolverFamily.UnifiedMultistep => unified!.Results(i),
            _ => ExponentialMultistep.Results(frame, points, i, method.HistoryLength),
        };
    }

    /// <summary>A program made of steps of a Runge-Kutta method.</summary>
    /// <param name="steps">The steps.</param>
    internal static FlowProgram OfOneStepMethod(FlowStep[] steps) => new([.. steps], 0);

    /// <summary>A step of a Runge-Kutta method in the clock.</summary>
    /// <param name="process">The process.</param>
    /// <param name="frame">The chart.</param>
    /// <param name="method">The method.</param>
    /// <param name="from">The process at its start.</param>
    /// <param name="to">The process at its end.</param>
    internal static FlowStep RungeKutta(Process process, ChartFrame frame, SolverMethod method, ProcessPoint from, ProcessPoint to)
    {
        double startScale = frame.Scale(from), length = frame.Step(from, to);
        var stages = new FlowStage[method.Nodes.Length];
        for (int i = 0; i < stages.Length; i++)
        {
            double node = method.Nodes[i];
            ProcessPoint point = node switch
            {
                0 => from,
                1 => to,
                _ => process.At(frame.TimeBetween(process, from, to, node)),
            };
            stages[i] = new FlowStage(frame.Slope(point), Combine(frame.Scale(point), method.Coefficients[i]));
        }
        return new FlowStep(from.Time, to.Time, [.. stages], [Combine(EndScale(to), method.Weights)]);

        // At the data end of data prediction the scale vanishes and the clock is infinite; their product is a.
        double EndScale(in ProcessPoint point) => double.IsInfinity(length) ? 0 : frame.Scale(point);

        Combination Combine(double scale, ImmutableArray<double> weights)
        {
            double step = double.IsInfinity(length) && weights.Length == 1 ? to.A : scale * length;
            return new Combination(scale / startScale, [.. weights.Select(weight => step * weight)]);
        }
    }

    /// <summary>The first of a solver's times at which its chart's clock is infinite and the solver has no limit; null if there is none.</summary>
    /// <param name="process">The process.</param>
    /// <param name="frame">The chart.</param>
    /// <param name="solver">The solver.</param>
    /// <param name="times">Times at which the process is defined, in the order of integration.</param>
    public static double? Singularity(Process process, ChartFrame frame, Solver solver, IReadOnlyList<double> times)
    {
        var method = SolverMethod.Of(solver);
        bool hasLimit = method.Nodes.Length == 1 || method.Family == SolverFamily.ExponentialRungeKutta;
        for (int i = 0; i < times.Count; i++)
        {
            double clock = frame.Clock(process.At(times[i]));
            bool last = i == times.Count - 1;
            bool regular = !double.IsNaN(clock) && (!double.IsInfinity(clock) || (last && hasLimit && frame.IsCanonical));
            if (!regular) return times[i];
        }
        return null;
    }

    /// <summary>
    /// Describes the solver's first coefficient on a mixture that is not finite in a precision, including each component's coefficients in an
    /// evaluation. Null if all are finite.
    /// </summary>
    /// <param name="mixture">The mixture.</param>
    /// <param name="precision">The precision of the states.</param>
    public string? Fault(Mixture mixture, Precision precision = Precision.Double)
    {
        double greatest = precision == Precision.Single ? float.MaxValue : double.MaxValue;
        double least = mixture.MinVariance, widest = mixture.Covariances.Max(covariance => covariance.MaxVariance);
        double reach = mixture.Means.Max(mean => mean.Max(Math.Abs));
        for (int i = 0; i < Steps.Length; i++)
        {
            FlowStep step = Steps[i];
            foreach (FlowStage stage in step.Stages)
            {
                if (OfField(stage.Field) is { } fault) return fault;
                if (OfCombination(stage.Input) is { } input) return input;
            }
            foreach (Combination result in step.Results)
                if (OfCombination(result) is { } fault) return fault;

            string? OfCombination(Combination combination)
            {
                if (!IsFinite(combination.State)) return Words("the factor of the state", combination.State);
                int slope = 0;
                while (slope < combination.Slopes.Length && IsFinite(combination.Slopes[slope])) slope++;
                return slope == combination.Slopes.Length ? null : Words($"the factor of slope {slope}", combination.Slopes[slope]);
            }

            string Words(string what, double value)
                => $"{what} in the step from t = {PortableNumber.Format(step.From, 5)} to {PortableNumber.Format(step.To, 5)} "
                    + $"is {PortableNumber.Format(value, 3)}";
        }
        return null;

        bool IsFinite(double value) => Math.Abs(value) <= greatest;

        // All coefficients of a component are monotone in its variance and its mean.
        string? OfField(MixtureField field)
        {
            ProcessPoint point = field.Point;
            foreach (double variance in new[] { least, widest })
            {
                double spread = point.Spread(variance), factor = field.Axis.At(variance);
                if (!IsFinite(spread) || !IsFinite(1 / spread)) return Words($"a²σ² + s² for σ² = {PortableNumber.Format(variance, 5)}", spread);
                if (!IsFinite(factor)) return Words($"the slope's factor of x for σ² = {PortableNumber.Format(variance, 5)}", factor);
                double constant = (Math.Abs(field.MeanFactor) + Math.Abs(factor * point.A)) * reach;
                if (!IsFinite(constant) || !IsFinite(point.A * reach))
                    return Words($"the slope's constant for a mean of {PortableNumber.Format(reach, 5)}", constant);
            }
            return IsFinite(field.Contrast) ? null : Words("the difference of two components' slopes", field.Contrast);

            string Words(string what, double value) => $"{what} at t = {PortableNumber.Format(point.Time, 5)} is {PortableNumber.Format(value, 3)}";
        }
    }
}
