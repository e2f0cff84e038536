using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using FlowDsl.Hosting.Files;
using FlowDsl.Hosting.Output;
using FlowDsl.Hosting.Registry;
using FlowDsl.Hosting.Shards;

namespace FlowDsl.Hosting.Commands;

/// <summary>Draws samples into a file.</summary>
internal sealed class SampleCommand : HostCommand
{
    private readonly Argument<string> _sampler = SamplerArgument();
    private readonly ValueOption<long> _count = OptionValues.Count("-n", "How many samples", 1, long.MaxValue / 1024, 10_000);
    private readonly ValueOption<ulong> _seed = OptionValues.Seed();
    private readonly Option<string> _out = new("--out", "-o")
    {
        Description = "The file; its ending is the format: .npy, .parquet or .csv. Or a folder of shards: a name without ending, or with a slash behind it.",
        HelpName = "FILE|FOLDER",
        Required = true,
    };

    private readonly ValueOption<Prior> _prior = OptionValues.Choice(
        "--prior", "Where samples start: the mixture's own law at the horizon, or the usual Gaussian", Prior.Exact,
        ("exact", Prior.Exact), ("gaussian", Prior.Gaussian));

    private readonly Option<bool> _repair = new("--repair")
    {
        Description = "Integrate samples again, with finer steps, that may have ended in the wrong mode.",
    };

    private readonly Option<bool> _errors = new("--errors")
    {
        Description = "Add columns: the estimate of each sample's error, a bound (infinite without one), and the branch margin.",
    };

    private readonly ValueOption<long> _firstIndex = OptionValues.Count("--first-index", "The number of the first sample", 0, long.MaxValue / 2, 0);
    private readonly ValueOption<string> _format = OptionValues.Choice(
        "--format", "The format of a folder's shards", "npy", ("npy", "npy"), ("parquet", "parquet"));
    private readonly ValueOption<long> _shardSamples = OptionValues.Count("--shard-samples", "The samples of each shard", 1, long.MaxValue / 1024, 1 << 20);
    private readonly ValueOption<ShardShare> _shard = OptionValues.Share(
        "--shard", "Make the I-th of N equal shares of the shards, I from 0 to N - 1; several processes may fill one folder at once");
    private readonly Option<bool> _resume = new("--resume") { Description = "Go on with the run in the folder: finished shards are kept." };
    private readonly Option<bool> _force = new("--force") { Description = "Replace the file if there is one." };
    private readonly Option<string?> _units = new("--units-of")
    {
        Description = "A mixture file that fit wrote with --standardize: samples and columns are then in the units and by the names of its data.",
        HelpName = "NAME.mixture.json",
    };

    public SampleCommand(HostContext context)
        : base(
            context, "sample",
            "Draw samples into a file, or into a folder of shards that can be resumed. Sample i depends on the seed and i alone; memory does not grow with "
                + "the number of samples.",
            "sample TwoModes.Fast -n 1e6 --seed 1 --out samples.npy")
    {
        Arguments.Add(_sampler);
        Option[] options = [_count, _seed, _out, _prior, _repair, _errors, _firstIndex, _units, _force, _format, _shardSamples, _shard, _resume];
        foreach (Option option in options) Options.Add(option);
    }

    /// <summary>Where the samples go.</summary>
    public Option<string> Out => _out;

    /// <summary>Checks arguments that ask for a folder of shards, and says which run they mean.</summary>
    /// <exception cref="HostException">They cannot be, or ask for a file.</exception>
    public RunIdentity Check(ParseResult arguments)
    {
        (ModelEntry model, SamplerEntry sampler, SampleRequest request, bool isFolder) = Read(arguments);
        if (!isFolder)
            throw HostException.Usage($"'{arguments.GetRequiredValue(_out)}' is one file; several processes need a folder of shards: a name without ending.");
        return Identity(arguments, model, sampler, request);
    }

