using System.Text.Json;
using FlowDsl.Mathematics.Grids;
using FlowDsl.Mathematics.Numerics;
using FlowDsl.Runtime.Arithmetic;

namespace FlowDsl.Benchmarks;

/// <summary>The command "dense": how much of one core's peak the kernels of dense layers reach.</summary>
internal static class DenseFigures
{
    public const string Command = "dense";

    private const int DefaultRounds = 101, Samples = 1024;

    // Floats between rows of a block besides its lanes: a cache line, so that rows of a wide layer spread over the cache.
    private const int Gap = 16;

    private static readonly int[] s_lanes = [64, 128, 256];
    private static readonly (int Inputs, int Outputs)[] s_shapes = [(512, 512), (128, 128), (39, 128)];
    private static readonly JsonSerializerOptions s_json = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    public static int Run(ReadOnlySpan<string> arguments)
    {
        (bool json, int rounds) = (false, DefaultRounds);
        while (arguments.Length > 0)
        {
            switch (arguments)
            {
                case ["--json", ..]:
                    json = true;
                    arguments = arguments[1..];
                    break;
                case ["--rounds", { } text, ..] when int.TryParse(text, out rounds) && rounds > 0:
                    arguments = arguments[2..];
                    break;
                default:
                    Console.Error.WriteLine($"Usage: {Command} [--rounds N] [--json]");
                    return 2;
            }
        }

        Row[] rows =
        [
            .. from shape in s_shapes
               from lanes in s_lanes
               from share in Measure(shape.Inputs, shape.Outputs, lanes, rounds)
               select new Row(shape.Inputs, shape.Outputs, lanes, share),
        ];
        if (json) Console.WriteLine(JsonSerializer.Serialize(new { machine = Machine.Description, samples = Samples, rounds, rows }, s_json));
        else Print(rows);
        return 0;
    }

    private static PeakShare[] Measure(int inputs, int outputs, int lanes, int rounds)
    {
        var random = new Random(1);
        float[] Values(int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() - 0.5f)];
        int pitch = lanes + Gap, wide = (Math.Max(inputs, outputs) + 1) * pitch, blocks = Samples / lanes;
        float[] parameters = Values(DenseLayer.CountParameters(inputs, outputs)), gradient = new float[parameters.Length];
        float[] x = Values(wide * blocks), dy = Values(wide * blocks), result = new float[wide * blocks];
        var layer = new DenseLayer(inputs, outputs);
        layer.Load(parameters, forTraining: true);
        double work = (double)inputs * outputs * Samples;
        return PeakShare.Measure(rounds,
        [
            ("y = W x + b", work, () => ForBlocks(at => layer.Apply(ref x[at], ref result[at], (nuint)pitch, (nuint)lanes))),
            ("dx = Wᵀ dy", work, () => ForBlocks(at => layer.ApplyTransposed(ref dy[at], ref result[at], (nuint)pitch, (nuint)lanes))),
            ("dW += dy xᵀ", work, () => ForBlocks(at => layer.AddGradient(ref x[at], ref dy[at], (nuint)pitch, (nuint)lanes, gradient))),
            ("load", 2.0 * parameters.Length, () => layer.Load(parameters, forTraining: true)),
        ]);

        void ForBlocks(Action<int> act)
        {
            for (int block = 0; block < blocks; block++) act(block * wide);
        }
    }

    private static void Print(Row[] rows)
    {
        Console.WriteLine(Machine.Description);
        Console.WriteLine(
            $"{Samples} samples, one thread; share of the peak: median of rounds, and of fastest turns; "
            + $"a number loaded counts as a multiply-add\n");
        Console.WriteLine("| layer | lanes | kernel | GFlop/s | share | fastest |\n| --- | ---: | --- | ---: | ---: | ---: |");
        foreach (Row row in rows)
            Console.WriteLine(string.Create(null,
                $"| {row.Inputs} to {row.Outputs} | {row.Lanes} | {row.Share.Name} | {row.Share.GigaFlops:F1} | "
                    + $"{row.Share.Share:P0} | {row.Share.BestShare:P0} |"));
    }

    /// <summary>What was measured of one layer in blocks of some lanes.</summary>
    internal sealed record Row(int Inputs, int Outputs, int Lanes, PeakShare Share);
}
