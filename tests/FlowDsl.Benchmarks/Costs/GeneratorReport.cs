using System.Globalization;
using System.Text;
using System.Text.Json;

namespace FlowDsl.Benchmarks;

/// <summary>The generator's costs as a page, or as JSON.</summary>
internal static class GeneratorReport
{
    private static readonly JsonSerializerOptions s_json = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static string Json(GeneratorCosts costs) => JsonSerializer.Serialize(costs, s_json) + "\n";

    public static string Page(GeneratorCosts costs)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"""
            # What the generator costs

            Written by `dotnet run -c Release --project tests/FlowDsl.Benchmarks -- {GeneratorCosts.Command} --write docs/compile-times.md`, in one process on
            {Machine.Description}.

            Models with K components of one variance at random means in d dimensions and one sampler, Heun's method in N steps; around K = 8, d = 2, N = 8 one number is
            varied at a time. Times are medians in milliseconds.

            ## In an editor

            | K = 8, d = 2, N = 8 | ms |
            |---|---|
            | the generator's first run in a process, in which the JIT compiles it | {costs.Cold:F0} |
            | the runs after it, from nothing, while the JIT improves its code | {costs.Warm:F1} |
            | a character typed in another file: everything is cached | {costs.EditElsewhere:F2} |
            | a digit of the model typed | {costs.EditInModel:F1} |

            The first two are without the compiler's own part: the time of a generator is taken off that visits the same attributes and does nothing.

            ## In a build and at the start of a program

            - generator: its warm time from nothing, as above.
            - C# compiler: parsing and emitting the generated files, warm, beyond the same project without them.
            - JIT: for the sampler's first call, in which it compiles the sampler. Loops over tables are methods of the library, compiled for the first sampler that calls
              them: nothing is left for later ones.
            - machine code: what the runtime reports for those methods.


            """);
        Table(text, "K", costs.ByComponents, point => point.Components);
        Table(text, "d", costs.ByDimension, point => point.Dimension);
        Table(text, "N", costs.BySteps, point => point.Steps);
        return text.ToString().TrimEnd() + "\n";
    }

    private static void Table(StringBuilder text, string name, GeneratorPoint[] points, Func<GeneratorPoint, int> varied)
    {
        text.Append(CultureInfo.InvariantCulture, $"| {name} | sampler | generator, ms | C# compiler, ms | generated lines | JIT, ms | IL, bytes | machine code, bytes |\n|---|---|---|---|---|---|---|---|\n");
        foreach (GeneratorPoint point in points)
            text.Append(
                CultureInfo.InvariantCulture,
                $"| {varied(point)} | {point.Form} | {point.GeneratorMilliseconds:F1} | {point.CompilerMilliseconds:F0} | {point.Lines} | {point.FirstCall.JitMilliseconds:F1} | {point.FirstCall.IntermediateBytes} | {point.FirstCall.MachineBytes} |\n");
        text.Append('\n');
    }
}