    /// <inheritdoc/>
    protected override void Run(ParseResult arguments, CancellationToken cancellationToken)
    {
        (ModelEntry model, SamplerEntry sampler, SampleRequest request, bool isFolder) = Read(arguments);
        string path = arguments.GetRequiredValue(_out);
        string name = $"{model.Name}.{sampler.Name}";
        var columns = new SampleColumns(sampler.Descriptor.Dimension, sampler.Descriptor.Precision, request.WithErrors)
        {
            Units = Scaling(arguments, sampler.Descriptor),
        };
        var result = new JsonObject
        {
            ["sampler"] = name,
            ["count"] = request.Count,
            ["seed"] = request.Seed,
            ["firstIndex"] = request.Options.FirstIndex,
            ["prior"] = SampleOrigin.Word(request.Options.Prior),
            ["repair"] = request.Options.Repair == Repair.Flagged,
            ["columns"] = new JsonArray([.. columns.Names.Select(column => (JsonNode)column)]),
        };
        long began = Stopwatch.GetTimestamp();
        string words = isFolder
            ? WriteShards(arguments, model, sampler, request, path, result, cancellationToken)
            : WriteFile(name, sampler, request, columns, path, arguments.GetValue(_force), result, cancellationToken);
        double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        result["seconds"] = seconds;
        result["arithmetic"] = SamplingArithmetic.Current.ToString();

        if (IsJson(arguments)) Console.Json(result);
        else Console.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{words}: {columns.Count} columns ({string.Join(", ", columns.Names)}), {seconds:0.00} s."));
    }

    /// <summary>Reads and checks what all formats have in common.</summary>
    private (ModelEntry Model, SamplerEntry Sampler, SampleRequest Request, bool IsFolder) Read(ParseResult arguments)
    {
        (ModelEntry model, SamplerEntry sampler) = Sampler(arguments, _sampler);
        bool isFolder = IsFolder(arguments.GetRequiredValue(_out));
        CheckOptions(arguments, isFolder);
        if (arguments.GetValue(_repair) && arguments.GetValue(_errors))
            throw HostException.Usage("--repair and --errors exclude each other: an estimate is of the sampler's own steps, not of the finer ones.");
        RequireWeights(model, sampler);
        var request = new SampleRequest(
            _count.In(arguments), _seed.In(arguments),
            new SamplingOptions
            {
                Prior = _prior.In(arguments),
                FirstIndex = _firstIndex.In(arguments),
                Repair = arguments.GetValue(_repair) ? Repair.Flagged : Repair.None,
            },
            arguments.GetValue(_errors));
        return (model, sampler, request, isFolder);
    }

    private RunIdentity Identity(ParseResult arguments, ModelEntry model, SamplerEntry sampler, SampleRequest request)
        => RunIdentity.Of(model, sampler, request, _shardSamples.In(arguments), _format.In(arguments));

    /// <summary>Whether a name means a folder: it ends with a slash, has no ending, or is one already. A number is no ending: run-0.1.</summary>
    private static bool IsFolder(string path)
    {
        if (Path.EndsInDirectorySeparator(path)) return true;
        string ending = Path.GetExtension(path);
        if (SampleFile.IsName(path)) return false;
        if (ending.Length == 0 || char.IsAsciiDigit(ending[1]) || Directory.Exists(path)) return true;
        throw HostException.Usage($"'{path}' must end in .npy, .parquet or .csv, which says the format, or in a slash for a folder of shards.");
    }

    private void CheckOptions(ParseResult arguments, bool isFolder)
    {
        if (isFolder)
        {
            if (arguments.GetValue(_units) is not null)
                throw HostException.Usage("--units-of is for a file: shards hold the samples as they were drawn, so that verify can draw them again.");
            if (arguments.GetValue(_force)) throw HostException.Usage("--force replaces a file, not a folder of shards: --resume goes on with one.");
            long least = (_count.In(arguments) - 1) / RunIdentity.MostShards + 1;
            if (_shardSamples.In(arguments) < least)
            {
                throw HostException.Usage(
                    $"--shard-samples is {OptionValues.Text(_shardSamples.In(arguments))}; it must be at least {OptionValues.Text(least)} for "
                    + $"{OptionValues.Text(_count.In(arguments))} samples, so that there are at most {OptionValues.Text(RunIdentity.MostShards)} shards.");
            }
            return;
        }
        foreach (Option option in new Option[] { _format, _shardSamples, _shard, _resume })
        {
            if (arguments.GetResult(option) is { Implicit: false })
                throw HostException.Usage($"{option.Name} is for a folder of shards: --out must be a name without ending, or with a slash behind it.");
        }
    }

