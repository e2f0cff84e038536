namespace FlowDsl.Hosting.Output;

/// <summary>Ends a command with one line for the user.</summary>
/// <param name="message">What is wrong, with the value and what would be valid.</param>
/// <param name="exitCode">The code of the process.</param>
internal sealed class HostException(string message, int exitCode = ExitCodes.Failed) : Exception(message)
{
    /// <summary>The code of the process.</summary>
    public int ExitCode { get; } = exitCode;

    /// <summary>An argument that no command can take.</summary>
    public static HostException Usage(string message) => new(message, ExitCodes.BadUsage);
}
