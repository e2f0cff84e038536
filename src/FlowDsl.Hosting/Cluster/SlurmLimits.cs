namespace FlowDsl.Hosting.Cluster;

/// <summary>What Slurm is asked for beside processors and memory.</summary>
/// <param name="Time">The time limit of a task.</param>
/// <param name="Partition">The partition, or null for the cluster's own choice.</param>
/// <param name="Account">Who pays, or null for the user's default.</param>
internal sealed record SlurmLimits(TimeLimit Time, string? Partition, string? Account);
