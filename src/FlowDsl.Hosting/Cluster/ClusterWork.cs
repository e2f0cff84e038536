namespace FlowDsl.Hosting.Cluster;

/// <summary>Work that tasks of a cluster do in parts, each one its share, and what follows when all are done.</summary>
internal sealed record ClusterWork
{
    /// <summary>What jobs are called: "TwoModes.Fast".</summary>
    public required string Name { get; init; }

    /// <summary>What is done, for people: "1000 samples of TwoModes.Fast in 4 shards".</summary>
    public required string Title { get; init; }

    /// <summary>The program's arguments for a task, without those that say which task it is.</summary>
    public required ImmutableArray<string> Task { get; init; }

    /// <summary>The program's arguments when all tasks are done.</summary>
    public required ImmutableArray<string> Merge { get; init; }

    /// <summary>The folder that all tasks write to, in full.</summary>
    public required string Folder { get; init; }

    /// <summary>The names of the files in it that say which parts are finished, with a star.</summary>
    public required string Records { get; init; }

    /// <summary>The names of what keeps the states of unfinished parts in it, with a star; null if there is nothing.</summary>
    public string? States { get; init; }

    /// <summary>How much a task can do at the least, in the singular: "shard".</summary>
    public required string Part { get; init; }

    /// <summary>The option that makes parts smaller.</summary>
    public required string PartOption { get; init; }

    /// <summary>How many bytes the folder takes in the end, the merged file included.</summary>
    public required long Bytes { get; init; }
}
