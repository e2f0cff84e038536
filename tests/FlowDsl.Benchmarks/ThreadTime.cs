using System.Diagnostics;
using System.Runtime.InteropServices;

namespace FlowDsl.Benchmarks;

/// <summary>The time for which the calling thread was running: what else the machine does counts less.</summary>
internal static partial class ThreadTime
{
    private const int ThreadClock = 3;

    /// <summary>Seconds since some moment; elapsed time where the system does not tell.</summary>
    public static double Seconds
    {
        get
        {
            bool isKnown = OperatingSystem.IsLinux() && Environment.Is64BitProcess;
            if (isKnown && ReadClock(ThreadClock, out Time time) == 0) return time.Seconds + 1e-9 * time.Nanoseconds;
            return (double)Stopwatch.GetTimestamp() / Stopwatch.Frequency;
        }
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int ReadClock(int clock, out Time time);

    private readonly record struct Time(long Seconds, long Nanoseconds);
}
