using FlowDsl.Mathematics;

namespace FlowDsl.Hosting.Reports.Gathering;

/// <summary>The axis of time that all figures share: sampling runs from place 0, the horizon, to place 1, the early stop.</summary>
/// <param name="Horizon">The time at place 0.</param>
/// <param name="Last">The time at place 1: the early stop, or on a logarithmic axis what stands for 0.</param>
/// <param name="IsLog">Whether factors of time have equal lengths.</param>
/// <param name="EndsAtZero">Whether the axis ends at t = 0, which a logarithm has no place for.</param>
internal sealed record TimeScale(double Horizon, double Last, bool IsLog, bool EndsAtZero)
{
    // Below this ratio of its ends an axis is as clear without logarithms.
    private const double LeastRatio = 20;

    /// <summary>The axis of a process.</summary>
    /// <param name="process">The process.</param>
    /// <param name="times">The times that must be told apart: the steps of all samplers.</param>
    public static TimeScale For(Process process, IEnumerable<double> times)
    {
        bool isZero = process.EarlyStop == 0;
        double least = times.Where(time => time > 0).DefaultIfEmpty(process.Horizon).Min();
        double last = isZero ? 0.5 * Math.Min(least, 1e-3 * process.Horizon) : process.EarlyStop;
        // Straight paths and training steps have even times; noise levels are told apart by factors.
        bool isLog = process.Match(static _ => true, static _ => true, static _ => false, static _ => false) && process.Horizon / last >= LeastRatio;
        return new(process.Horizon, isLog ? last : process.EarlyStop, isLog, isLog && isZero);
    }

    /// <summary>The place of a time, from 0 to 1.</summary>
    public double Place(double time)
        => Math.Clamp(IsLog ? Math.Log(Horizon / Math.Max(time, Last)) / Math.Log(Horizon / Last) : (Horizon - time) / (Horizon - Last), 0, 1);

    /// <summary>The time at a place.</summary>
    public double TimeAt(double place)
        => place <= 0 ? Horizon : place >= 1 ? EndsAtZero ? 0 : Last
            : IsLog ? Horizon * Math.Pow(Last / Horizon, place) : Horizon + place * (Last - Horizon);

    /// <summary>Times at even places, the ends included; the last is never 0 where a density may not exist.</summary>
    public double[] Even(int count) => [.. Enumerable.Range(0, count).Select(i => TimeAt((double)i / (count - 1)))];
}
