using FlowDsl.Mathematics.Numerics;

namespace FlowDsl.Mathematics.Processes;

/// <summary>The times of a process as a network counts them.</summary>
internal static class NetworkTimes
{
    // A ratio of noise to signal beyond which single precision sees one of them only; where one is 0, networks get the time of this ratio.
    private const double Greatest = 1 << 30;

    /// <summary>The network's time at a point of a process; finite, even where there is no noise or no signal.</summary>
    /// <param name="time">In which time it counts.</param>
    /// <param name="scale">The factor of that time.</param>
    /// <param name="point">The process at its own time.</param>
    public static double At(NetworkTime time, double scale, in ProcessPoint point) => time switch
    {
        NetworkTime.Process => scale * point.Time,
        NetworkTime.Timestep => Math.Round(scale * point.Time),
        NetworkTime.LogSnr => scale * -2 * PortableMath.Log(Level(point)),
        NetworkTime.Sigma => scale * Level(point),
        _ => throw new ArgumentOutOfRangeException(nameof(time), time, "No such time."),
    };

    private static double Level(in ProcessPoint point) => Math.Min(Math.Max(point.NoiseToSignal, 1 / Greatest), Greatest);
}
