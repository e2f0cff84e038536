using FlowDsl.Hosting.Output;

namespace FlowDsl.Hosting.Cluster;

/// <summary>How this very program is started again.</summary>
internal static class ProgramCommand
{
    /// <summary>The command of this process, without its arguments: a program, or dotnet and an assembly.</summary>
    /// <exception cref="HostException">The system does not say.</exception>
    public static ImmutableArray<string> OfThisProcess() => Of(Environment.ProcessPath, Environment.GetCommandLineArgs()[0])
        ?? throw new HostException("This program's own path is not known here: name it with --program.");

    /// <summary>The command of a process.</summary>
    /// <param name="process">The path of what runs.</param>
    /// <param name="entry">What it was started with, which for an assembly run by dotnet is the assembly.</param>
    internal static ImmutableArray<string>? Of(string? process, string entry)
    {
        if (process is null) return null;
        bool isLauncher = Path.GetFileNameWithoutExtension(process).Equals("dotnet", StringComparison.OrdinalIgnoreCase);
        return isLauncher ? [process, Path.GetFullPath(entry)] : [process];
    }
}
