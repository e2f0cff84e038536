using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using FlowDsl.Hosting.Output;
using FlowDsl.Hosting.Registry;
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
        Description = $"The weights; the name must end in {Ending}. The state is kept beside it, as FILE.checkpoint, until the training is done.",
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
    private readonly ValueOption<long> _interval = OptionValues.Count("--checkpoint-seconds", "How often the state is written, in seconds; 0 after every step", 0, 86_400, 30);
    private readonly Option<bool> _resume = new("--resume") { Description = "Go on from the checkpoint, if there is one, to the same bits." };
    private readonly Option<bool> _force = new("--force") { Description = "Replace the weights if the file exists." };

    public TrainCommand(HostContext context)
        : base(
            context, "train", "Train a student to map samples as the exact flow or its reference does. The weights depend on the options and the seed alone.",
            "train TwoModes.Learned --steps 2000 --out Learned.safetensors")
    {
        Arguments.Add(_student);
        foreach (Option option in new Option[] { _out, _steps, _batch, _rate, _finish, _finishSamples, _seed, _interval, _resume, _force })
            Options.Add(option);
    }

    /// <inheritdoc/>
    protected override void Run(ParseResult arguments, CancellationToken cancellationToken)
    {
        (ModelEntry model, SamplerEntry sampler) = Sampler(arguments, _student);
        string name = $"{model.Name}.{sampler.Name}", path = arguments.GetRequiredValue(_out), checkpoint = path + ".checkpoint";
        if (sampler.Trainer is not { } trainer)
        {
            string[] others = [.. model.Samplers.Where(other => other.Trainer is not null).Select(other => other.Name)];
            string known = others.Length > 0 ? $"the students of {model.Name} are {string.Join(", ", others)}" : $"{model.Name} has no [Student]";
            throw HostException.Usage($"{name} is no student but a solver, which has nothing to train; {known}.");
        }
        if (!path.EndsWith(Ending, StringComparison.Ordinal)) throw HostException.Usage($"'{path}' must end in {Ending}, the format of the weights.");
        if (File.Exists(path) && !arguments.GetValue(_force)) throw new HostException($"'{path}' exists already; --force replaces it.");
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        if (!Directory.Exists(folder)) throw new HostException($"There is no folder '{folder}' for '{Path.GetFileName(path)}'.");
        if (File.Exists(checkpoint) && !arguments.GetValue(_resume))
            throw new HostException($"'{checkpoint}' is the state of a training that was interrupted; --resume goes on from it, or delete it.");

        TrainingResult result = Train(name, trainer, Settings(arguments, checkpoint), cancellationToken);
        result.Weights.Save(path);
        // All that it held is in the weights now.
        File.Delete(checkpoint);
        Print(name, path, result, arguments);
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

    private void Print(string name, string path, TrainingResult result, ParseResult arguments)
    {
        if (IsJson(arguments))
        {
            Console.Json(new JsonObject
            {
                ["student"] = name,
                ["seed"] = _seed.In(arguments),
                ["segmentErrors"] = JsonNumber.Array(result.SegmentErrors),
                ["seconds"] = result.Elapsed.TotalSeconds,
                ["file"] = path,
            });
            return;
        }
        IReadOnlyList<double> times = result.Weights.Student.Sampler.Times;
        Console.Table(
            ["segment", "from", "to", "relative MSE"],
            result.SegmentErrors.Select((error, j) => new[]
            {
                OptionValues.Text(j), Text(times[j], "G4"), Text(times[j + 1], "G4"), Text(error, "0.00E+0"),
            }));
        Console.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"Each on samples that were not trained on, against the reference. Wrote {path} in {result.Elapsed.TotalSeconds:0.0} s: name it in the student's Weights, and build again."));
    }

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);

    private sealed class Share(IProgress<long> bar) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => bar.Report((long)(Parts * value.Done));
    }
}
