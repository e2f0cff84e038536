using System.Globalization;
using System.Text.Json;
using FlowDsl.Mathematics.Grids;

namespace FlowDsl.Benchmarks;

/// <summary>The generator's costs as the figures of docs/benchmarks/compile-times.md, or as JSON.</summary>
internal static class GeneratorReport
{
    private static readonly JsonSerializerOptions s_json = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static string Json(GeneratorCosts costs) => JsonSerializer.Serialize(costs, s_json) + "\n";

    public static ResultFile Results(GeneratorCosts costs, string arguments)
    {
        string command = $"dotnet run -c Release --project tests/FlowDsl.Benchmarks -- {GeneratorCosts.Command} {arguments}".TrimEnd();
        var file = new ResultFile(command, Machine.Description);
        file.Add(
            "editor",
            ["K = 8, d = 2, N = 8", "ms"],
            [
                ["the generator's first run in a process, in which the JIT compiles it", Text(costs.Cold, "F0")],
                ["the runs after it, from nothing, while the JIT improves its code", Text(costs.Warm, "F1")],
                ["a character typed in another file: everything is cached", Text(costs.EditElsewhere, "F2")],
                ["a digit of the model typed", Text(costs.EditInModel, "F1")],
            ]);
        Add("components", "K", costs.ByComponents, point => point.Components);
        Add("dimensions", "d", costs.ByDimension, point => point.Dimension);
        Add("steps", "N", costs.BySteps, point => point.Steps);
        return file;

        void Add(string name, string symbol, GeneratorPoint[] points, Func<GeneratorPoint, int> varied) => file.Add(
            name,
            [symbol, "sampler", "generator, ms", "C# compiler, ms", "generated lines", "JIT, ms", "IL, bytes", "machine code, bytes"],
            points.Select(point => new[]
            {
                $"{varied(point)}",
                point.Form,
                Text(point.GeneratorMilliseconds, "F1"),
                Text(point.CompilerMilliseconds, "F0"),
                $"{point.Lines}",
                Text(point.FirstCall.JitMilliseconds, "F1"),
                $"{point.FirstCall.IntermediateBytes}",
                $"{point.FirstCall.MachineBytes}",
            }));
    }

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
