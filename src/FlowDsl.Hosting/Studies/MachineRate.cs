using System.Diagnostics;
using System.Globalization;
using System.Numerics;

namespace FlowDsl.Hosting.Studies;

/// <summary>How fast a machine works on tasks, for an estimate of time.</summary>
/// <param name="OfThread">Floating-point operations a second, of one thread.</param>
/// <param name="Source">What was taken, for people.</param>
internal sealed record MachineRate(double OfThread, string Source)
{
    // Of what a loop without memory reaches, training and integration reach a part.
    private const double Usual = 0.5;

    private const int Rounds = 200_000, Chains = 8;

    /// <summary>The rate with all processors of this machine.</summary>
    public double OfMachine => OfThread * Environment.ProcessorCount;

    /// <summary>How long this machine takes, in hours.</summary>
    public double Hours(double operations) => operations / OfMachine / 3600;

    /// <summary>How long this machine takes, in a unit that suits it: "about 12 s", "about 3.5 h".</summary>
    public string Words(double operations)
    {
        double seconds = operations / OfMachine;
        (double value, string unit) = seconds < 60 ? (seconds, "s") : seconds < 3600 ? (seconds / 60, "min") : (seconds / 3600, "h");
        return string.Create(CultureInfo.InvariantCulture, $"about {(value < 10 ? Math.Round(value, 1) : Math.Round(value))} {unit}");
    }

    /// <summary>The rate of tasks that are done already; measured where there are none.</summary>
    public static MachineRate Of(IEnumerable<StudyRecord> done)
    {
        // A task that was resumed took longer than its record says.
        StudyRecord[] whole = [.. done.Where(record => !record.IsResumed && record.Seconds > 0 && record.Operations > 0)];
        if (whole.Length == 0) return Measure();
        double operations = whole.Sum(record => record.Operations), seconds = whole.Sum(record => record.Seconds * record.Threads);
        return new MachineRate(operations / seconds, string.Create(CultureInfo.InvariantCulture, $"the rate of {whole.Length} finished tasks"));
    }

    /// <summary>The rate that fused multiply-adds on all processors let expect.</summary>
    public static MachineRate Measure()
    {
        double[] rates = new double[Environment.ProcessorCount];
        // Once, so that it is compiled.
        _ = Chain(1);
        Thread[] threads = [.. rates.Select((_, i) => new Thread(() =>
        {
            long began = Stopwatch.GetTimestamp();
            for (int part = 0; part < 10; part++) _ = Chain(Rounds);
            rates[i] = 10.0 * Rounds * Chains * Vector<float>.Count * 2 / Stopwatch.GetElapsedTime(began).TotalSeconds;
        }))];
        foreach (Thread thread in threads) thread.Start();
        foreach (Thread thread in threads) thread.Join();
        return new MachineRate(Usual * rates.Average(), "half the rate of fused multiply-adds");
    }

    /// <summary>So many rounds of one multiply-add in each of eight chains, which hide each other's latency.</summary>
    private static float Chain(int rounds)
    {
        Vector<float> a = new(1f), b = new(2f), c = new(3f), d = new(4f), e = new(5f), f = new(6f), g = new(7f), h = new(8f);
        Vector<float> factor = new(0.999f), term = new(0.001f);
        for (int i = 0; i < rounds; i++)
        {
            a = Vector.MultiplyAddEstimate(a, factor, term);
            b = Vector.MultiplyAddEstimate(b, factor, term);
            c = Vector.MultiplyAddEstimate(c, factor, term);
            d = Vector.MultiplyAddEstimate(d, factor, term);
            e = Vector.MultiplyAddEstimate(e, factor, term);
            f = Vector.MultiplyAddEstimate(f, factor, term);
            g = Vector.MultiplyAddEstimate(g, factor, term);
            h = Vector.MultiplyAddEstimate(h, factor, term);
        }
        return Vector.Sum(a + b + c + d + e + f + g + h);
    }
}
