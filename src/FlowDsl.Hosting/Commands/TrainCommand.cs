using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using FlowDsl.Hosting.Output;
using FlowDsl.Hosting.Registry;
using FlowDsl.Hosting.Shards;
using FlowDsl.Mathematics;
using FlowDsl.Training;

namespace FlowDsl.Hosting.Commands;

/// <summary>Trains a student and keeps its weights.</summary>
internal sealed class TrainCommand : HostCommand
{
    private const string Ending = ".safetensors";

    // Of a bar, which counts whole numbers.
    private const int Parts = 100_000;

    private readonly Argument<string> _student = new("MODEL.STUDENT") { Description = "A student of a model, in any case, or the first letters of each name." };
    private readonly Option<string> _out = new("--out", "-o")
    {
        Description = $"The weights; the name must end in {Ending}. The state is kept beside it, in the folder FILE.checkpoint, until the training is done.",
        HelpName = "FILE",
        Required = true,
    };

    private readonly ValueOption<long> _steps = OptionValues.Count("--steps", "AdamW steps of each segment", 0, int.MaxValue, 5000);
    private readonly ValueOption<long> _batch = OptionValues.Count("--batch", "Fresh samples of a step", 1, 10_000_000, 1024);
    private readonly ValueOption<double> _rate = OptionValues.Positive(
        "--learning-rate", "The greatest learning rate; 0.001 by default", 1e-3, "0.001 or 1e-3");

    private readonly ValueOption<long> _finish = OptionValues.Count("--finish", "L-BFGS iterations on one large batch after the steps", 0, 1_000_000, 0);
    private readonly ValueOption<long> _finishSamples = OptionValues.Count("--finish-samples", "The samples of that batch", 1, 100_000_000, 65_536);
    private readonly ValueOption<ulong> _seed = OptionValues.Seed();
    private readonly ValueOption<long> _interval = OptionValues.Count(
        "--checkpoint-seconds", "How often the state is written, in seconds; 0 after every step", 0, 86_400, 30);
    private readonly ValueOption<ShardShare> _shard = OptionValues.Share(
        "--shard", "Train the I-th of N equal shares of the segments, and keep their states; the same command without it writes the weights");

    private readonly Option<bool> _resume = new("--resume") { Description = "Go on from the checkpoint, if there is one, to the same bits." };
    private readonly Option<bool> _force = new("--force") { Description = "Replace the weights if the file exists." };

    public TrainCommand(HostContext context)
        : base(
            context, "train", "Train a student to map samples as the exact flow or its reference does. The weights depend on the options and the seed alone.",
            "train TwoModes.Learned --steps 2000 --out Learned.safetensors")
    {
        Arguments.Add(_student);
        foreach (Option option in new Option[] { _out, _steps, _batch, _rate, _finish, _finishSamples, _seed, _interval, _shard, _resume, _force })
            Options.Add(option);
    }

    /// <summary>Where the weights go.</summary>
    public Option<string> Out => _out;

    /// <summary>The folder of the state of a training.</summary>
    public static string CheckpointOf(string path) => path + ".checkpoint";

    /// <summary>Checks arguments that ask for a training, and says of which student.</summary>
    /// <exception cref="HostException">They cannot be.</exception>
    public (ModelEntry Model, SamplerEntry Student) Check(ParseResult arguments)
    {
        (ModelEntry model, SamplerEntry sampler) = Sampler(arguments, _student);
        if (sampler.Trainer is null)
        {
            string[] others = [.. model.Samplers.Where(other => other.Trainer is not null).Select(other => other.Name)];
            string known = others.Length > 0 ? $"the students of {model.Name} are {string.Join(", ", others)}" : $"{model.Name} has no [Student]";
            throw HostException.Usage($"{model.Name}.{sampler.Name} is no student but a solver, which has nothing to train; {known}.");
        }
        string path = arguments.GetRequiredValue(_out);
        if (!path.EndsWith(Ending, StringComparison.Ordinal)) throw HostException.Usage($"'{path}' must end in {Ending}, the format of the weights.");
        return (model, sampler);
    }

