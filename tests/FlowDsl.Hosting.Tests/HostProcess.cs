using System.Diagnostics;
using System.Globalization;

namespace FlowDsl.Tests;

/// <summary>The probe's program as a process of its own, which a test can kill.</summary>
internal sealed class HostProcess : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _errors, _output;

    /// <summary>Starts a command whose words are separated by blanks.</summary>
    public HostProcess(string words)
    {
        string host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } path ? path : "dotnet";
        // By its path: loaded into this process, its models would be among those of the other tests.
        string program = Path.Combine(AppContext.BaseDirectory, "FlowDsl.Hosting.Probe.dll");
        string[] arguments = ["exec", program, .. words.Split(' ', StringSplitOptions.RemoveEmptyEntries)];
        _process = Process.Start(new ProcessStartInfo(host, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        (_output, _errors) = (_process.StandardOutput.ReadToEndAsync(), _process.StandardError.ReadToEndAsync());
    }

    public bool HasExited => _process.HasExited;

    /// <summary>Ends it at once, as <c>kill -9</c> does.</summary>
    /// <returns>False if it had ended by itself.</returns>
    public bool Kill()
    {
        if (_process.HasExited) return false;
        _process.Kill();
        _process.WaitForExit();
        // 128 and SIGKILL: else it was faster than the signal.
        return _process.ExitCode == 137;
    }

    /// <summary>Asks it to end, as batch systems do.</summary>
    public void Terminate()
    {
        using Process kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    /// <summary>Waits for its end.</summary>
    public CommandLine.Outcome Wait()
    {
        _process.WaitForExit();
        return new CommandLine.Outcome(_process.ExitCode, _output.Result, _errors.Result);
    }

    public void Dispose() => _process.Dispose();
}
