using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace FlowDsl.Benchmarks;

/// <summary>Compiles the native peers for this machine when they are needed: the benchmark builds and runs without a C++ compiler.</summary>
internal static class CppCompiler
{
    private const string Header = "lanes.hpp";
    private static readonly string[] s_names = ["clang++", "clang++-19", "g++"];
    private static readonly string? s_path = Avx2.IsSupported && Fma.IsSupported ? Find() : null;

    /// <summary>Whether there is a compiler, and AVX2 with FMA to run what it makes.</summary>
    public static bool IsAvailable => s_path is not null;

    /// <summary>Whether it is Clang.</summary>
    public static bool IsClang => s_path is not null && Path.GetFileName(s_path).StartsWith("clang", StringComparison.Ordinal);

    /// <summary>The first line of what it says about itself.</summary>
    public static string? Version => field ??= s_path is null ? null : Run(s_path, ["--version"]).Split('\n')[0].Trim();

    /// <summary>The lanes of vectors that peers are compiled for: each competes in all widths of this machine.</summary>
    public static IReadOnlyList<int> Widths { get; } = Avx512F.IsSupported && Avx512F.VL.IsSupported ? [8, 16] : [8];

    /// <summary>The text of a file of this folder.</summary>
    public static string Resource(string name)
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)
            ?? throw new ArgumentException($"There is no resource {name}.", nameof(name));
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    /// <summary>Compiles a source that may include the header of this folder, and loads it for the life of the process.</summary>
    /// <param name="source">The source.</param>
    /// <param name="macros">Macros, NAME=VALUE.</param>
    /// <returns>The library's handle.</returns>
    /// <exception cref="InvalidOperationException">There is no compiler, or it refuses.</exception>
    public static nint Compile(string source, params string[] macros)
        => Load(source, [.. macros.Select(macro => "-D" + macro)]);

    /// <summary>The same in each width of this machine, for a source that is written in <c>LANES</c>.</summary>
    public static IReadOnlyList<CppLibrary> CompileAll(string source, params string[] macros)
        => [.. Widths.Select(lanes => new CppLibrary(
            lanes, Load(source, [.. macros.Append($"LANES={lanes}").Select(macro => "-D" + macro), $"-mprefer-vector-width={32 * lanes}"])))];

    private static nint Load(string source, IReadOnlyList<string> definitions)
    {
        string compiler = s_path ?? throw new InvalidOperationException("There is no C++ compiler.");
        DirectoryInfo folder = Directory.CreateTempSubdirectory("flowdsl-");
        try
        {
            string input = Path.Combine(folder.FullName, "peer.cpp"), output = Path.Combine(folder.FullName, "peer.so");
            File.WriteAllText(Path.Combine(folder.FullName, Header), Resource(Header));
            File.WriteAllText(input, source);
            // No -ffast-math: the generated samplers may not reorder either.
            Run(compiler, ["-std=c++17", "-O3", "-march=native", "-mavx2", "-mfma", "-fPIC", "-shared", .. definitions, input, "-o", output]);
            return NativeLibrary.Load(output);
        }
        finally
        {
            // The loader keeps what it has mapped.
            folder.Delete(recursive: true);
        }
    }

    private static string? Find()
    {
        string[] folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return s_names.SelectMany(name => folders.Select(folder => Path.Combine(folder, name))).FirstOrDefault(File.Exists);
    }

    private static string Run(string program, string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? text : throw new InvalidOperationException($"{program} failed:\n{errors.Result}");
    }
}

/// <summary>A native peer that is loaded.</summary>
/// <param name="Lanes">The lanes of its vectors.</param>
/// <param name="Handle">The library.</param>
internal sealed record CppLibrary(int Lanes, nint Handle)
{
    /// <summary>The names of what differs between its methods.</summary>
    public string Describe(int vectors) => $"{vectors} vector{(vectors == 1 ? "" : "s")} of {32 * Lanes} bits at a time";

    /// <summary>A method of the library.</summary>
    public nint Method(string name) => NativeLibrary.GetExport(Handle, name);
}
