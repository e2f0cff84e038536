using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using FlowDsl.Hosting.Files;
using FlowDsl.Hosting.Measurements;
using FlowDsl.Hosting.Names;
using FlowDsl.Hosting.Output;
using FlowDsl.Hosting.Pictures;
using FlowDsl.Hosting.Registry;
using FlowDsl.Metrics;

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

    private readonly ValueOption<long> _rounds = OptionValues.Count(
        "--rounds", "How often each sampler is timed; the best round counts, and 0 leaves the speed out", 0, 10_000, 11);

    private readonly Option<string?> _grids = new("--grids")
    {
        Description = "A sampler of the model whose solver and steps are also compared on every grid.",
        HelpName = "SAMPLER",
    };

    private readonly Option<bool> _law = new("--law")
    {
        Description = "Follow the density of each sampler's own law: its KL from the mixture, and how many true samples its weighted ones are worth.",
    };

    private readonly ValueOption<double> _accuracy = OptionValues.Positive(
        "--law-accuracy", "Follow the law on as many samples of its own as tell KL to this share of it, at a confidence of 95 %", 0, "0.01");

    private readonly Option<bool> _force = new("--force") { Description = "Replace the file if there is one." };

    public CompareCommand(HostContext context)
        : base(
            context, "compare", "Compare all samplers of a model with the exact flow, from the same starts.", "compare TwoModes -n 1e5 --plot errors.png")
    {
        Arguments.Add(_model);
        foreach (Option option in new Option[] { _count, _seed, _plot, _rounds, _grids, _law, _accuracy, _force }) Options.Add(option);
    }

    /// <inheritdoc/>
    protected override void Run(ParseResult arguments, CancellationToken cancellationToken)
    {
        ModelEntry entry = Model(arguments, _model);
        string? path = arguments.GetValue(_plot);
        if (path is not null) PictureFile.CheckName(path);
        SamplerEntry[] samplers = [.. entry.Samplers.Where(sampler => sampler.IsTrained)];
        if (samplers.Length == 0) throw new HostException($"{entry.Name} has no sampler to compare: declare one, or train its students.");
        SamplerDescriptor? solver = arguments.GetValue(_grids) is { } name ? OneWithSolver(entry, name) : null;
        // Before the work, so that it is not lost.
        using PictureFile? picture = path is null ? null : new PictureFile(path, arguments.GetValue(_force));

        long count = _count.In(arguments);
        FlowComparison? comparison = null;
        Console.WithBar($"exact flow of {entry.Name}", "samples", count, progress => comparison = FlowComparison.Create(
            entry.Model, count, _seed.In(arguments), progress: progress, cancellationToken: cancellationToken));
        EveryGrid? grids = solver is null ? null : Grids(comparison!, solver, cancellationToken);
        double? accuracy = _accuracy.In(arguments) is > 0 and var asked ? asked : null;
        foreach (SamplerEntry sampler in samplers) comparison = sampler.AddTo(comparison!, arguments.GetValue(_law), accuracy, cancellationToken);
        LawDistances[] laws = count < LawDistances.LeastSamples ? [] : Laws(entry, samplers, comparison!, cancellationToken);
        double floor = laws.Length == 0 ? 0 : SlicedWasserstein.Floor(entry.Model, comparison!.SampleCount, cancellationToken: cancellationToken);
        Throughput? rates = Rates(entry, samplers, (int)_rounds.In(arguments), cancellationToken);
        picture?.Write(isVector => ErrorPlot.Draw(entry.Name, comparison!.Samplers, isVector));
        if (IsJson(arguments))
        {
            JsonObject json = Describe(entry, samplers, comparison!, laws, rates, arguments);
            if (grids is not null) json["grids"] = Describe(grids);
            Console.Json(json);
            return;
        }
        Print(entry, comparison!, laws, floor, rates, path);
        if (grids is not null) Print(grids, solver!);
    }

    private SamplerDescriptor OneWithSolver(ModelEntry entry, string name)
    {
        SamplerEntry sampler = ModelNames.Sampler(Context.Models, $"{entry.Name}.{name}").Sampler;
        return sampler.Trainer is null
            ? sampler.Descriptor
            : throw HostException.Usage($"{sampler.Name} is a student, which has no solver to take the steps of a grid.");
    }

    private EveryGrid Grids(FlowComparison starts, SamplerDescriptor sampler, CancellationToken cancellationToken)
    {
        if (sampler.Weights is not null)
            throw new HostException($"The solver of {sampler.Name} was found together with its times; there are no other grids for it.");
        EveryGrid? grids = null;
        Console.WithBar(
            $"grids of {sampler.Name}", "grids", EveryGrid.Of(starts.Model.Process).Length,
            progress => grids = EveryGrid.Measure(starts, sampler, progress, cancellationToken));
        return grids!;
    }

    private void Print(EveryGrid grids, SamplerDescriptor sampler)
    {
        Console.Out.WriteLine();
        Console.Table(
            ["<grid", "relative MSE", "95 % interval", "median error", "99 % error", "flips"],
            grids.Comparison.Samplers.Zip(grids.Schedules).OrderBy(row => row.First.RelativeMeanSquaredError).Select(row => (string[])
            [
                row.First.Name + (row.Second.StandIn is null ? "" : $" (stand-in: {row.Second.Grid})"), Error(row.First.RelativeMeanSquaredError),
                $"{Error(row.First.Low)} to {Error(row.First.High)}", Error(row.First.MedianError), Error(row.First.HighError), Percent(row.First.FlipShare),
            ]));
        Console.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{sampler.Solver} in {sampler.SegmentCount} steps on every grid of the process, with its usual parameters, in double precision."));
    }

    private static JsonArray Describe(EveryGrid grids) => new([.. grids.Comparison.Samplers.Zip(grids.Schedules).Select(row => (JsonNode)new JsonObject
    {
        ["grid"] = row.First.Name,
        ["standIn"] = row.Second.StandIn is null ? null : row.Second.Grid.ToString(),
        ["functionEvaluations"] = row.First.FunctionEvaluations,
        ["relativeMeanSquaredError"] = JsonNumber.Of(row.First.RelativeMeanSquaredError),
        ["low"] = JsonNumber.Of(row.First.Low),
        ["high"] = JsonNumber.Of(row.First.High),
        ["medianError"] = JsonNumber.Of(row.First.MedianError),
        ["highError"] = JsonNumber.Of(row.First.HighError),
        ["flipShare"] = JsonNumber.Of(row.First.FlipShare),
        ["times"] = JsonNumber.Array(row.Second.Times),
    })]);

    private LawDistances[] Laws(ModelEntry entry, SamplerEntry[] samplers, FlowComparison comparison, CancellationToken cancellationToken)
    {
        var laws = new LawDistances[samplers.Length];
        Console.WithBar($"distances of {entry.Name}", "samplers", samplers.Length, progress =>
        {
            for (int i = 0; i < samplers.Length; i++)
            {
                laws[i] = LawDistances.Measure(comparison, samplers[i], cancellationToken);
                progress.Report(i + 1);
            }
        });
        return laws;
    }

    private Throughput? Rates(ModelEntry entry, SamplerEntry[] samplers, int rounds, CancellationToken cancellationToken)
    {
        if (rounds == 0) return null;
        Throughput? rates = null;
        Console.WithBar(
            $"timing {entry.Name}", "rounds", rounds,
            progress => rates = Throughput.Measure(samplers, Throughput.SamplesFor(entry.Model.Dimension), rounds, progress, cancellationToken));
        return rates;
    }

    private void Print(ModelEntry entry, FlowComparison comparison, LawDistances[] laws, double floor, Throughput? rates, string? picture)
    {
        Console.Table(
            [
                "<sampler", "NFE", .. rates is null ? Array.Empty<string>() : ["million samples/s, 1 core"], "relative MSE", "95 % interval", "forecast",
                "median error", "99 % error", "flips", "same-branch MSE",
            ],
            comparison.Samplers.Select((sampler, i) => (string[])
            [
                sampler.Name, OptionValues.Text(sampler.FunctionEvaluations),
                .. rates is null ? Array.Empty<string>() : [OptionValues.Millions(rates.OneCore[i])],
                Error(sampler.RelativeMeanSquaredError), $"{Error(sampler.Low)} to {Error(sampler.High)}",
                sampler.Forecast is { } known ? Error(known.RelativeMeanSquaredError) : "", Error(sampler.MedianError), Error(sampler.HighError),
                Percent(sampler.FlipShare), Error(sampler.SameBranch.Value),
            ]));
        string left = entry.Samplers.Any(sampler => !sampler.IsTrained) ? " Students without weights are left out." : "";
        Console.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{comparison.SampleCount} samples, each against the exact flow from the same start.{left}"));
        Console.Out.WriteLine("Flips are errors of more than half the smallest distance of two means; the other errors are those on the same branch.");
        PrintOwnLaws(comparison);
        Print(laws, floor, comparison);
        if (picture is not null) Console.Out.WriteLine($"Picture: {picture}.");
    }

    private void PrintOwnLaws(FlowComparison comparison)
    {
        if (comparison.Samplers[0].Law is null) return;
        Console.Out.WriteLine();
        Console.Table(
            ["<sampler's own law", "NFE", "samples", "KL, nats", "95 % interval", "effective samples", "of all", "folds", "of all"],
            comparison.Samplers.Select(sampler => (string[])
            [
                sampler.Name, OptionValues.Text(sampler.FunctionEvaluations), OptionValues.Text(sampler.Law!.SampleCount), Error(sampler.Law.Divergence.Value),
                $"{Error(sampler.Law.Divergence.Low)} to {Error(sampler.Law.Divergence.High)}",
                sampler.Law.EffectiveSampleSize.ToString("0", CultureInfo.InvariantCulture), Percent(sampler.Law.EffectiveSampleSize / sampler.Law.SampleCount),
                sampler.Law.FoldCount.ToString(CultureInfo.InvariantCulture), Percent((double)sampler.Law.FoldCount / sampler.Law.SampleCount),
            ]));
        Console.Out.WriteLine("From the density of each sample. Where samplers fold space over, KL is a lower bound.");
    }

    private void Print(LawDistances[] laws, double floor, FlowComparison comparison)
    {
        if (laws.Length == 0)
        {
            Console.Out.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"Distances of laws need {LawDistances.LeastSamples} samples at least."));
            return;
        }
        bool isGaussian = laws[0].ExactWasserstein is not null;
        Console.Out.WriteLine();
        Console.Table(
            [
                "<sampler", "excess NLL", "KL", "sliced W2", "MMD²", "energy distance", "other mode", "p of mode weights",
                .. isGaussian ? ["exact W2"] : Array.Empty<string>(),
            ],
            laws.Select(law => (string[])
            [
                law.Name, Interval(law.ExcessNll), Interval(law.KullbackLeibler), Interval(law.SlicedWasserstein), Interval(law.MaximumMeanDiscrepancy),
                Interval(law.EnergyDistance), Percent(law.Strays.Value), law.ModeWeights.PValue.ToString("0.000", CultureInfo.InvariantCulture),
                .. law.ExactWasserstein is { } exact ? [Error(exact)] : Array.Empty<string>(),
            ]));
        Console.Out.WriteLine(
            $"Each with half its 95 % interval. Two true draws have a sliced W2 of {Error(floor)}; "
            + "an MMD² or energy distance of 0 within its interval shows no difference. "
            + "Other mode: another component owns the sample than owns the exact end. "
            + $"KL, MMD² and energy distance take the first {OptionValues.Text(Math.Min(LawDistances.MostPaired, comparison.SampleCount))} samples.");
    }

    private JsonObject Describe(
        ModelEntry entry, SamplerEntry[] samplers, FlowComparison comparison, LawDistances[] laws, Throughput? rates, ParseResult arguments) => new()
        {
            ["model"] = entry.Name,
            ["count"] = comparison.SampleCount,
            ["seed"] = _seed.In(arguments),
            ["arithmetic"] = SamplingArithmetic.Current.ToString(),
            ["samplers"] = new JsonArray([.. comparison.Samplers.Zip(samplers).Select(
                (pair, i) => Describe(pair.First, pair.Second.Descriptor, laws.ElementAtOrDefault(i), rates?.OneCore[i], rates?.AllCores[i]))]),
            ["plot"] = arguments.GetValue(_plot),
        };

    private static JsonNode Describe(
        ComparedSampler sampler, SamplerDescriptor descriptor, LawDistances? law, double? oneCore, double? allCores) => new JsonObject
        {
            ["name"] = sampler.Name,
            ["solver"] = descriptor.Solver.ToString(),
            ["grid"] = descriptor.Grid?.ToString(),
            ["steps"] = descriptor.SegmentCount,
            ["functionEvaluations"] = sampler.FunctionEvaluations,
            ["samplesPerSecondOneCore"] = JsonNumber.Of(oneCore),
            ["samplesPerSecondAllCores"] = JsonNumber.Of(allCores),
            ["relativeMeanSquaredError"] = JsonNumber.Of(sampler.RelativeMeanSquaredError),
            ["low"] = JsonNumber.Of(sampler.Low),
            ["high"] = JsonNumber.Of(sampler.High),
            ["medianError"] = JsonNumber.Of(sampler.MedianError),
            ["highError"] = JsonNumber.Of(sampler.HighError),
            ["flipShare"] = JsonNumber.Of(sampler.FlipShare),
            ["sameBranchError"] = LawJson.Of(sampler.SameBranch),
            ["forecastRelativeMeanSquaredError"] = JsonNumber.Of(sampler.Forecast?.RelativeMeanSquaredError),
            ["law"] = sampler.Law is not { } own ? null : LawJson.Of(own),
            ["distances"] = law is null ? null : new JsonObject
            {
                ["excessNll"] = LawJson.Of(law.ExcessNll),
                ["kullbackLeibler"] = LawJson.Of(law.KullbackLeibler),
                ["slicedWasserstein"] = LawJson.Of(law.SlicedWasserstein),
                ["maximumMeanDiscrepancy"] = LawJson.Of(law.MaximumMeanDiscrepancy),
                ["energyDistance"] = LawJson.Of(law.EnergyDistance),
                ["strays"] = LawJson.Of(law.Strays),
                ["modeShares"] = new JsonArray([.. law.ModeWeights.Shares.Select(share => (JsonNode)LawJson.Of(share))]),
                ["modeChiSquare"] = JsonNumber.Of(law.ModeWeights.ChiSquare),
                ["modePValue"] = JsonNumber.Of(law.ModeWeights.PValue),
                ["exactWasserstein"] = JsonNumber.Of(law.ExactWasserstein),
            },
        };

    private static string Error(double value) => value.ToString("0.00E+0", CultureInfo.InvariantCulture);

    private static string Percent(double share) => share.ToString("P3", CultureInfo.InvariantCulture);

    private static string Interval(MetricEstimate estimate)
        => string.Create(CultureInfo.InvariantCulture, $"{estimate.Value:0.0E+0} ± {(estimate.High - estimate.Low) / 2:0E+0}");
}
