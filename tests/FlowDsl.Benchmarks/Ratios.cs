using System.Diagnostics;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using System.Text;

namespace FlowDsl.Benchmarks;

/// <summary>
/// Times the generated sampler and its peers turn by turn in one process and reports the median of the rounds' ratios: what
/// else the machine does slows the turns of a round alike.
/// </summary>
internal static class Ratios
{
    private const int Rounds = 101;
    private const string Begin = "<!-- ratios: written by tests/FlowDsl.Benchmarks -->", End = "<!-- /ratios -->";

    public static int Run(ReadOnlySpan<string> arguments)
    {
        string? path = null;
        if (arguments is ["--write", { } file]) path = file;
        else if (arguments.Length > 0)
        {
            Console.Error.WriteLine("Usage: ratios [--write FILE]; FILE has a section between the markers\n" + Begin + "\n" + End);
            return 2;
        }

        var text = new StringBuilder();
        text.Append("| mixture | generated, million samples/s | to TensorPrimitives | to the scalar form | error, generated | error, TensorPrimitives |\n|---|---|---|---|---|---|\n");
        foreach (Func<int?, Contest> create in Contest.All)
        {
            string row = Measure(create(null));
            Console.Error.WriteLine(row);
            text.Append(row).Append('\n');
        }
        text.Append('\n').Append(Machine()).Append('\n');
        Console.Write(text);
        if (path is not null) Write(path, text.ToString());
        return 0;
    }

    private static string Measure(Contest contest)
    {
        (double generatedError, double tensorError) = contest.Check();
        double[] generated = new double[Rounds], tensors = new double[Rounds], scalar = new double[Rounds];
        long warm = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(warm).TotalSeconds < 1) Round(contest, out _, out _, out _);
        for (int i = 0; i < Rounds; i++) Round(contest, out generated[i], out tensors[i], out scalar[i]);
        double throughput = 1e-6 / Median(generated);
        return $"| {contest.Name} | {throughput.ToString(throughput < 10 ? "F2" : "F1")} | ×{Ratio(tensors):F1} (chunks of {contest.Chunk}) | ×{Ratio(scalar):F0} | {generatedError:0.0E+0} | {tensorError:0.0E+0} |";

        double Ratio(double[] times) => Median([.. times.Zip(generated, (peer, own) => peer / own)]);
    }

    /// <summary>Seconds a sample of each.</summary>
    private static void Round(Contest contest, out double generated, out double tensors, out double scalar)
    {
        contest.Restore();
        long start = Stopwatch.GetTimestamp();
        contest.RunGenerated();
        long first = Stopwatch.GetTimestamp();
        contest.RunTensors();
        long second = Stopwatch.GetTimestamp();
        contest.RunScalar();
        long third = Stopwatch.GetTimestamp();
        generated = Stopwatch.GetElapsedTime(start, first).TotalSeconds / contest.Samples;
        tensors = Stopwatch.GetElapsedTime(first, second).TotalSeconds / contest.Samples;
        scalar = Stopwatch.GetElapsedTime(second, third).TotalSeconds / contest.ScalarSamples;
    }

    private static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);

    private static string Machine()
    {
        const string CpuInfo = "/proc/cpuinfo";
        string processor = File.Exists(CpuInfo)
            ? File.ReadLines(CpuInfo).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim() ?? "processor unknown"
            : Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER") ?? "processor unknown";
        return $"One thread of {processor} ({Environment.ProcessorCount} cores), {Vector<byte>.Count * 8}-bit vectors{(Fma.IsSupported ? " with FMA" : "")}, "
            + $"{RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}; median of {Rounds} rounds.";
    }

    private static void Write(string path, string table)
    {
        string text = File.ReadAllText(path).ReplaceLineEndings("\n");
        int begin = text.IndexOf(Begin, StringComparison.Ordinal), end = text.IndexOf(End, StringComparison.Ordinal);
        if (begin < 0 || end < begin) throw new InvalidOperationException($"{path} has no section between {Begin} and {End}.");
        File.WriteAllText(path, text[..(begin + Begin.Length)] + "\n" + table + text[end..]);
    }
}
