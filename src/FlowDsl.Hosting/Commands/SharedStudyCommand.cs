using System.CommandLine;
using System.Globalization;
using FlowDsl.Hosting.Cluster;
using FlowDsl.Hosting.Output;
using FlowDsl.Hosting.Studies;

namespace FlowDsl.Hosting.Commands;

/// <summary>A study whose tasks tasks of a cluster share.</summary>
internal sealed class SharedStudyCommand : SharedCommand
{
    // Of a result with the state before it; more than most need.
    private const long TaskBytes = 1 << 24;

    private readonly StudyCommand _study;

    public SharedStudyCommand(HostContext context)
        : this(context, new StudyCommand(context))
    {
    }

    private SharedStudyCommand(HostContext context, StudyCommand study)
        : base(
            context, study, "Run a table of an experiment, each task its share of the cells and trials, and check at the end that all results are there.",
            "submit study static-sigma --budget full --trials 10 --out /scratch/results --slurm -o job.sh --array 16 --time 04:00:00 --cpus 8 --run",
            ["--shard", "--resume", "--check", "--json", "--force"])
        => _study = study;

    /// <inheritdoc/>
    protected override ClusterWork Divide(ParseResult arguments, int tasks, bool isHere)
    {
        string root = Place(arguments.GetValue(_study.Out) ?? throw HostException.Usage("submit study needs --out, the folder for the results."), isHere);
        (Study study, StudyBudget budget, IReadOnlyList<StudyTask> trials) = _study.Check(arguments, isHere ? root : null, goesOn: true);
        var folder = new StudyFolder(root, study);
        if (tasks > trials.Count)
        {
            throw HostException.Usage(string.Create(
                CultureInfo.InvariantCulture, $"--array is {tasks}, and {study.Name} has {trials.Count} trials to run: no more tasks than trials."));
        }
        // Refuses results of another share.
        if (isHere) _ = folder.Read(trials, budget.Share);
        // Hours of this machine: all tasks must mean the same share.
        string[] share = ["share", budget.Share.ToString("R", CultureInfo.InvariantCulture)];
        ImmutableArray<string> words = Words(arguments, (_study.Out, [root]), (_study.BudgetOption, share));
        return new ClusterWork
        {
            Name = study.Name,
            Title = string.Create(CultureInfo.InvariantCulture, $"{trials.Count} trials of {study.Name}"),
            Task = words,
            Merge = [.. words, "--check"],
            Folder = folder.Path,
            Records = StudyFolder.Records,
            States = StudyFolder.States,
            Part = "trial",
            PartOption = "--budget",
            Bytes = trials.Count * TaskBytes,
        };
    }
}
