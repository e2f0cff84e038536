using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using FlowDsl.Probe.Hosted;

namespace FlowDsl.Benchmarks;

/// <summary>The command "files": how fast samples come to the disk, beside as many zero bytes, and how much memory that takes.</summary>
internal static class FileFigures
{
    public const string Command = "files";

    private const string Usage = $"Usage: {Command} [--count N] [--rounds N] [--folder FOLDER] [--json]";

    // Of zeros, and of samples that are drawn and forgotten: as much at a time as the host writes.
    private const int PartBytes = 4 << 20, SampleBytes = 2 * sizeof(float);

    private static readonly JsonSerializerOptions s_json = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    public static int Run(ReadOnlySpan<string> arguments)
    {
        (bool json, long count, int rounds, string parent) = (false, 100_000_000, 5, Path.GetTempPath());
        while (arguments.Length > 0)
        {
            switch (arguments)
            {
                case ["--json", ..]:
                    json = true;
                    arguments = arguments[1..];
                    break;
                case ["--count", { } text, ..] when long.TryParse(text, out count) && count > 0:
                    arguments = arguments[2..];
                    break;
                case ["--rounds", { } text, ..] when int.TryParse(text, out rounds) && rounds > 0:
                    arguments = arguments[2..];
                    break;
                case ["--folder", { } text, ..] when Directory.Exists(text):
                    parent = text;
                    arguments = arguments[2..];
                    break;
                default:
                    Console.Error.WriteLine(Usage);
                    return 2;
            }
        }
        string folder = Path.Combine(parent, $"flowdsl-files-{Environment.ProcessId}");
        Directory.CreateDirectory(folder);
        try
        {
            Report(Measure(folder, count, rounds), count, rounds, json);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
        return 0;
    }

    /// <summary>In turns: what else the machine and its disk do meets all alike.</summary>
    private static FileFigure[] Measure(string folder, long count, int rounds)
    {
        string file = Path.Combine(folder, "samples.npy"), shards = Path.Combine(folder, "shards");
        (string What, Func<Turn> Time)[] contestants =
        [
            ("zero bytes to one file", () => Zeros(Path.Combine(folder, "zeros"), count * SampleBytes)),
            ("samples to one .npy file", () => Child(count, file)),
            ("samples to a folder of .npy shards", () => Child(count, shards)),
            ("samples drawn and forgotten", () => Forgotten(count)),
        ];
        var turns = contestants.Select(_ => new Turn[rounds]).ToArray();
        for (int round = 0; round < rounds; round++)
        {
            for (int i = 0; i < contestants.Length; i++)
            {
                turns[i][round] = contestants[i].Time();
                foreach (string path in Directory.EnumerateFiles(folder)) File.Delete(path);
                if (Directory.Exists(shards)) Directory.Delete(shards, recursive: true);
            }
        }
        return [.. contestants.Select((contestant, i) => new FileFigure(
            contestant.What,
            Quantiles.Median([.. turns[i].Select(turn => 1e-6 * count * SampleBytes / turn.Seconds)]),
            Quantiles.Median([.. turns[i].Zip(turns[0], (own, zeros) => zeros.Seconds / own.Seconds)]),
            turns[i].Max(turn => turn.PeakMegabytes)))];
    }

    private static Turn Zeros(string path, long bytes)
    {
        byte[] zeros = new byte[PartBytes];
        long began = Stopwatch.GetTimestamp();
        using (var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0))
        {
            for (long left = bytes; left > 0; left -= zeros.Length) file.Write(zeros, 0, (int)Math.Min(zeros.Length, left));
            file.Flush(flushToDisk: true);
        }
        return new Turn(Stopwatch.GetElapsedTime(began).TotalSeconds, null);
    }

    private static Turn Forgotten(long count)
    {
        const long part = PartBytes / SampleBytes;
        long began = Stopwatch.GetTimestamp();
        for (long first = 0; first < count; first += part)
            FlowSampling.Sample<Blob.Heun, float>(Math.Min(part, count - first), 1, new SamplingOptions { FirstIndex = first });
        return new Turn(Stopwatch.GetElapsedTime(began).TotalSeconds, null);
    }

    /// <summary>The command <c>sample</c> in a process of its own: by its own clock, from its arguments to the last flush.</summary>
    private static Turn Child(long count, string path)
    {
        string program = Path.Combine(AppContext.BaseDirectory, "FlowDsl.Hosting.Probe.dll");
        string[] words = ["exec", program, "sample", "Blob.Heun", "-n", count.ToString(CultureInfo.InvariantCulture), "--out", path, "--json"];
        using Process process = Process.Start(new ProcessStartInfo("dotnet", words) { RedirectStandardOutput = true })!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        double? peak = null;
        while (!process.WaitForExit(TimeSpan.FromMilliseconds(10))) peak = PeakMegabytes(process.Id) ?? peak;
        if (process.ExitCode != 0) throw new InvalidOperationException($"'{string.Join(' ', words)}' failed with {process.ExitCode}.");
        return new Turn(JsonDocument.Parse(output.Result).RootElement.GetProperty("seconds").GetDouble(), peak);
    }

    /// <summary>The most memory that a process has had at once, by Linux (VmHWM); null elsewhere and when it has ended.</summary>
    private static double? PeakMegabytes(int process)
    {
        const string key = "VmHWM:";
        try
        {
            string? line = File.ReadLines($"/proc/{process}/status").FirstOrDefault(line => line.StartsWith(key, StringComparison.Ordinal));
            // "VmHWM:   123456 kB", of 1024 bytes.
            return line is null ? null : 1.024e-3 * long.Parse(line[key.Length..^2].Trim(), CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static void Report(FileFigure[] figures, long count, int rounds, bool json)
    {
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(new { machine = Machine.Description, count, rounds, figures }, s_json));
            return;
        }
        Console.WriteLine(Machine.Description);
        Console.WriteLine(
            $"{count} samples of two floats, flushed to the disk; "
            + $"medians of {rounds} rounds in turns, ratios within rounds; the highest of the peaks\n");
        Console.WriteLine("| what | MB/s | to zero bytes | peak memory, MB |\n| --- | ---: | ---: | ---: |");
        foreach (FileFigure figure in figures)
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"| {figure.What} | {figure.MegabytesPerSecond:F0} | {figure.Share:P0} | {figure.PeakMegabytes:F0} |"));
    }

    private readonly record struct Turn(double Seconds, double? PeakMegabytes);
}

/// <summary>How fast something comes to the disk.</summary>
/// <param name="What">What is written.</param>
/// <param name="MegabytesPerSecond">The rate, the median of the rounds.</param>
/// <param name="Share">The rate as a share of that of zero bytes, the median of the rounds.</param>
/// <param name="PeakMegabytes">The most memory of a process of its own, in any round; null for this process.</param>
internal sealed record FileFigure(string What, double MegabytesPerSecond, double Share, double? PeakMegabytes);
