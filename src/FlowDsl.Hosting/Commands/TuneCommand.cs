using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using FlowDsl.Hosting.Files;
using FlowDsl.Hosting.Names;
using FlowDsl.Hosting.Output;
using FlowDsl.Hosting.Registry;
using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Discovery;
using FlowDsl.Mathematics.Files;
using FlowDsl.Mathematics.Numerics;
using FlowDsl.Mathematics.Trajectories;

namespace FlowDsl.Hosting.Commands;

/// <summary>Searches the methods of Solver.Bespoke for longer than a build may, and keeps them in files that the generator reads.</summary>
internal sealed class TuneCommand : HostCommand
{
    private const int DefaultBudget = 32;

    // Of a bar, which counts whole numbers.
    private const int Parts = 100_000;

    private readonly Argument<string?> _sampler = new("MODEL.SAMPLER")
    {
        Description = "A sampler with Solver.Bespoke, in any case, or the first letters of each name; all of the program without one.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly ValueOption<long> _budget = OptionValues.Count(
        "--budget", "How many times a build's operations the search may take, about a second each on one core",
        BespokeTuning.MinBudget, BespokeTuning.MaxBudget, DefaultBudget);

    private readonly ValueOption<long> _steps = OptionValues.Count(
        "--steps", "Another number of steps than the sampler has now; the sampler must have it when it is built again", BespokeSearch.MinSteps,
        BespokeSearch.MaxSteps, 0);

    private readonly ValueOption<Chart> _chart = OptionValues.Choice(
        "--chart", "The chart; auto takes the better one", Chart.Auto,
        ("auto", Chart.Auto), ("canonical", Chart.Canonical), ("data-prediction", Chart.DataPrediction));

    private readonly Option<string?> _out = new("--out", "-o")
    {
        Description = $"The file; its name must end in {TunedMethod.Suffix}. Model.Sampler{TunedMethod.Suffix} by default, "
            + "which the generator finds by itself.",
        HelpName = "FILE",
    };

    private readonly Option<bool> _force = new("--force") { Description = "Replace files that exist." };

    public TuneCommand(HostContext context)
        : base(
            context, "tune", "Search the solver of a sampler with Solver.Bespoke for longer than a build may, and write it to a file that the generator reads.",
            "tune TwoModes.Own --budget 100")
    {
        Arguments.Add(_sampler);
        foreach (Option option in (Option[])[_budget, _steps, _chart, _out, _force]) Options.Add(option);
    }

    /// <inheritdoc/>
    protected override void Run(ParseResult arguments, CancellationToken cancellationToken)
    {
        string? path = arguments.GetValue(_out);
        if (path is not null && !path.EndsWith(TunedMethod.Suffix, StringComparison.Ordinal))
            throw HostException.Usage($"'{path}' must end in {TunedMethod.Suffix}, by which the generator knows tuned solvers.");
        (ModelEntry Model, SamplerEntry Sampler)[] samplers = Samplers(arguments);
        if (path is not null && samplers.Length > 1)
            throw HostException.Usage($"--out names one file, and there are {samplers.Length} samplers to tune; name one of them, or leave --out out.");
        string[] paths = path is not null ? [path]
            : [.. samplers.Select(own => $"{ModelNames.Short(Context.Models, own.Model)}.{own.Sampler.Name}{TunedMethod.Suffix}")];
        // Before the work, so that it is not lost.
        if (!arguments.GetValue(_force) && paths.FirstOrDefault(File.Exists) is { } existing)
            throw new HostException($"'{existing}' exists already; --force replaces it.");
        var tuned = new JsonArray();
        for (int i = 0; i < samplers.Length; i++)
        {
            (ModelEntry model, SamplerEntry sampler) = samplers[i];
            try
            {
                tuned.Add((JsonNode)Tune($"{model.Name}.{sampler.Name}", sampler.Descriptor, paths[i], arguments, cancellationToken));
            }
            catch (OperationCanceledException) when (i > 0)
            {
                throw new HostException($"Cancelled. Written: {string.Join(", ", paths.Take(i))}.", ExitCodes.Cancelled);
            }
        }
        if (IsJson(arguments)) Console.Json(new JsonObject { ["samplers"] = tuned });
    }

