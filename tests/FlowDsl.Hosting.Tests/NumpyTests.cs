using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace FlowDsl.Tests;

/// <summary>Files as NumPy itself reads them.</summary>
public class NumpyTests
{
    private const string Script = """
        import hashlib, sys, numpy
        array = numpy.load(sys.argv[1], mmap_mode="r")
        states = numpy.ascontiguousarray(array[:, :2]).astype("<f4").tobytes()
        print(array.dtype.str, *array.shape, array.flags["C_CONTIGUOUS"], hashlib.sha256(states).hexdigest())
        """;

    [NumpyTheory]
    [InlineData("a.npy", "", "<f4", 2)]
    [InlineData("a.npy", "--errors", "<f8", 5)]
    [InlineData("run", "", "<f4", 2)]
    [InlineData("run", "--errors", "<f8", 5)]
    public void NumpyReadsTheBits(string name, string options, string type, int columns)
    {
        using var folder = new TemporaryFolder();
        CommandLine.Run($"sample TwoModes.Fast -n 3001 --seed 6 {options} --out {folder[name]}").Done();
        string path = folder[name];
        if (name == "run")
        {
            path = folder["merged.npy"];
            CommandLine.Run($"merge {folder[name]} --out {path}").Done();
        }
        byte[] expected = MemoryMarshal.AsBytes(FlowSampling.Sample<Hosted.TwoModes.Fast, float>(3001, 6).AsSpan()).ToArray();
        string line = string.Create(CultureInfo.InvariantCulture, $"{type} 3001 {columns} True {Convert.ToHexStringLower(SHA256.HashData(expected))}");
        Assert.Equal(line, Run(NumpyTheoryAttribute.Interpreter!, "-c", Script, path));
    }

    /// <summary>What a program prints; null if it fails.</summary>
    internal static string? Run(string program, params string[] arguments)
    {
        try
        {
            using Process process = Process.Start(
                new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            Task<string> errors = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd().Trim();
            process.WaitForExit();
            return process.ExitCode == 0 ? output : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}

/// <summary>Skipped where no Python has NumPy.</summary>
internal sealed class NumpyTheoryAttribute : TheoryAttribute
{
    private static readonly Lazy<string?> s_interpreter = new(
        () => new[] { "python3", "/usr/bin/python3", "python" }.FirstOrDefault(name => NumpyTests.Run(name, "-c", "import numpy") is not null));

    public NumpyTheoryAttribute()
    {
        if (Interpreter is null) Skip = "Needs Python with NumPy.";
    }

    public static string? Interpreter => s_interpreter.Value;
}
