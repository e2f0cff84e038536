namespace FlowDsl.Examples;

/// <summary>Says on the error stream what is being done, so that the output stream holds results only.</summary>
internal static class Progress
{
    private static readonly Lock s_gate = new();

    /// <summary>Begins a line, or overwrites it where the error stream is a terminal.</summary>
    public static void Report(string task, long done, long total)
    {
        // A file or pipe gets the end of a task only, not every stage of it.
        if (Console.IsErrorRedirected && done < total) return;
        lock (s_gate) Console.Error.Write(Console.IsErrorRedirected ? $"{task}: {done}\n" : $"\r{task}: {done} of {total} {(done < total ? "" : "\n")}");
    }
}
