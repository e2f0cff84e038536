using System.Runtime.InteropServices;

namespace FlowDsl.Benchmarks;

/// <summary>The processor time of this thread: what other programs take is not in it.</summary>
internal static partial class ThreadClock
{
    private const int ThreadTime = 3;

    /// <summary>Seconds.</summary>
    public static double Seconds
    {
        get
        {
            if (!OperatingSystem.IsLinux()) return System.Diagnostics.Stopwatch.GetTimestamp() / (double)System.Diagnostics.Stopwatch.Frequency;
            _ = GetTime(ThreadTime, out Moment now);
            return now.Seconds + 1e-9 * now.Nanoseconds;
        }
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int GetTime(int clock, out Moment time);

    private readonly struct Moment
    {
        public readonly long Seconds, Nanoseconds;
    }
}