    private (ModelEntry Model, SamplerEntry Sampler)[] Samplers(ParseResult arguments)
    {
        (ModelEntry Model, SamplerEntry Sampler)[] all =
            [.. Context.Models.SelectMany(model => model.Samplers.Where(IsBespoke).Select(sampler => (model, sampler)))];
        if (arguments.GetValue(_sampler) is not { } text)
            return all.Length > 0 ? all : throw new HostException("No sampler of this program has Solver.Bespoke, whose times and weights can be tuned.");
        (ModelEntry found, SamplerEntry named) = ModelNames.Sampler(Context.Models, text);
        if (IsBespoke(named)) return [(found, named)];
        string others = all.Length > 0 ? $"those that can are {string.Join(", ", all.Select(own => $"{own.Model.Name}.{own.Sampler.Name}"))}" : "none has";
        throw HostException.Usage($"{found.Name}.{named.Name} has no times and weights to tune: only samplers with Solver.Bespoke have, and {others}.");
    }

    private static bool IsBespoke(SamplerEntry sampler)
        => sampler.Descriptor is { Solver: Solver.Bespoke, Map: null, Weights: not null } descriptor && descriptor.Model.Data is null;

    private JsonObject Tune(string name, SamplerDescriptor sampler, string path, ParseResult arguments, CancellationToken cancellationToken)
    {
        (Mixture mixture, Process process) = (sampler.Model.Mixture, sampler.Model.Process);
        int budget = (int)_budget.In(arguments), steps = (int)_steps.In(arguments) is > 0 and var other ? other : sampler.SegmentCount;
        ChartFrame[] frames = BespokeSearch.Frames(_chart.In(arguments), mixture.MeanVariance);
        var analysis = new ModelAnalysis(mixture, process, cancellationToken);
        double least = BespokeTuning.LeastBudget(analysis.Pilot.Mixture);
        if (least > budget)
            throw new HostException(
                $"The mixture of {name} is so large that --budget {budget} affords too few trajectories; it must be at least {NumberText.Short(least)}.");
        using var file = new OutputFile(path, arguments.GetValue(_force));
        Discovery? found = null;
        long began = System.Diagnostics.Stopwatch.GetTimestamp();
        Console.WithBar($"tuning {name}", "parts", Parts, bar => found = BespokeTuning.Find(analysis, frames, steps, budget, new Share(bar)));
        if (found is not { Errors: { } errors }) throw new HostException($"No method of {steps} steps for {name} is finite.");
        double seconds = System.Diagnostics.Stopwatch.GetElapsedTime(began).TotalSeconds;
        file.Guard(() => file.Stream.Write(Encoding.UTF8.GetBytes(TunedMethod.Of(mixture, process, found).Write())));
        file.Commit();
        if (!IsJson(arguments)) Print(name, steps, sampler, found, errors, path, seconds);
        return new JsonObject
        {
            ["sampler"] = name,
            ["steps"] = steps,
            ["chart"] = $"{found.Frame.Chart}",
            ["budget"] = budget,
            ["samples"] = errors.Samples,
            ["searchedError"] = JsonNumber.Of(errors.Pilot),
            ["heldOutError"] = JsonNumber.Of(errors.HeldOut),
            ["buildHeldOutError"] = JsonNumber.Of(errors.Build),
            ["times"] = JsonNumber.Array(found.Method.Times),
            ["weights"] = JsonNumber.Array(found.Method.Weights),
            ["seconds"] = seconds,
            ["file"] = path,
        };
    }

    private void Print(string name, int steps, SamplerDescriptor sampler, Discovery found, SearchErrors errors, string path, double seconds)
    {
        string build = errors.Build is { } other
            ? $"that of the method that a build finds is {NumberText.Brief(other)} ({Ratio(other, errors.HeldOut)})"
            : "the mixture is too large for a build's search";
        Console.Out.WriteLine(
            $"{name}: {NumberText.Count(steps, "step")} in Chart.{found.Frame.Chart}, relative MSE {NumberText.Brief(errors.HeldOut)} on "
                + $"{NumberText.Count(errors.Samples, "sample")} that it was not searched by; {build}.");
        string change = steps == sampler.SegmentCount ? "" : $" set Steps = {OptionValues.Text(steps)} and";
        Console.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"Wrote {path} in {seconds:0.0} s:{change} build again with it below the project's folder."));
    }

    private static string Ratio(double other, double own)
        => own == 0 ? "more" : string.Create(CultureInfo.InvariantCulture, $"×{other / own:0.0}");

    /// <summary>A share of the bar.</summary>
    private sealed class Share(IProgress<long> progress) : IProgress<double>
    {
        public void Report(double value) => progress.Report((long)(value * Parts));
    }
}
