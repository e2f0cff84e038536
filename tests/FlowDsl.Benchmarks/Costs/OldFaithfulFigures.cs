using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;

namespace FlowDsl.Benchmarks;

/// <summary>The command "old-faithful": README's table, from what the example's own command prints.</summary>
internal static class OldFaithfulFigures
{
    public const string Command = "old-faithful";

    private const string Example = "run -c Release --project examples/OldFaithful -- compare OldFaithful -n 20000 --seed 1 --rounds 25 --json";

    public static int Run(ReadOnlySpan<string> arguments)
    {
        if (arguments is not ([] or ["--write", _]))
        {
            Console.Error.WriteLine($"Usage: {Command} [--write FILE.json]");
            return 2;
        }
        var start = new ProcessStartInfo("dotnet", Example.Split(' ')) { WorkingDirectory = FigurePages.Root, RedirectStandardOutput = true };
        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException($"'dotnet {Example}' ended with exit code {process.ExitCode}.");

        var results = new ResultFile($"dotnet {Example}", Machine.Description);
        results.Add(
            "samplers",
            ["solver", "grid", "steps", "NFE", "million samples/s, one core", "relative MSE", "median error", "end in another mode"],
            JsonNode.Parse(output)!["samplers"]!.AsArray().OrderBy(sampler => Enum.Parse<Solver>($"{sampler!["solver"]}")).Select(sampler => Row(sampler!)));
        if (arguments is ["--write", var path]) results.Write(path);
        Console.Write(results);
        return 0;
    }

    private static string[] Row(JsonNode sampler) =>
    [
        $"{sampler["solver"]}", $"{sampler["grid"]}", $"{sampler["steps"]}", $"{sampler["functionEvaluations"]}",
        Text(sampler["samplesPerSecondOneCore"]!.GetValue<double>() / 1e6, "0.0"), Text(sampler["relativeMeanSquaredError"]!.GetValue<double>(), "0.00E+0"),
        Text(sampler["medianError"]!.GetValue<double>(), "0.00E+0"), Text(sampler["distances"]!["strays"]!["value"]!.GetValue<double>(), "P3"),
    ];

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
