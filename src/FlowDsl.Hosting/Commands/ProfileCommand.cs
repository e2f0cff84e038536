using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using FlowDsl.Hosting.Files;
using FlowDsl.Hosting.Output;
using FlowDsl.Hosting.Registry;
using FlowDsl.Mathematics.Grids;
using FlowDsl.Mathematics.Numerics;

namespace FlowDsl.Hosting.Commands;

/// <summary>Measures where a sampler's solver errs on a network, and keeps the profile that the generator reads.</summary>
internal sealed class ProfileCommand : HostCommand
{
    // Of a bar, which counts whole numbers.
    private const int Parts = 100_000;

    private readonly Argument<string> _sampler = SamplerArgument();
    private readonly Option<string> _network = new("--network")
    {
        Description = "The network's file, which the program's own function loads.",
        HelpName = "FILE",
        Required = true,
    };

    private readonly Option<string?> _out = new("--out", "-o")
    {
        Description = $"The profile; the name must end in {ProfileData.Suffix}, by which the generator knows such files.",
        HelpName = "FILE",
    };

    private readonly ValueOption<long> _samples = OptionValues.Count(
        "--samples", "Trajectories of the network", 2, 1_000_000, new NetworkProfileOptions().Samples);

    private readonly ValueOption<ulong> _seed = OptionValues.Seed("The seed of their starts");
    private readonly ScheduleOptions _units;
    private readonly Option<bool> _force = new("--force") { Description = "Replace the profile if the file exists." };

    public ProfileCommand(HostContext context)
        : base(
            context, "profile", "Measure where a sampler's solver errs on a network, and where its steps should be.",
            "profile TwoModes.OnNetwork --network net.onnx --out net.profile.json")
    {
        _units = new ScheduleOptions(
            Console, "--print", "Print the sampler's number of steps on the network's own times as a list for Python, in this unit, and nothing else",
            isOptional: true);
        Arguments.Add(_sampler);
        foreach (Option option in (Option[])[_network, _out, _samples, _seed, .. _units.All, _force]) Options.Add(option);
    }

    /// <inheritdoc/>
    protected override void Run(ParseResult arguments, CancellationToken cancellationToken)
    {
        string? path = arguments.GetValue(_out);
        if (path is not null && !path.EndsWith(ProfileData.Suffix, StringComparison.Ordinal))
            throw HostException.Usage($"'{path}' must end in {ProfileData.Suffix}, by which the generator knows profiles.");
        bool prints = _units.IsAsked(arguments);
        (ModelEntry model, SamplerEntry sampler) = Sampler(arguments, _sampler);
        string name = $"{model.Name}.{sampler.Name}";
        if (sampler.Field is not { } field)
            throw new HostException(
                $"The sampler {name} has no Field, which says what a network gives: write [Network(\"Net\")] on the type, and Field = \"Net\".");
        if (sampler.Descriptor.Weights is not null)
            throw new HostException($"The solver of {name} was found together with its times, on the mixture; a profile is for solvers that have other times.");
        if (Context.LoadNetwork is null)
            throw new HostException(
                "This program loads no networks: write return FlowHost.Run(args, path => OnnxNetwork.Load(path)); in its Main, "
                + "with the package FlowDsl.Onnx.");

        string networkPath = arguments.GetRequiredValue(_network);
        if (!File.Exists(networkPath)) throw new HostException($"There is no file '{networkPath}'.");
        // Before the work, so that it is not lost.
        using OutputFile? file = path is null ? null : new OutputFile(path, arguments.GetValue(_force));
        NetworkProfile profile = Measure(networkPath, field, arguments, cancellationToken);
        if (file is not null)
        {
            file.Guard(() => file.Stream.Write(Encoding.UTF8.GetBytes(profile.ToJson())));
            file.Commit();
        }
        SamplerDescriptor plan = field.Plan;
        var schedule = new JsonObject();
        if (prints)
            _units.Describe(schedule, SamplerDescriptor.Create(plan.Model, plan.Solver, profile.CreateTimes(plan.SegmentCount), plan.Chart), arguments);
        if (IsJson(arguments)) Console.Json(Describe(name, networkPath, profile, _seed.In(arguments), prints ? schedule : null, path));
        else if (prints) Console.Out.WriteLine(ScheduleOptions.List(schedule));
        else Print(profile, plan, path);
    }

