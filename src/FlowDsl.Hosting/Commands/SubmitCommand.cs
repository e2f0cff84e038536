using System.CommandLine;
using FlowDsl.Hosting.Output;

namespace FlowDsl.Hosting.Commands;

/// <summary>Hands a command's work to a cluster.</summary>
internal sealed class SubmitCommand : HostCommand
{
    public SubmitCommand(HostContext context)
        : base(
            context, "submit", "Write a script that does a command's work on a cluster, by Slurm or Kubernetes, and run it on request.",
            "submit sample TwoModes.Fast -n 1e9 --out /scratch/run --shard-samples 1e6 --slurm -o job.sh --array 8 --time 01:00:00")
    {
        // The commands whose work tasks can share: each is one entry.
        SharedCommand[] commands = [new SharedSampleCommand(context), new SharedTrainCommand(context), new SharedStudyCommand(context)];
        foreach (SharedCommand command in commands) Subcommands.Add(command);
    }

    /// <inheritdoc/>
    protected override void Run(ParseResult arguments, CancellationToken cancellationToken)
        => throw HostException.Usage($"Submit what? There is {string.Join(", ", Subcommands.Select(command => command.Name))}; submit --help says more.");
}
