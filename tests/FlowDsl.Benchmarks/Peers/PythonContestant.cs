using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using FlowDsl.Mathematics;
using Process = System.Diagnostics.Process;

namespace FlowDsl.Benchmarks;

/// <summary>
/// Native/mixture.py by NumPy or PyTorch on one thread, in a process of its own that waits between its turns. The script takes the
/// times itself: the pipes are not in them.
/// </summary>
internal sealed class PythonContestant : Contestant, IDisposable
{
    private const string Script = "mixture.py";

    private readonly Process _process;
    private readonly DirectoryInfo _folder;
    private readonly Task<string> _errors;
    private readonly int _d;
    private double _seconds;

    private PythonContestant(string name, Process process, DirectoryInfo folder, Mixture mixture, FlowProgram program, float[] starts)
        : base(name)
    {
        (_process, _folder, _d) = (process, folder, mixture.Dimension);
        _errors = process.StandardError.ReadToEndAsync();
        Capacity = starts.Length / _d;
        // The script's exponentials are natural ones.
        float[] tables = NativeTables.Of(mixture, program, field => [.. field.Bias, .. field.Linear, .. field.Quadratic]);
        int evaluations = program.FunctionEvaluations;
        string header = JsonSerializer.Serialize(new
        {
            method = NativeTables.Name(program),
            kind = FieldTable.Shape(mixture),
            dimension = _d,
            components = mixture.Count,
            evaluations,
            table = tables.Length / evaluations,
            samples = Capacity,
        });
        Write(Encoding.UTF8.GetBytes(header + "\n"));
        Write(MemoryMarshal.AsBytes<float>(tables));
        Write(MemoryMarshal.AsBytes<float>(starts));
        Grain = JsonDocument.Parse(Answer()).RootElement.GetProperty("chunk").GetInt32();
        Variant = $"chunks of {Grain}";
    }

    public override int Capacity { get; }

    /// <summary>Starts the script, which chooses the size of its chunks.</summary>
    /// <param name="name">What it is.</param>
    /// <param name="module">numpy or torch.</param>
    /// <param name="mixture">The mixture.</param>
    /// <param name="program">Heun's method or 2M on a grid.</param>
    /// <param name="starts">Row-major samples.</param>
    /// <exception cref="NotSupportedException">No interpreter has the module.</exception>
    public static PythonContestant Start(string name, string module, Mixture mixture, FlowProgram program, float[] starts)
    {
        if (Python.With(module) is not { } interpreter) throw new NotSupportedException($"No interpreter has {module}.");
        DirectoryInfo folder = Directory.CreateTempSubdirectory("flowdsl-");
        string path = Path.Combine(folder.FullName, Script);
        File.WriteAllText(path, CppCompiler.Resource(Script));
        var start = new System.Diagnostics.ProcessStartInfo(interpreter.Path, [path, module])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string variable in (string[])["OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"]) start.Environment[variable] = "1";
        return new PythonContestant(name, Process.Start(start)!, folder, mixture, program, starts);
    }

    /// <summary>Nothing: the script does it before it takes the time.</summary>
    public override void Restore(int samples)
    {
    }

    public override void Run(int samples)
    {
        Write(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"run {samples}\n")));
        _seconds = double.Parse(Answer(), CultureInfo.InvariantCulture);
    }

    public override double Time()
    {
        Run(Turn);
        return _seconds / Turn;
    }

    public override (double Error, double Size) Compare(ReadOnlySpan<double> exact)
    {
        float[] states = new float[exact.Length];
        Write(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"states {exact.Length / _d}\n")));
        _process.StandardOutput.BaseStream.ReadExactly(MemoryMarshal.AsBytes(states.AsSpan()));
        return Distance<float>(states, exact);
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        _process.StandardInput.BaseStream.Write(bytes);
        _process.StandardInput.BaseStream.Flush();
    }

    // By bytes: a reader would take what follows the line too.
    private string Answer()
    {
        var line = new StringBuilder();
        for (int next; (next = _process.StandardOutput.BaseStream.ReadByte()) != '\n'; line.Append((char)next))
            if (next < 0) throw new InvalidOperationException($"{Name} stopped: {_errors.Result}");
        return line.ToString();
    }
}
