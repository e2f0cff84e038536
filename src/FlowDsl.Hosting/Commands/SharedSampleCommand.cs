using System.CommandLine;
using System.Globalization;
using FlowDsl.Hosting.Cluster;
using FlowDsl.Hosting.Files;
using FlowDsl.Hosting.Output;
using FlowDsl.Hosting.Shards;

namespace FlowDsl.Hosting.Commands;

/// <summary>Samples whose shards tasks of a cluster share.</summary>
internal sealed class SharedSampleCommand : SharedCommand
{
    private readonly SampleCommand _sample;
    private readonly Option<string?> _merge;

    public SharedSampleCommand(HostContext context)
        : this(context, new SampleCommand(context), new("--merge")
        {
            Description = "The file for all samples at the end, .npy, .parquet or .csv; without it the shards are only checked.",
            HelpName = "FILE",
        })
    {
    }

    private SharedSampleCommand(HostContext context, SampleCommand sample, Option<string?> merge)
        : base(
            context, sample, "Draw samples into the shards of a folder, each task its share of them, and check or merge them at the end.",
            "submit sample TwoModes.Fast -n 1e9 --out /scratch/run --shard-samples 1e6 --slurm -o job.sh --array 8 --time 01:00:00 --partition cpu --run",
            ["--shard", "--resume", "--json", "--force"], merge)
        => (_sample, _merge) = (sample, merge);

    /// <inheritdoc/>
    protected override ClusterWork Divide(ParseResult arguments, int tasks, bool isHere)
    {
        RunIdentity run = _sample.Check(arguments);
        if (tasks > run.Shards)
        {
            throw HostException.Usage(string.Create(
                CultureInfo.InvariantCulture,
                $"--array is {tasks}, and there are {run.Shards} shards of {run.ShardSamples} samples: no more tasks than shards, or fewer --shard-samples."));
        }
        string folder = Place(arguments.GetRequiredValue(_sample.Out), isHere);
        if (isHere) ShardFolder.Check(folder, run);
        string? merged = arguments.GetValue(_merge) is { } file ? Place(file, isHere) : null;
        if (merged is not null)
        {
            SampleFile.CheckName(merged);
            if (isHere && File.Exists(merged) && !Replaces(arguments)) throw new HostException($"'{merged}' exists already; --force replaces it.");
        }
        string name = ShortName(run.Sampler);
        return new ClusterWork
        {
            Name = name,
            Title = string.Create(CultureInfo.InvariantCulture, $"{run.Count} samples of {name} in {run.Shards} shards"),
            Task = Words(arguments, (_sample.Out, [folder])),
            // A merge that is queued again, after it was done, finds its own file.
            Merge = merged is null ? ["merge", folder] : ["merge", folder, "--out", merged, "--force"],
            Folder = folder,
            Records = "shard-*.json",
            Part = "shard",
            PartOption = "--shard-samples",
            Bytes = run.Count * RowBytes(run) * (merged is null ? 1 : 2),
        };
    }

    private static long RowBytes(RunIdentity run) => run.Columns.Count * (run.Columns.Precision == Precision.Double || run.Columns.HasErrors ? 8L : 4L);

    // The model's name without its namespace, and the sampler's.
    private static string ShortName(string sampler) => string.Join('.', sampler.Split('.')[^2..]);
}
