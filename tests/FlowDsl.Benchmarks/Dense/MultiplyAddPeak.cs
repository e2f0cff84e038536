using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace FlowDsl.Benchmarks;

/// <summary>As many multiply-adds of floats a second as one core does where nothing waits for memory or for one another.</summary>
internal static class MultiplyAddPeak
{
    /// <summary>What <see cref="Time"/> does.</summary>
    public static double MultiplyAdds => (double)Rounds * Chains * Vector<float>.Count;

    // Two instructions a cycle of up to five cycles' latency need ten chains.
    private const int Rounds = 100_000, Chains = 12;

    private static float s_result;

    /// <summary>The seconds of one turn.</summary>
    public static double Time()
    {
        long began = Stopwatch.GetTimestamp();
        s_result = Run(Rounds);
        return Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    /// <summary>The multiply-adds of one turn a second, with vectors of 512 bits where the processor has them.</summary>
    public static double WidestRate()
    {
        if (!Vector512.IsHardwareAccelerated) return MultiplyAdds / Time();
        long began = Stopwatch.GetTimestamp();
        s_result = Run512(Rounds);
        return (double)Rounds * Chains * Vector512<float>.Count / Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    /// <summary>A result of the last turn, so that it is not computed for nothing.</summary>
    public static float Result => s_result;

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static float Run(int rounds)
    {
        Vector<float> x = new(0.999f), y = new(0.001f);
        Vector<float> a0 = y, a1 = y, a2 = y, a3 = y, a4 = y, a5 = y, a6 = y, a7 = y, a8 = y, a9 = y, a10 = y, a11 = y;
        for (int round = 0; round < rounds; round++)
        {
            a0 = Vector.MultiplyAddEstimate(a0, x, y);
            a1 = Vector.MultiplyAddEstimate(a1, x, y);
            a2 = Vector.MultiplyAddEstimate(a2, x, y);
            a3 = Vector.MultiplyAddEstimate(a3, x, y);
            a4 = Vector.MultiplyAddEstimate(a4, x, y);
            a5 = Vector.MultiplyAddEstimate(a5, x, y);
            a6 = Vector.MultiplyAddEstimate(a6, x, y);
            a7 = Vector.MultiplyAddEstimate(a7, x, y);
            a8 = Vector.MultiplyAddEstimate(a8, x, y);
            a9 = Vector.MultiplyAddEstimate(a9, x, y);
            a10 = Vector.MultiplyAddEstimate(a10, x, y);
            a11 = Vector.MultiplyAddEstimate(a11, x, y);
        }
        return Vector.Sum(a0 + a1 + a2 + a3 + a4 + a5 + a6 + a7 + a8 + a9 + a10 + a11);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static float Run512(int rounds)
    {
        Vector512<float> x = Vector512.Create(0.999f), y = Vector512.Create(0.001f);
        Vector512<float> a0 = y, a1 = y, a2 = y, a3 = y, a4 = y, a5 = y, a6 = y, a7 = y, a8 = y, a9 = y, a10 = y, a11 = y;
        for (int round = 0; round < rounds; round++)
        {
            a0 = Vector512.MultiplyAddEstimate(a0, x, y);
            a1 = Vector512.MultiplyAddEstimate(a1, x, y);
            a2 = Vector512.MultiplyAddEstimate(a2, x, y);
            a3 = Vector512.MultiplyAddEstimate(a3, x, y);
            a4 = Vector512.MultiplyAddEstimate(a4, x, y);
            a5 = Vector512.MultiplyAddEstimate(a5, x, y);
            a6 = Vector512.MultiplyAddEstimate(a6, x, y);
            a7 = Vector512.MultiplyAddEstimate(a7, x, y);
            a8 = Vector512.MultiplyAddEstimate(a8, x, y);
            a9 = Vector512.MultiplyAddEstimate(a9, x, y);
            a10 = Vector512.MultiplyAddEstimate(a10, x, y);
            a11 = Vector512.MultiplyAddEstimate(a11, x, y);
        }
        return Vector512.Sum(a0 + a1 + a2 + a3 + a4 + a5 + a6 + a7 + a8 + a9 + a10 + a11);
    }
}
