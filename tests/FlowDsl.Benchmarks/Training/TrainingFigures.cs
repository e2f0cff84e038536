using System.Diagnostics;
using System.Text.Json;
using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Grids;
using FlowDsl.Mathematics.Trajectories;
using FlowDsl.Runtime.Blocks;
using FlowDsl.Runtime.Students;
using FlowDsl.Training;
using MathNet.Numerics.LinearAlgebra;

namespace FlowDsl.Benchmarks;

/// <summary>The command "training": a training step and a forward pass against this machine's peak, PyTorch and a matrix library, all on one thread.</summary>
internal static class TrainingFigures
{
    public const string Command = "training";

    private const int Batch = 1024, DefaultRounds = 61, WarmRounds = 5;

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
        // One thread for the library, too.
        MathNet.Numerics.Control.UseManaged();
        MathNet.Numerics.Control.UseSingleThread();
        Row[] rows =
        [
            Measure<Networks2.Width32>(rounds), Measure<Networks2.Width64>(rounds), Measure<Networks2.Width128>(rounds),
            Measure<Networks64.Width32>(rounds), Measure<Networks64.Width64>(rounds),
            Measure<Networks64.Width128>(rounds), Measure<Networks64.Width512>(rounds),
        ];
        if (json) Console.WriteLine(JsonSerializer.Serialize(new { machine = Machine.Description, batch = Batch, rounds, rows }, s_json));
        else Print(rows);
        return 0;
    }

    private static Row Measure<TStudent>(int rounds)
        where TStudent : IFlowStudent<TStudent>
    {
        StudentDescriptor student = TStudent.Student;
        StudentShape shape = student.Shape;
        int d = shape.Coordinates;
        int[] sizes = [d, .. Enumerable.Repeat(shape.Width, shape.Depth), d];
        StudentWeights weights = StudentWeights.Initial(student, 1);
        StudentKernel kernel = TStudent.CreateKernel(weights);
        StudentSegment segment = kernel.Segment(0);
        var batch = new BatchGradient(kernel);
        var optimizer = new AdamW(shape.ParameterCount);
        float[] parameters = weights.Segment(0).ToArray(), gradient = new float[parameters.Length];
        float[] starts = FlowSampling.DrawPrior<float>(student.Sampler.Model, Batch, 1), states = [.. starts];
        float[] targets = FlowSampling.DrawPrior<float>(student.Sampler.Model, Batch, 2);
        var library = new MatrixLibraryNetwork(sizes, weights.Segment(0));
        Matrix<float> rowsOfStarts = Matrix<float>.Build.Dense(Batch, d, (i, j) => starts[i * d + j]);
        Check(library.Map(rowsOfStarts), kernel, starts);
        using TorchNetwork? torch = TorchNetwork.Start(sizes, Batch);

        int step = 0;
        double[][] times = [.. Enumerable.Range(0, 6).Select(_ => new double[rounds])];
        for (int round = -WarmRounds; round < rounds; round++)
        {
            double[] turn =
            [
                MultiplyAddPeak.Time(),
                Time(Train),
                torch?.Time(trains: true) ?? double.NaN,
                Time(Infer),
                torch?.Time(trains: false) ?? double.NaN,
                Time(() => library.Map(rowsOfStarts)),
            ];
            for (int i = 0; round >= 0 && i < turn.Length; i++) times[i][round] = turn[i];
        }

        // Forward, the gradient by the weights, and that by the inputs of all layers but the first.
        double forward = Enumerable.Range(0, shape.LayerCount).Sum(layer => (double)shape.InputsOf(layer) * shape.OutputsOf(layer));
        double trains = Batch * (3 * forward - (double)shape.InputsOf(0) * shape.OutputsOf(0)), peak = MultiplyAddPeak.MultiplyAdds;
        return new Row(
            string.Join("-", sizes),
            Ratio(times[0], times[1]) * trains / peak, Ratio(times[2], times[1]),
            Ratio(times[0], times[3]) * Batch * forward / peak, Ratio(times[4], times[3]), Ratio(times[5], times[3]),
            1e3 * Median(times[1]), 1e3 * Median(times[3]), torch?.Version);

        void Train()
        {
            segment.Load(parameters, forTraining: true);
            gradient.AsSpan().Clear();
            batch.Add(segment, starts, targets, 1f / (Batch * d), gradient);
            double square = 0;
            foreach (float value in gradient) square += (double)value * value;
            optimizer.Step(++step, 1e-4, 0, Math.Min(1, 1 / Math.Sqrt(square)), parameters, gradient);
        }

        void Infer()
        {
            starts.CopyTo(states, 0);
            BlockDriver.Integrate(kernel, states);
        }
    }

    private static void Check(Matrix<float> expected, StudentKernel kernel, float[] starts)
    {
        float[] states = [.. starts];
        BlockDriver.Integrate(kernel, states);
        int d = expected.ColumnCount;
        for (int i = 0; i < states.Length; i++)
            if (Math.Abs(states[i] - expected[i / d, i % d]) > 1e-3 * Math.Max(1, Math.Abs(states[i])))
                throw new InvalidOperationException($"The library's network gives {expected[i / d, i % d]} where the student gives {states[i]}.");
    }

    private static double Time(Action turn)
    {
        long began = Stopwatch.GetTimestamp();
        turn();
        return Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    private static double Ratio(double[] slower, double[] faster) => Median([.. slower.Zip(faster, (left, right) => left / right)]);

    private static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);

    private static void Print(Row[] rows)
    {
        Console.WriteLine($"{Machine.Description}; PyTorch {rows[0].Torch ?? "not found"}");
        Console.WriteLine($"batch {Batch}, one thread, medians over rounds in which all take turns; a ratio is how many times as long the peer takes\n");
        Console.WriteLine(
            "| network | step, ms | share of peak | to PyTorch | forward, ms | share of peak | to PyTorch | to MathNet |\n|---|---|---|---|---|---|---|---|");
        foreach (Row row in rows)
            Console.WriteLine(
                $"| {row.Network} | {row.StepMilliseconds:f2} | {row.StepShare:P0} | {Ratio(row.StepToTorch)} "
                + $"| {row.ForwardMilliseconds:f3} | {row.ForwardShare:P0} | {Ratio(row.ForwardToTorch)} | ×{row.ForwardToLibrary:f1} |");
    }

    private static string Ratio(double value) => double.IsNaN(value) ? "" : $"×{value:f1}";

    /// <summary>A network.</summary>
    internal sealed record Row(
        string Network, double StepShare, double StepToTorch, double ForwardShare, double ForwardToTorch, double ForwardToLibrary,
        double StepMilliseconds, double ForwardMilliseconds, string? Torch);
}
