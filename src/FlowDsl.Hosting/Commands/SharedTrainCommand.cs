using System.CommandLine;
using System.Globalization;
using FlowDsl.Hosting.Cluster;
using FlowDsl.Hosting.Names;
using FlowDsl.Hosting.Output;
using FlowDsl.Hosting.Registry;

namespace FlowDsl.Hosting.Commands;

/// <summary>A training whose segments tasks of a cluster share.</summary>
internal sealed class SharedTrainCommand : SharedCommand
{
    // The state of a segment; more than any student needs.
    private const long SegmentBytes = 1 << 28;

    private readonly TrainCommand _train;

    public SharedTrainCommand(HostContext context)
        : this(context, new TrainCommand(context))
    {
    }

    private SharedTrainCommand(HostContext context, TrainCommand train)
        : base(
            context, train, "Train a student, each task its share of the segments, and write the weights at the end.",
            "submit train TwoModes.Learned --steps 1e6 --out /scratch/Learned.safetensors --slurm -o job.sh --array 2 --time 04:00:00 --cpus 8 --run",
            ["--shard", "--resume", "--json", "--force"])
        => _train = train;

    /// <inheritdoc/>
    protected override ClusterWork Divide(ParseResult arguments, int tasks, bool isHere)
    {
        (ModelEntry model, SamplerEntry student) = _train.Check(arguments);
        string name = $"{ModelNames.Short(Context.Models, model)}.{student.Name}";
        int segments = student.Descriptor.SegmentCount;
        if (tasks > segments)
        {
            throw HostException.Usage(string.Create(
                CultureInfo.InvariantCulture, $"--array is {tasks}, and {name} has {segments} segments, "
                    + $"which are trained apart: no more tasks than segments."));
        }
        string path = Place(arguments.GetRequiredValue(_train.Out), isHere);
        if (isHere && File.Exists(path) && !Replaces(arguments)) throw new HostException($"'{path}' exists already; --force replaces it.");
        ImmutableArray<string> words = Words(arguments, (_train.Out, [path]));
        return new ClusterWork
        {
            Name = name,
            Title = string.Create(CultureInfo.InvariantCulture, $"{segments} segments of {name}"),
            Task = Replaces(arguments) ? [.. words, "--force"] : words,
            // Queued again after it was done, it finds its own file.
            Merge = [.. words, "--resume", "--force"],
            Folder = TrainCommand.CheckpointOf(path),
            Records = "segment-*.safetensors",
            // Written again and again until the segment is trained.
            States = "segment-*.safetensors",
            Part = "segment",
            PartOption = "--steps",
            Bytes = segments * SegmentBytes,
        };
    }
}
