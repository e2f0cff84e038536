using System.Globalization;

namespace FlowDsl.Hosting.Cluster;

/// <summary>The tasks that share some work, and what each of them gets.</summary>
/// <param name="Program">How the program is started: a command and its first arguments.</param>
/// <param name="Command">The whole command that asked for it, for people.</param>
/// <param name="Count">How many tasks there are.</param>
/// <param name="AtOnce">How many of them may run at the same time, or null.</param>
/// <param name="Cpus">The processors of a task.</param>
/// <param name="Memory">The memory of a task, or null for what the cluster gives.</param>
internal sealed record ClusterTasks(
    ImmutableArray<string> Program, ImmutableArray<string> Command, int Count, int? AtOnce, int Cpus, MemorySize? Memory)
{
    /// <summary>The number of tasks for people.</summary>
    public string Words => Count == 1 ? "1 task" : string.Create(CultureInfo.InvariantCulture, $"{Count} tasks");
}
