using System.Text.Encodings.Web;
using System.Text.Json;
using FlowDsl.Generators.Planning.Samplers;
using FlowDsl.Mathematics.Grids;

namespace FlowDsl.Benchmarks;

/// <summary>Measurements as the figures of docs/benchmarks/speed.md, or as JSON.</summary>
internal static class Report
{
    private static readonly JsonWriterOptions s_json = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly string[] s_columns =
    [
        "mixture", "generated, million samples/s", "to direct-form C++", "to expanded and tiled C++", "to its own operations by Clang", "to PyTorch, NumPy",
        "to TensorPrimitives", "to scalar loops", "to the run-time model", "r.m.s. error",
    ];

    /// <summary>The table as docs/benchmarks/speed.md has it.</summary>
    public static ResultFile Results(IReadOnlyList<Measurement> measurements, string arguments)
    {
        var file = new ResultFile($"dotnet run -c Release --project tests/FlowDsl.Benchmarks -- ratios {arguments}".TrimEnd(), Setting(measurements));
        file.Add("peers", s_columns, measurements.Select(Row));
        return file;
    }

    /// <summary>A workload's cells.</summary>
    public static string[] Row(Measurement measurement)
    {
        Contest contest = measurement.Contest;
        double throughput = measurement.Throughput(contest.Generated);
        return
        [
            contest.Workload.Title,
            throughput.ToString(throughput < 0.1 ? "F4" : throughput < 10 ? "F2" : "F1"),
            Text(measurement.Ratio(contest.Cpp), "F1"),
            Text(measurement.Ratio(contest.CppExpanded), "F1"),
            Text(measurement.Ratio(contest.SameGraph), "F2"),
            string.Join(", ", new[] { contest.PyTorch, contest.NumPy }.OfType<Contestant>().Select(peer => Text(measurement.Ratio(peer), "F1"))),
            Text(measurement.Ratio(contest.Tensors), "F1"),
            Text(measurement.Ratio(contest.Scalar), "F0"),
            Text(measurement.Ratio(contest.Model), "F0"),
            measurement.Error(contest.Generated).ToString("0.0E+0"),
        ];

        static string Text(double? ratio, string format) => ratio is { } known ? "×" + known.ToString(format) : "";
    }

    /// <summary>One object with an object for each workload.</summary>
    public static void WriteJson(IReadOnlyList<Measurement> measurements, Stream stream)
    {
        using var writer = new Utf8JsonWriter(stream, s_json);
        writer.WriteStartObject();
        foreach (Measurement measurement in measurements)
        {
            Contest contest = measurement.Contest;
            writer.WriteStartObject(contest.Workload.Key);
            Number("cpp", measurement.Ratio(contest.Cpp));
            Number("cpp_expanded", measurement.Ratio(contest.CppExpanded));
            Number("clang_same_graph", measurement.Ratio(contest.SameGraph));
            Number("numpy", measurement.Ratio(contest.NumPy));
            Number("pytorch", measurement.Ratio(contest.PyTorch));
            Number("tensor_primitives", measurement.Ratio(contest.Tensors));
            Number("scalar", measurement.Ratio(contest.Scalar));
            Number("generic_model", measurement.Ratio(contest.Model));
            Number("msamples_per_s", measurement.Throughput(contest.Generated));
            int evaluations = contest.Workload.Sampler.FunctionEvaluations;
            Number("m_evaluations_per_s", evaluations * measurement.Throughput(contest.Generated));
            if (contest.GeneratedDouble is { } wide)
            {
                Number("m_evaluations_per_s_double", evaluations * measurement.Throughput(wide));
                Number("rms_double_vs_double", measurement.Error(wide));
            }
            writer.WriteString("form", contest.Plan is { } plan ? PlanText.Summary(plan) : null);
            WorkloadCosts costs = WorkloadCosts.Measure(contest.Workload.Key);
            Number("jit_ms", costs.FirstCall.JitMilliseconds);
            writer.WriteNumber("il_bytes", costs.FirstCall.IntermediateBytes);
            writer.WriteNumber("code_bytes", costs.FirstCall.MachineBytes);
            Number("compile_ms", costs.CompileTime.Milliseconds);
            Number("compile_first_ms", costs.CompileTime.FirstMilliseconds);
            Number("rms_vs_double", measurement.Error(contest.Generated));
            Number("cpp_rms_vs_double", contest.Cpp is null ? null : measurement.Error(contest.Cpp));
            writer.WriteString("cpp_variant", contest.Cpp?.Variant);
            writer.WriteString("cpp_expanded_variant", contest.CppExpanded?.Variant);
            writer.WriteString("clang_variant", contest.SameGraph?.Variant);
            writer.WriteString("numpy_variant", contest.NumPy?.Variant);
            writer.WriteString("pytorch_variant", contest.PyTorch?.Variant);
            writer.WriteString("tensor_variant", contest.Tensors.Variant);
            writer.WriteString("cpp_compiler", CppCompiler.Version);
            writer.WriteNumber("samples", contest.Generated.Turn);
            writer.WriteNumber("rounds", measurement.Rounds);
            writer.WriteEndObject();
        }
        writer.WriteEndObject();
        writer.Flush();
        stream.Write("\n"u8);

        void Number(string name, double? value)
        {
            if (value is not { } number) writer.WriteNull(name);
            // Four digits: more than the noise leaves.
            else writer.WriteNumber(name, double.Parse(number.ToString("G4")));
        }
    }

    private static string Setting(IReadOnlyList<Measurement> measurements)
    {
        int least = measurements.Min(measurement => measurement.Rounds), most = measurements.Max(measurement => measurement.Rounds);
        return $"one thread of {Machine.Description}{(CppCompiler.Version is { } compiler ? ", " + compiler : "")}"
            + $"{Module("PyTorch", "torch")}{Module("NumPy", "numpy")}; median of {(least == most ? $"{least}" : $"{least} to {most}")} rounds";

        static string Module(string name, string module) => Python.With(module) is { } found ? $", {name} {found.Version}" : "";
    }
}
