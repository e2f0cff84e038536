using FlowDsl.Mathematics.Numerics;
using FlowDsl.Mathematics.Processes;

namespace FlowDsl.Mathematics;

/// <summary>
/// a² + s² = 1 in the time of a diffusion model's training: t is the training step, from 0 to N - 1, and real between two of them.
/// </summary>
/// <remarks>
/// At training step i, s/a = √((1 - α̅_i)/α̅_i), and between two steps log(s/a) is linear in t (<see cref="TrainingSchedule"/>). So a and s are continuous,
/// and their rates jump at the steps: there <see cref="At"/> gives those of the interval below, into which sampling goes. Step 0 is noisy; there is no
/// earlier time.
/// </remarks>
public sealed class VariancePreservingProcess : Process
{
    private OrnsteinUhlenbeckProcess? _smooth;

    /// <summary>Makes the process.</summary>
    /// <param name="schedule">The training steps.</param>
    /// <param name="horizon">T, positive and at most N - 1; NaN for N - 1.</param>
    /// <param name="earlyStop">t0, at least 0 and less than the horizon.</param>
    /// <exception cref="ArgumentException">The schedule has no training steps, or two of the same level in double precision.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A time is out of its range.</exception>
    public VariancePreservingProcess(TrainingSchedule schedule, double horizon = double.NaN, double earlyStop = 0)
        : base(Define(Checked(schedule)), horizon, earlyStop) => Schedule = schedule;

    internal static ProcessDefinition OwnDefinition { get; } = Define(TrainingSchedule.Linear());

    /// <summary>The training steps.</summary>
    public TrainingSchedule Schedule { get; }

    /// <inheritdoc/>
    public override string Description => $"variance preserving, a² + s² = 1, t counts training steps: {Schedule.Words}";

    /// <inheritdoc/>
    /// <remarks>N - 1, the last training step.</remarks>
    public override double LastTime => Schedule.LastTime;

    /// <inheritdoc/>
    internal override TrainingSchedule? Training => Schedule;

    /// <inheritdoc/>
    internal override Process Smooth => _smooth ??= new OrnsteinUhlenbeckProcess(horizon: Decay(Horizon), earlyStop: Decay(EarlyStop));

    /// <inheritdoc/>
    public override ProcessPoint At(double t)
    {
        double ratio = Schedule.SigmaOf(t), square = ratio * ratio;
        double a = 1 / Math.Sqrt(1 + square), s2 = square > 1 ? 1 / (1 + 1 / square) : square / (1 + square);
        // With r' = r d log r: a' = -a³ r r' and s s' = a⁴ r r'.
        double rate = s2 * Schedule.LogRate(t);
        return new ProcessPoint(t, a, s2, -a * rate, a * a * rate, stationaryVariance: 1);
    }

    /// <inheritdoc/>
    /// <remarks>Beyond the levels of the training steps it is the first or last step.</remarks>
    public override double TimeAt(double noiseToSignal) => Schedule.TimeOf(noiseToSignal);

    /// <inheritdoc/>
    public override T Match<T>(
        Func<OrnsteinUhlenbeckProcess, T> ornsteinUhlenbeck,
        Func<VarianceExplodingProcess, T> varianceExploding,
        Func<LinearInterpolantProcess, T> linearInterpolant,
        Func<VariancePreservingProcess, T> variancePreserving)
        => variancePreserving(this);

    /// <summary>Why training steps do not make a process, as a sentence without its full stop; null where they do.</summary>
    /// <param name="schedule">The training steps.</param>
    internal static string? Problem(TrainingSchedule schedule)
        => schedule.IsFlow ? "flow matching has no training steps"
            : schedule.FirstUnresolvedStep is { } step ? $"in double precision, training step {PortableNumber.Format(step)} has no noise level of its own"
            : null;

    private static TrainingSchedule Checked(TrainingSchedule schedule)
    {
        if (schedule is null) throw new ArgumentNullException(nameof(schedule));
        return Problem(schedule) is { } problem
            ? throw new ArgumentException($"{char.ToUpperInvariant(problem[0])}{problem.Substring(1)}.", nameof(schedule))
            : schedule;
    }

    private static ProcessDefinition Define(TrainingSchedule schedule) => new(
        "VariancePreserving",
        [new(nameof(Horizon), double.NaN, Max: schedule.LastTime), new(nameof(EarlyStop), 0)],
        nameof(Horizon),
        nameof(EarlyStop),
        values => new VariancePreservingProcess(schedule, values[0], values[1]),
        Define);

    /// <summary>-log a: the time of the Ornstein-Uhlenbeck process e^{-τ} x_0 + √(1 - e^{-2τ}) ε.</summary>
    private double Decay(double t)
    {
        double ratio = Schedule.SigmaOf(t);
        return 0.5 * PortableMath.Log1p(ratio * ratio);
    }
}
