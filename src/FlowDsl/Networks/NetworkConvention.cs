using FlowDsl.Mathematics;
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

    /// <summary>In which time the network counts.</summary>
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

    /// <summary>The convention in words.</summary>
    public override string ToString() => $"{Prediction} at {(TimeScale == 1 ? "" : $"{PortableNumber.Format(TimeScale)}·")}{Time}";

    /// <summary>The network's time at a time of the process; finite, even where log(a²/s²) is not.</summary>
    /// <param name="process">The process.</param>
    /// <param name="time">A time at which it is defined.</param>
    /// <exception cref="ArgumentOutOfRangeException">The process is not defined at that time.</exception>
    public double TimeAt(Process process, double time)
    {
        ArgumentNullException.ThrowIfNull(process);
        process.CheckTime(time, nameof(time));
        return NetworkTimes.At(Time, TimeScale, process.At(time));
    }
}
