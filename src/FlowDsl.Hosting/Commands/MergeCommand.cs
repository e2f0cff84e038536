using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using FlowDsl.Hosting.Files;
using FlowDsl.Hosting.Output;
using FlowDsl.Hosting.Shards;

namespace FlowDsl.Hosting.Commands;

/// <summary>Checks a folder of shards, and makes one file of it.</summary>
internal sealed class MergeCommand : HostCommand
{
    // A folder may have many; the first ones show what happened.
    private const int ShownProblems = 5;

    private readonly Argument<string> _folder = FolderArgument();
    private readonly Option<string?> _out = new("--out", "-o")
    {
        Description = "A file for all samples; its ending is the format: .npy, .parquet or .csv. Without it, shards are checked only.",
        HelpName = "FILE",
    };

    private readonly Option<bool> _force = new("--force") { Description = "Replace the file if there is one." };

    public MergeCommand(HostContext context)
        : base(
            context, "merge", "Check that a folder has every shard of its run, whole and once; with --out, write all samples into one file.",
            "merge samples --out samples.npy")
    {
        Arguments.Add(_folder);
        Options.Add(_out);
        Options.Add(_force);
    }

    /// <summary>An argument that names a folder of shards.</summary>
    internal static Argument<string> FolderArgument() => new("FOLDER") { Description = "A folder that 'sample --out FOLDER' has written." };

    /// <inheritdoc/>
    protected override void Run(ParseResult arguments, CancellationToken cancellationToken)
    {
        string? path = arguments.GetValue(_out);
        if (path is not null) SampleFile.CheckName(path);
        ShardFolder folder = ShardFolder.Open(arguments.GetRequiredValue(_folder));
        RunIdentity run = folder.Run;
        IReadOnlyList<string> problems = [];
        long bytes = 0;
        try
        {
            Console.WithBar("checking shards", "shards", run.Shards, progress => problems = ShardCheck.Problems(folder, progress, cancellationToken));
            Refuse(folder, problems);
            if (path is not null)
                Console.WithBar(
                    "merging shards", "shards", run.Shards,
                    progress => bytes = ShardMerge.Write(folder, path, arguments.GetValue(_force), progress, cancellationToken));
        }
        catch (OperationCanceledException)
        {
            throw new HostException(path is null ? "Cancelled." : $"Cancelled: '{path}' was not written.", ExitCodes.Cancelled);
        }

        if (IsJson(arguments))
        {
            var result = new JsonObject
            {
                ["folder"] = folder.Path,
                ["sampler"] = run.Sampler,
                ["count"] = run.Count,
                ["shards"] = run.Shards,
                ["fingerprint"] = run.Fingerprint,
                ["complete"] = true,
            };
            if (path is not null) (result["file"], result["bytes"]) = (path, bytes);
            Console.Json(result);
            return;
        }
        string written = path is null ? "" : $" They are in {path}.";
        Console.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{run.Shards} shards, {run.Count} samples of {run.Sampler}: all there, once, with the right checksums.{written}"));
    }

    private static void Refuse(ShardFolder folder, IReadOnlyList<string> problems)
    {
        if (problems.Count == 0) return;
        string more = problems.Count > ShownProblems ? string.Create(CultureInfo.InvariantCulture, $"; and {problems.Count - ShownProblems} more") : "";
        throw new HostException(
            $"'{folder.Path}' cannot be merged: {string.Join("; ", problems.Take(ShownProblems))}{more}. "
            + "Remove what is wrong; 'sample' with the same options and --resume makes it again.");
    }
}