    /// <inheritdoc/>
    protected override void Run(ParseResult arguments, CancellationToken cancellationToken)
    {
        (ModelEntry model, SamplerEntry sampler) = Check(arguments);
        string name = $"{model.Name}.{sampler.Name}", path = arguments.GetRequiredValue(_out), checkpoint = CheckpointOf(path);
        if (File.Exists(path) && !arguments.GetValue(_force)) throw new HostException($"'{path}' exists already; --force replaces it.");
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        if (!Directory.Exists(folder)) throw new HostException($"There is no folder '{folder}' for '{Path.GetFileName(path)}'.");
        if (Directory.Exists(checkpoint) && !arguments.GetValue(_resume))
            throw new HostException($"'{checkpoint}' is the state of a training that was interrupted; --resume goes on from it, or delete it.");

        bool isShard = arguments.GetResult(_shard) is { Implicit: false };
        (int first, int end) = _shard.In(arguments).Of(sampler.Descriptor.SegmentCount);
        TrainingResult result = Train(name, sampler.Trainer!, Settings(arguments, checkpoint) with { Segments = first..end }, cancellationToken);
        if (!isShard)
        {
            result.Weights.Save(path);
            // All that it held is in the weights now.
            if (Directory.Exists(checkpoint)) Directory.Delete(checkpoint, recursive: true);
        }
        Print(name, isShard ? null : path, checkpoint, first..end, result, arguments);
    }

    private TrainingOptions Settings(ParseResult arguments, string checkpoint) => new()
    {
        Steps = (int)_steps.In(arguments),
        BatchSize = (int)_batch.In(arguments),
        LearningRate = _rate.In(arguments),
        FinishIterations = (int)_finish.In(arguments),
        FinishSamples = (int)_finishSamples.In(arguments),
        Seed = _seed.In(arguments),
        Checkpoint = checkpoint,
        CheckpointInterval = TimeSpan.FromSeconds(_interval.In(arguments)),
    };

    private TrainingResult Train(string name, StudentTrainer trainer, TrainingOptions options, CancellationToken cancellationToken)
    {
        TrainingResult? result = null;
        try
        {
            Console.WithBar($"training {name}", "parts", Parts, bar => result = trainer.Train(options, new Share(bar), cancellationToken));
        }
        catch (OperationCanceledException)
        {
            throw new HostException(
                $"Cancelled. The state of the training is in '{options.Checkpoint}': the same command with --resume goes on from it.", ExitCodes.Cancelled);
        }
        catch (SafeTensorsFormatException exception)
        {
            throw new HostException($"'{options.Checkpoint}' cannot be read: {exception.Message}");
        }
        return result!;
    }

    private void Print(string name, string? path, string checkpoint, Range segments, TrainingResult result, ParseResult arguments)
    {
        (int first, int end) = (segments.Start.Value, segments.End.Value);
        if (IsJson(arguments))
        {
            var summary = new JsonObject
            {
                ["student"] = name,
                ["seed"] = _seed.In(arguments),
                ["segmentErrors"] = JsonNumber.Array(result.SegmentErrors),
                ["seconds"] = result.Elapsed.TotalSeconds,
            };
            if (path is not null) summary["file"] = path;
            else (summary["folder"], summary["firstSegment"], summary["endSegment"]) = (checkpoint, first, end);
            Console.Json(summary);
            return;
        }
        IReadOnlyList<double> times = result.Weights.Student.Sampler.Times;
        Console.Table(
            ["segment", "from", "to", "relative MSE"],
            Enumerable.Range(first, end - first).Select(j => new[]
            {
                OptionValues.Text(j), Text(times[j], "G4"), Text(times[j + 1], "G4"), Text(result.SegmentErrors[j], "0.00E+0"),
            }));
        string written = path is null
            ? $"The states are in {checkpoint}: when those of all segments are, the same command with --resume and without --shard writes the weights"
            : string.Create(
                CultureInfo.InvariantCulture,
                $"Wrote {path} in {result.Elapsed.TotalSeconds:0.0} s: name it in the student's Weights, and build again");
        Console.Out.WriteLine($"Each on samples that were not trained on, against the reference. {written}.");
    }

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);

    private sealed class Share(IProgress<long> bar) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => bar.Report((long)(Parts * value.Done));
    }
}
