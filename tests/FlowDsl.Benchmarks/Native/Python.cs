using System.Diagnostics;

namespace FlowDsl.Benchmarks;

/// <summary>Interpreters with a module.</summary>
internal static class Python
{
    private static readonly string[] s_names = ["python3", "/usr/bin/python3", "python"];
    private static readonly Dictionary<string, (string Path, string Version)?> s_found = new(StringComparer.Ordinal);

    /// <summary>The first interpreter that can import a module, and the module's version; null where there is none.</summary>
    public static (string Path, string Version)? With(string module)
    {
        if (s_found.TryGetValue(module, out (string Path, string Version)? known)) return known;
        foreach (string name in s_names)
            if (Version(name, module) is { } version) return s_found[module] = (name, version);
        return s_found[module] = null;
    }

    private static string? Version(string name, string module)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(name, ["-c", $"import numpy, {module}; print({module}.__version__)"])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            Task<string> errors = process.StandardError.ReadToEndAsync();
            string version = process.StandardOutput.ReadToEnd().Trim();
            process.WaitForExit();
            errors.Wait();
            return process.ExitCode == 0 ? version : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
