using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace FlowDsl.Benchmarks;

/// <summary>Native/network.py by PyTorch on one thread, in a process that waits between its turns and takes the times itself.</summary>
internal sealed class TorchNetwork : IDisposable
{
    private const string Script = "network.py", Module = "torch";

    private readonly Process _process;
    private readonly DirectoryInfo _folder;

    private TorchNetwork(Process process, DirectoryInfo folder, int[] sizes, int batch)
    {
        (_process, _folder) = (process, folder);
        _process.StandardInput.WriteLine(JsonSerializer.Serialize(new { sizes, batch }));
        Version = _process.StandardOutput.ReadLine()
            ?? throw new InvalidOperationException("The script ended before it began: " + _process.StandardError.ReadToEnd());
    }

    /// <summary>The version of PyTorch.</summary>
    public string Version { get; }

    /// <summary>Starts the script; null where no interpreter has PyTorch.</summary>
    public static TorchNetwork? Start(int[] sizes, int batch)
    {
        if (Python.With(Module) is not { } interpreter) return null;
        DirectoryInfo folder = Directory.CreateTempSubdirectory("flowdsl-");
        string path = Path.Combine(folder.FullName, Script);
        File.WriteAllText(path, CppCompiler.Resource(Script));
        var start = new ProcessStartInfo(interpreter.Path, [path])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string variable in (string[])["OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"]) start.Environment[variable] = "1";
        return new TorchNetwork(Process.Start(start)!, folder, sizes, batch);
    }

    /// <summary>The seconds of a training step or a forward pass.</summary>
    public double Time(bool trains)
    {
        _process.StandardInput.WriteLine(trains ? "train" : "infer");
        return double.Parse(_process.StandardOutput.ReadLine()!, CultureInfo.InvariantCulture);
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
        _folder.Delete(recursive: true);
    }
}
