using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using FlowDsl.Hosting.Files;
using FlowDsl.Hosting.Output;
using FlowDsl.Hosting.Registry;

namespace FlowDsl.Hosting.Commands;

/// <summary>Draws samples into a file.</summary>
internal sealed class SampleCommand : HostCommand
{
    private readonly Argument<string> _sampler = SamplerArgument();
    private readonly ValueOption<long> _count = OptionValues.Count("-n", "How many samples", 1, long.MaxValue / 1024, 10_000);
    private readonly ValueOption<ulong> _seed = OptionValues.Seed();
    private readonly Option<string> _out = new("--out", "-o")
    {
        Description = "The file; its ending is the format: .npy, .parquet or .csv.",
        HelpName = "FILE",
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
    private readonly Option<bool> _force = new("--force") { Description = "Replace the file if there is one." };

    public SampleCommand(HostContext context)
        : base(
            context, "sample", "Draw samples into a file. Sample i depends on the seed and i alone; memory does not grow with the number of samples.",
            "sample TwoModes.Fast -n 1e6 --seed 1 --out samples.npy")
    {
        Arguments.Add(_sampler);
        foreach (Option option in new Option[] { _count, _seed, _out, _prior, _repair, _errors, _firstIndex, _force }) Options.Add(option);
    }

    /// <inheritdoc/>
    protected override void Run(ParseResult arguments, CancellationToken cancellationToken)
    {
        (ModelEntry model, SamplerEntry sampler) = Sampler(arguments, _sampler);
        string path = arguments.GetRequiredValue(_out);
        SampleFile.CheckName(path);
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
        string name = $"{model.Name}.{sampler.Name}";
        long began = Stopwatch.GetTimestamp();
        SampleColumns columns = Write(name, sampler, request, path, arguments.GetValue(_force), cancellationToken);
        double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;

        if (IsJson(arguments))
        {
            Console.Json(new JsonObject
            {
                ["sampler"] = name,
                ["count"] = request.Count,
                ["seed"] = request.Seed,
                ["firstIndex"] = request.Options.FirstIndex,
                ["prior"] = request.Options.Prior == Prior.Exact ? "exact" : "gaussian",
                ["repair"] = request.Options.Repair == Repair.Flagged,
                ["columns"] = new JsonArray([.. columns.Names.Select(column => (JsonNode)column)]),
                ["file"] = path,
                ["bytes"] = new FileInfo(path).Length,
                ["seconds"] = seconds,
                ["arithmetic"] = SamplingArithmetic.Current.ToString(),
            });
            return;
        }
        Console.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{request.Count} samples of {name} to {path}: {columns.Count} columns ({string.Join(", ", columns.Names)}), {seconds:0.00} s."));
    }

    private SampleColumns Write(string name, SamplerEntry sampler, SampleRequest request, string path, bool replaces, CancellationToken cancellationToken)
    {
        SamplerDescriptor descriptor = sampler.Descriptor;
        var columns = new SampleColumns(descriptor.Dimension, descriptor.Precision, request.WithErrors);
        var origin = new Dictionary<string, string>
        {
            ["flowdsl.sampler"] = name,
            ["flowdsl.seed"] = request.Seed.ToString(CultureInfo.InvariantCulture),
            ["flowdsl.first_index"] = OptionValues.Text(request.Options.FirstIndex),
            ["flowdsl.prior"] = request.Options.Prior == Prior.Exact ? "exact" : "gaussian",
        };
        var finished = new FinishedCount();
        using var file = SampleFile.Create(path, replaces, columns, request.Count, origin);
        try
        {
            Console.WithBar($"sampling {name}", "samples", request.Count, progress =>
            {
                sampler.Stream(request, file, new Both(progress, finished), cancellationToken);
                file.Complete();
            });
        }
        catch (OperationCanceledException)
        {
            throw new HostException(
                $"Cancelled after {OptionValues.Text(finished.Value)} of {OptionValues.Text(request.Count)} samples. Nothing was kept: '{path}' was not written.",
                ExitCodes.Cancelled);
        }
        return columns;
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