    private NetworkProfile Measure(string path, FieldSampler field, ParseResult arguments, CancellationToken cancellationToken)
    {
        INetworkField network = Load(path);
        try
        {
            SamplerDescriptor plan = field.Plan;
            var options = new NetworkProfileOptions { Samples = (int)_samples.In(arguments), Seed = _seed.In(arguments), BatchSize = field.BatchSize };
            NetworkProfile? profile = null;
            Console.WithBar("measuring", "parts", Parts, progress => profile = NetworkProfile.Measure(
                network, plan.Model, plan.Solver, field.Convention, plan.Chart, options, new Share(progress), cancellationToken));
            return profile!;
        }
        finally
        {
            (network as IDisposable)?.Dispose();
        }
    }

    private INetworkField Load(string path)
    {
        try
        {
            return Context.LoadNetwork!(path) ?? throw new HostException($"The program's function gave no network for '{path}'.");
        }
        // It is the program's own, and may throw whatever its library throws.
        catch (Exception failure) when (failure is not (HostException or OperationCanceledException))
        {
            throw new HostException($"'{path}' cannot be loaded: {failure.Message.ReplaceLineEndings(" ")}");
        }
    }

    private void Print(NetworkProfile profile, SamplerDescriptor plan, string? path)
    {
        Console.Table(
            ["from", "to", "step error", "downstream", "final error"],
            profile.Windows.Select(window => (string[])
            [
                NumberText.Short(window.From), NumberText.Short(window.To), Number(window.LocalError), NumberText.Brief(window.Amplification),
                Number(window.PropagatedError),
            ]));
        string danger = profile.DangerWindow is { } growth ? $"90 % of the growth of errors is from {growth} (danger window)" : "Errors never grow";
        Console.Out.WriteLine($"{danger}; E‖∇v‖ is at most {NumberText.Brief(profile.ExpectedNorms.Max())}.");
        Console.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{profile.SampleCount} trajectories of {profile.FunctionEvaluations} evaluations; their ends are in doubt by {NumberText.Brief(profile.Doubt)}."));
        Console.Out.WriteLine(
            $"{NumberText.Count(plan.SegmentCount, "step")} of {plan.Solver} at "
                + $"t = {string.Join(" ", profile.CreateTimes(plan.SegmentCount).Select(NumberText.Short))}.");
        if (path is not null)
            Console.Out.WriteLine($"Wrote {path}: Grid = Grid.Profile, Profile = \"{Path.GetFileName(path)}\".");
    }

    private static JsonObject Describe(string name, string network, NetworkProfile profile, ulong seed, JsonObject? schedule, string? path) => new()
    {
        ["sampler"] = name,
        ["network"] = network,
        ["solver"] = $"{profile.Solver}",
        ["chart"] = $"{profile.Chart}",
        ["samples"] = profile.SampleCount,
        ["seed"] = seed,
        ["functionEvaluations"] = profile.FunctionEvaluations,
        ["totalFunctionEvaluations"] = profile.TotalFunctionEvaluations,
        ["doubt"] = JsonNumber.Of(profile.Doubt),
        ["dangerWindow"] = profile.DangerWindow is { } window ? JsonNumber.Array([window.From, window.To]) : null,
        ["times"] = JsonNumber.Array(profile.Times),
        ["expectedNorms"] = JsonNumber.Array(profile.ExpectedNorms),
        ["expectedGrowths"] = JsonNumber.Array(profile.ExpectedGrowths),
        ["windows"] = new JsonArray([.. profile.Windows.Select(own => (JsonNode)new JsonObject
        {
            ["from"] = own.From,
            ["to"] = own.To,
            ["localError"] = JsonNumber.Of(own.LocalError),
            ["amplification"] = JsonNumber.Of(own.Amplification),
            ["propagatedError"] = JsonNumber.Of(own.PropagatedError),
        })]),
        ["schedule"] = schedule,
        ["file"] = path,
    };

    private static string Number(double value) => value.ToString("0.00E+0", CultureInfo.InvariantCulture);

    /// <summary>A share of the bar.</summary>
    private sealed class Share(IProgress<long> progress) : IProgress<double>
    {
        public void Report(double value) => progress.Report((long)(value * Parts));
    }
}
