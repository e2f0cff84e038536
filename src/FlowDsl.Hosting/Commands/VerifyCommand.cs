using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using FlowDsl.Hosting.Names;
using FlowDsl.Hosting.Output;
using FlowDsl.Hosting.Registry;
using FlowDsl.Hosting.Shards;

namespace FlowDsl.Hosting.Commands;

/// <summary>Draws samples of a folder's shards again, and compares bits.</summary>
internal sealed class VerifyCommand : HostCommand
{
    private readonly Argument<string> _folder = MergeCommand.FolderArgument();
    private readonly ValueOption<long> _samples = OptionValues.Count("--samples", "How many samples of each shard are drawn again", 1, 100_000_000, 10);
    private readonly ValueOption<ulong> _seed = OptionValues.Seed("Decides which samples");

    public VerifyCommand(HostContext context)
        : base(
            context, "verify", "Draw random samples of each finished shard of a folder again, each by its own number, and compare their bits.",
            "verify samples --samples 100")
    {
        Arguments.Add(_folder);
        Options.Add(_samples);
        Options.Add(_seed);
    }

    /// <inheritdoc/>
    protected override void Run(ParseResult arguments, CancellationToken cancellationToken)
    {
        ShardFolder folder = ShardFolder.Open(arguments.GetRequiredValue(_folder));
        RunIdentity run = folder.Run;
        (ModelEntry model, SamplerEntry sampler) = ModelNames.Sampler(Context.Models, run.Sampler);
        RequireWeights(model, sampler);
        var verification = new ShardVerification(folder, sampler);
        verification.RequireSameModel(model);
        bool[] isFinished = folder.Finished(0, run.Shards);
        int[] shards = [.. Enumerable.Range(0, run.Shards).Where(shard => isFinished[shard])];
        if (shards.Length == 0) throw new HostException($"'{folder.Path}' has no finished shard to verify.");
        long compared = 0;
        int samples = (int)_samples.In(arguments), done = 0;
        try
        {
            Console.WithBar("verifying shards", "shards", shards.Length, progress =>
            {
                foreach (int shard in shards)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    compared += verification.Compare(shard, samples, _seed.In(arguments), cancellationToken);
                    progress.Report(++done);
                }
            });
        }
        catch (OperationCanceledException)
        {
            throw new HostException(
                string.Create(CultureInfo.InvariantCulture, $"Cancelled after {done} of {shards.Length} shards, which agree."), ExitCodes.Cancelled);
        }

        if (IsJson(arguments))
        {
            Console.Json(new JsonObject
            {
                ["folder"] = folder.Path,
                ["sampler"] = run.Sampler,
                ["shards"] = run.Shards,
                ["verified"] = shards.Length,
                ["samples"] = compared,
                ["agree"] = true,
            });
            return;
        }
        int left = run.Shards - shards.Length;
        string unfinished = left == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" {left} more are not finished.");
        Console.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{compared} samples of {shards.Length} shards have the bits that {run.Sampler} gives now.{unfinished}"));
    }
}
