using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using FlowDsl.Hosting.Files;
using FlowDsl.Hosting.Output;
using FlowDsl.Hosting.Pictures;
using FlowDsl.Hosting.Registry;

namespace FlowDsl.Hosting.Commands;

/// <summary>Compares all samplers of a model with the exact flow.</summary>
internal sealed class CompareCommand : HostCommand
{
    private readonly Argument<string> _model = ModelArgument();
    private readonly ValueOption<long> _count = OptionValues.Count("-n", "How many samples", 1, 100_000_000, 10_000);
    private readonly ValueOption<ulong> _seed = OptionValues.Seed();
    private readonly Option<string?> _plot = new("--plot")
    {
        Description = "Draw the error against the function evaluations into a file that ends in .png or .svg.",
        HelpName = "FILE",
    };

    private readonly Option<bool> _force = new("--force") { Description = "Replace the file if there is one." };

    public CompareCommand(HostContext context)
        : base(
            context, "compare", "Compare all samplers of a model with the exact flow, from the same starts.", "compare TwoModes -n 1e5 --plot errors.png")
    {
        Arguments.Add(_model);
        foreach (Option option in new Option[] { _count, _seed, _plot, _force }) Options.Add(option);
    }

    /// <inheritdoc/>
    protected override void Run(ParseResult arguments, CancellationToken cancellationToken)
    {
        ModelEntry entry = Model(arguments, _model);
        string? path = arguments.GetValue(_plot);
        if (path is not null && Path.GetExtension(path).ToLowerInvariant() is not (".png" or ".svg"))
            throw HostException.Usage($"'{path}' must end in .png or .svg, which says the format.");
        SamplerEntry[] samplers = [.. entry.Samplers.Where(sampler => sampler.IsTrained)];
        if (samplers.Length == 0) throw new HostException($"{entry.Name} has no sampler to compare: declare one, or train its students.");
        // Before the work, so that it is not lost.
        using OutputFile? picture = path is null ? null : new OutputFile(path, arguments.GetValue(_force));

        long count = _count.In(arguments);
        FlowComparison? comparison = null;
        Console.WithBar($"exact flow of {entry.Name}", "samples", count, progress => comparison = FlowComparison.Create(
            entry.Model, count, _seed.In(arguments), progress: progress, cancellationToken: cancellationToken));
        foreach (SamplerEntry sampler in samplers) comparison = sampler.AddTo(comparison!, cancellationToken);
        if (picture is not null)
        {
            byte[] bytes = ErrorPlot.Draw(entry.Name, comparison!.Samplers, Path.GetExtension(path)!.Equals(".svg", StringComparison.OrdinalIgnoreCase));
            picture.Guard(() => picture.Stream.Write(bytes));
            picture.Commit();
        }
        Print(entry, comparison!, arguments);
    }

    private void Print(ModelEntry entry, FlowComparison comparison, ParseResult arguments)
    {
        string? path = arguments.GetValue(_plot);
        if (IsJson(arguments))
        {
            Console.Json(new JsonObject
            {
                ["model"] = entry.Name,
                ["count"] = comparison.SampleCount,
                ["seed"] = _seed.In(arguments),
                ["samplers"] = new JsonArray([.. comparison.Samplers.Select(Describe)]),
                ["plot"] = path,
            });
            return;
        }
        Console.Table(
            ["<sampler", "NFE", "relative MSE", "95 % interval", "forecast", "median error", "99 % error", "flips"],
            comparison.Samplers.Select(sampler => new[]
            {
                sampler.Name, sampler.FunctionEvaluations.ToString(CultureInfo.InvariantCulture), Error(sampler.RelativeMeanSquaredError),
                $"{Error(sampler.Low)} to {Error(sampler.High)}", sampler.Forecast is { } known ? Error(known.RelativeMeanSquaredError) : "",
                Error(sampler.MedianError), Error(sampler.HighError), sampler.FlipShare.ToString("P2", CultureInfo.InvariantCulture),
            }));
        string left = entry.Samplers.Any(sampler => !sampler.IsTrained) ? " Students without weights are left out." : "";
        Console.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{comparison.SampleCount} samples, each against the exact flow from the same start.{left}"));
        if (path is not null) Console.Out.WriteLine($"Picture: {path}.");
    }

    private static JsonNode Describe(ComparedSampler sampler) => new JsonObject
    {
        ["name"] = sampler.Name,
        ["functionEvaluations"] = sampler.FunctionEvaluations,
        ["relativeMeanSquaredError"] = JsonNumber.Of(sampler.RelativeMeanSquaredError),
        ["low"] = JsonNumber.Of(sampler.Low),
        ["high"] = JsonNumber.Of(sampler.High),
        ["medianError"] = JsonNumber.Of(sampler.MedianError),
        ["highError"] = JsonNumber.Of(sampler.HighError),
        ["flipShare"] = JsonNumber.Of(sampler.FlipShare),
        ["forecastRelativeMeanSquaredError"] = JsonNumber.Of(sampler.Forecast?.RelativeMeanSquaredError),
    };

    private static string Error(double value) => value.ToString("0.00E+0", CultureInfo.InvariantCulture);
}
