using System.Reflection;
using System.Runtime.InteropServices;

namespace FlowDsl.Hosting.Reports.Gathering;

/// <summary>What made a report.</summary>
/// <param name="Version">FlowDsl's version.</param>
/// <param name="Runtime">The runtime's name and version.</param>
/// <param name="System">The operating system.</param>
/// <param name="Processor">The processor's name.</param>
/// <param name="Cores">The logical processors that the process may use.</param>
/// <param name="Arithmetic">The arithmetic of samplers: samples have the same bits wherever it fuses alike.</param>
internal sealed record ReportOrigin(string Version, string Runtime, string System, string Processor, int Cores, SamplingArithmetic Arithmetic)
{
    /// <summary>This process's.</summary>
    public static ReportOrigin OfProcess() => new(
        Shortened(typeof(ReportOrigin).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown"),
        RuntimeInformation.FrameworkDescription, RuntimeInformation.OSDescription, ProcessorName() ?? $"{RuntimeInformation.ProcessArchitecture}",
        Environment.ProcessorCount, SamplingArithmetic.Current);

    /// <summary>A version with as many digits of the commit as tell it from others.</summary>
    private static string Shortened(string version)
    {
        const int digits = 10;
        int commit = version.IndexOf('+', StringComparison.Ordinal) + 1;
        return commit > 0 && version.Length > commit + digits ? version[..(commit + digits)] : version;
    }

    /// <summary>The name as the system tells it; null where it has no file or variable for that.</summary>
    private static string? ProcessorName()
    {
        const string linux = "/proc/cpuinfo";
        try
        {
            string? line = File.Exists(linux) ? File.ReadLines(linux).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal)) : null;
            return line?[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim() ?? Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
