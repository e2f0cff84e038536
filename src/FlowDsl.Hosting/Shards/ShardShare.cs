namespace FlowDsl.Hosting.Shards;

/// <summary>The part of a run's shards that a process makes: one block of several that are alike.</summary>
/// <param name="Index">I, from 0 to N - 1.</param>
/// <param name="Count">N, the number of processes.</param>
internal sealed record ShardShare(int Index, int Count)
{
    /// <summary>All shards.</summary>
    public static ShardShare Whole { get; } = new(0, 1);

    /// <summary>The first shard of the share, and the one after its last.</summary>
    /// <param name="shards">The number of shards of the run.</param>
    public (int First, int End) Of(int shards) => ((int)((long)shards * Index / Count), (int)((long)shards * (Index + 1) / Count));

    /// <inheritdoc/>
    public override string ToString() => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Index}/{Count}");
}
