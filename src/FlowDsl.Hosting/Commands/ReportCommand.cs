using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using FlowDsl.Hosting.Files;
using FlowDsl.Hosting.Names;
using FlowDsl.Hosting.Output;
using FlowDsl.Hosting.Registry;
using FlowDsl.Hosting.Reports.Gathering;
using FlowDsl.Hosting.Reports.Writing;

namespace FlowDsl.Hosting.Commands;

/// <summary>Writes all that is known and measured about a model into one page.</summary>
internal sealed class ReportCommand : HostCommand
{
    private readonly Argument<string> _model = ModelArgument();
    private readonly Option<string> _out = new("--out", "-o") { Description = "The file, which ends in .html.", HelpName = "FILE", Required = true };
    private readonly ValueOption<long> _count = OptionValues.Count("--samples", "How many samples the samplers are compared on", 1, 100_000_000, 10_000);
    private readonly ValueOption<ulong> _seed = OptionValues.Seed();
    private readonly Option<bool> _force = new("--force") { Description = "Replace the file if there is one." };

    public ReportCommand(HostContext context)
        : base(
            context, "report",
            "Write a report about a model: its density, flow and stability, and its samplers against the exact flow. One HTML file that needs no other.",
            "report TwoModes --out report.html")
    {
        _count.Aliases.Add("-n");
        Arguments.Add(_model);
        foreach (Option option in new Option[] { _out, _count, _seed, _force }) Options.Add(option);
    }

    /// <inheritdoc/>
    protected override void Run(ParseResult arguments, CancellationToken cancellationToken)
    {
        ModelEntry entry = Model(arguments, _model);
        string path = arguments.GetRequiredValue(_out);
        if (Path.GetExtension(path).ToLowerInvariant() is not (".html" or ".htm"))
            throw HostException.Usage($"'{path}' must end in .html: a report is a page.");
        // Before the work, so that it is not lost.
        using var file = new OutputFile(path, arguments.GetValue(_force));
        long began = Stopwatch.GetTimestamp();
        var request = new ReportRequest(_count.In(arguments), _seed.In(arguments), DateTimeOffset.UtcNow, ModelNames.Short(Context.Models, entry));
        ModelReport? report = null;
        Console.WithBar(
            $"report on {entry.Name}", "samples", ReportGathering.Steps(entry, request),
            progress => report = ReportGathering.Gather(entry, request, progress, cancellationToken));
        (string html, int figures) = ReportPage.Write(report!);
        byte[] bytes = Encoding.UTF8.GetBytes(html);
        file.Guard(() => file.Stream.Write(bytes));
        cancellationToken.ThrowIfCancellationRequested();
        file.Commit();
        Print(report!, path, bytes.Length, figures, Stopwatch.GetElapsedTime(began).TotalSeconds, arguments);
    }

    private void Print(ModelReport report, string path, int bytes, int figures, double seconds, ParseResult arguments)
    {
        if (IsJson(arguments))
        {
            Console.Json(new JsonObject
            {
                ["model"] = report.Name,
                ["count"] = _count.In(arguments),
                ["seed"] = _seed.In(arguments),
                ["file"] = path,
                ["bytes"] = bytes,
                ["figures"] = figures,
                ["seconds"] = seconds,
                ["lawSamples"] = report.LawCount,
                ["samplers"] = new JsonArray([.. report.Samplers.Select(Describe)]),
            });
            return;
        }
        Console.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"Report on {report.Name}: {path}, {figures} figures, {(bytes + 1023) / 1024} kB, {seconds:0.0} s."));
    }

    // What the page says about a sampler's own law; null where it has none.
    private static JsonNode Describe(SamplerResult sampler) => new JsonObject
    {
        ["name"] = sampler.Name,
        ["functionEvaluations"] = sampler.Descriptor.FunctionEvaluations,
        ["law"] = sampler.Law is not { } law ? null : LawJson.Of(new ComparedLaw(law.Divergence, law.EffectiveSampleSize, law.FoldCount, law.Count)),
    };
}