    /// <summary>The scaling to undo; null for none.</summary>
    private Standardization? Scaling(ParseResult arguments, SamplerDescriptor sampler)
    {
        if (arguments.GetValue(_units) is not { } path) return null;
        if (arguments.GetValue(_errors))
            throw HostException.Usage("--units-of and --errors exclude each other: errors are distances in the model's own units.");
        if (!File.Exists(path)) throw new HostException($"There is no file '{path}'.");
        Standardization scaling;
        try
        {
            scaling = Standardization.Parse(File.ReadAllText(path));
        }
        catch (FormatException exception)
        {
            throw new HostException($"'{path}' holds no scaling: {exception.Message}.");
        }
        if (scaling.Columns.Length != sampler.Dimension)
            throw new HostException($"'{path}' scales {scaling.Columns.Length} columns; {sampler.Name} has {sampler.Dimension} dimensions.");
        return scaling;
    }

    private string WriteFile(
        string name, SamplerEntry sampler, SampleRequest request, SampleColumns columns, string path, bool replaces, JsonObject result,
        CancellationToken cancellationToken)
    {
        var finished = new FinishedCount();
        using var file = SampleFile.Create(path, replaces, columns, request.Count, SampleOrigin.Of(name, request));
        try
        {
            Console.WithBar($"sampling {name}", "samples", request.Count, progress =>
            {
                ISampleSink rows = columns.Units is null ? file : new RescaledSamples(columns.Units, file);
                sampler.Stream(request, rows, new Both(progress, finished), cancellationToken);
                file.Complete();
            });
        }
        catch (OperationCanceledException)
        {
            throw new HostException(
                $"Cancelled after {OptionValues.Text(finished.Value)} of {OptionValues.Text(request.Count)} samples. "
                    + $"Nothing was kept: '{path}' was not written.",
                ExitCodes.Cancelled);
        }
        result["file"] = path;
        result["bytes"] = file.Bytes;
        return $"{OptionValues.Text(request.Count)} samples of {name} to {path}";
    }

    private string WriteShards(
        ParseResult arguments, ModelEntry model, SamplerEntry sampler, SampleRequest request, string path, JsonObject result,
        CancellationToken cancellationToken)
    {
        var identity = Identity(arguments, model, sampler, request);
        var run = new ShardedRun(ShardFolder.Enter(path, identity, arguments.GetValue(_resume)), _shard.In(arguments));
        Console.WithBar($"sampling {identity.Sampler}", "samples", run.Samples, progress => run.Make(sampler, progress, cancellationToken));
        (int first, int end) = run.Shards;
        result["folder"] = path;
        result["fileFormat"] = identity.FileFormat;
        result["shardSamples"] = identity.ShardSamples;
        result["shards"] = identity.Shards;
        result["firstShard"] = first;
        result["endShard"] = end;
        result["made"] = run.Made;
        result["kept"] = run.Kept;
        result["bytes"] = run.Bytes;
        result["fingerprint"] = identity.Fingerprint;
        string share = end - first == identity.Shards ? "" : end == first ? "no shard, " : end - first == 1
            ? string.Create(CultureInfo.InvariantCulture, $"shard {first}, ") : string.Create(CultureInfo.InvariantCulture, $"shards {first} to {end - 1}, ");
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{run.Samples} samples of {identity.Sampler} in {path}: {share}{run.Made} of {identity.Shards} shards made, {run.Kept} kept");
    }

    private sealed class Both(IProgress<long> first, IProgress<long> second) : IProgress<long>
    {
        public void Report(long value)
        {
            first.Report(value);
            second.Report(value);
        }
    }
}
