using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Fields;
using FlowDsl.Mathematics.Numerics;
using FlowDsl.Mathematics.Processes;

namespace FlowDsl;

/// <summary>What a network's output is and in which time it counts. By default it gives the velocity in the process's own time.</summary>
public sealed record NetworkConvention
{
    /// <summary>What the output is.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such prediction.</exception>
    public Prediction Prediction
    {
        get;
        init => field = Enum.IsDefined(value) ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "No such prediction.");
    }

    /// <summary>In which time the network counts; <see cref="NetworkTime.Process"/> is that of <see cref="Training"/>, if there is one.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such time.</exception>
    public NetworkTime Time
    {
        get;
        init => field = Enum.IsDefined(value) ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "No such time.");
    }

    /// <summary>The factor of that time, finite and not 0: 1000 for a network of flow matching that counts from 0 to 1000.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The factor is 0 or not finite.</exception>
    public double TimeScale
    {
        get;
        init => field = double.IsFinite(value) && value != 0
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), $"{nameof(TimeScale)} is {PortableNumber.Format(value)}; it must be finite and not 0.");
    } = 1;

    /// <summary>
    /// The schedule that the network was trained on, if that is not the model's own process: it counts in the schedule's time and sees states in its scale.
    /// Null for the model's own.
    /// </summary>
    public TrainingSchedule? Training { get; init; }

    /// <summary>σ_d of <see cref="Prediction.Preconditioned"/>, positive and finite.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The deviation is not positive and finite.</exception>
    public double DataDeviation
    {
        get;
        init => field = value > 0 && double.IsFinite(value)
            ? value
            : throw new ArgumentOutOfRangeException(
                nameof(value), $"{nameof(DataDeviation)} is {PortableNumber.Format(value)}; it must be positive and finite.");
    } = 0.5;

    /// <summary>The convention in words.</summary>
    public override string ToString()
        => $"{Prediction} at {(TimeScale == 1 ? "" : $"{PortableNumber.Format(TimeScale)}·")}{Time}{(Training is null ? "" : $" of {Training}")}";

    /// <summary>The network's time at a time of the process; finite, even where log(a²/s²) is not.</summary>
    /// <param name="process">The process.</param>
    /// <param name="time">A time at which it is defined.</param>
    /// <exception cref="ArgumentOutOfRangeException">The process is not defined at that time.</exception>
    public double TimeAt(Process process, double time)
    {
        ArgumentNullException.ThrowIfNull(process);
        process.CheckTime(time, nameof(time));
        return On(process).TimeAt(process.At(time));
    }

    /// <summary>The convention on a process: one that was trained on the process's own training steps counts in its time, to the last bit.</summary>
    internal NetworkConvention On(Process process)
        => Training is not null && process is VariancePreservingProcess own && own.Schedule.Equals(Training) ? this with { Training = null } : this;

    /// <summary>The network's time at a point of a process.</summary>
    internal double TimeAt(in ProcessPoint point) => (Training, Time) switch
    {
        ({ } training, NetworkTime.Process) => TimeScale * training.TimeOf(point.NoiseToSignal),
        ({ } training, NetworkTime.Timestep) => Math.Round(TimeScale * training.TimeOf(point.NoiseToSignal)),
        _ => NetworkTimes.At(Time, TimeScale, point),
    };

    /// <summary>The scale in which the network sees states.</summary>
    /// <exception cref="ArgumentException">Prediction and training do not go together.</exception>
    internal NetworkScale Scale()
    {
        if (Prediction == Prediction.Preconditioned)
            return Training is null ? NetworkScale.Preconditioned(DataDeviation) : throw Wrong($"has a scale of its own; leave {nameof(Training)} out");
        if (Training is null) return NetworkScale.Process;
        if (Training.IsFlow) return NetworkScale.Interpolant;
        return Prediction == Prediction.Velocity
            ? throw Wrong("is a rate in a time that goes on between the steps; training steps have none")
            : NetworkScale.VariancePreserving;

        // Of no argument: callers add theirs.
        ArgumentException Wrong(string rule) => new($"{nameof(Prediction)}.{Prediction} {rule}.");
    }
}
