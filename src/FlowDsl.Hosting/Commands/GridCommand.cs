using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using FlowDsl.Hosting.Output;
using FlowDsl.Hosting.Registry;
using FlowDsl.Hosting.Schedules;
using FlowDsl.Mathematics;

namespace FlowDsl.Hosting.Commands;

/// <summary>Prints a sampler's schedule in the units of Python's pipelines.</summary>
internal sealed class GridCommand : HostCommand
{
    private readonly Argument<string> _sampler = SamplerArgument();
    private readonly ValueOption<Unit> _unit = OptionValues.Choice(
        "--as", "The unit: t; s/a, which k-diffusion and diffusers call sigma; log(a²/s²); or the steps of a pipeline's own training",
        Unit.Times, ("times", Unit.Times), ("sigmas", Unit.Sigmas), ("logsnr", Unit.LogSnr), ("timesteps", Unit.Timesteps));

    private readonly ValueOption<Final> _final = OptionValues.Choice(
        "--final", "How sigmas end: with the early stop's own, with 0 in its place, or with 0 after it",
        Final.Keep, ("keep", Final.Keep), ("zero", Final.Zero), ("append", Final.Append));

    private readonly ValueOption<Training?> _schedule = OptionValues.Choice<Training?>(
        "--schedule", "Of timesteps: the schedule that the pipeline's network was trained on; auto is flow for flow matching, else Stable Diffusion's, scaled_linear",
        null, ("auto", null), ("linear", Training.Linear), ("scaled_linear", Training.ScaledLinear), ("squaredcos_cap_v2", Training.SquaredCosine),
        ("flow", Training.Flow));

    public GridCommand(HostContext context)
        : base(
            context, "grid", "Print the step times of a sampler as a list for Python, in the units that pipelines take.",
            "grid TwoModes.Fast --as sigmas --final zero")
    {
        Arguments.Add(_sampler);
        foreach (Option option in new Option[] { _unit, _final, _schedule }) Options.Add(option);
    }

    private enum Unit
    {
        Times,
        Sigmas,
        LogSnr,
        Timesteps,
    }

    private enum Final
    {
        Keep,
        Zero,
        Append,
    }

    private enum Training
    {
        Linear,
        ScaledLinear,
        SquaredCosine,
        Flow,
    }

    /// <inheritdoc/>
    protected override void Run(ParseResult arguments, CancellationToken cancellationToken)
    {
        (ModelEntry model, SamplerEntry sampler) = Sampler(arguments, _sampler);
        SamplerDescriptor descriptor = sampler.Descriptor;
        Unit unit = _unit.In(arguments);
        if (unit != Unit.Sigmas && _final.In(arguments) != Final.Keep) throw HostException.Usage("--final is about sigmas: write --as sigmas with it.");
        if (unit != Unit.Timesteps && _schedule.In(arguments) is not null)
            throw HostException.Usage("--schedule is about timesteps: write --as timesteps with it.");
        var json = new JsonObject
        {
            ["sampler"] = $"{model.Name}.{sampler.Name}",
            ["as"] = unit.ToString().ToLowerInvariant(),
            ["steps"] = descriptor.SegmentCount,
            ["solver"] = $"{descriptor.Solver}",
        };
        switch (unit)
        {
            case Unit.Times:
                Add(json, "values", descriptor.Times);
                break;
            case Unit.Sigmas:
                Add(json, "values", Sigmas(descriptor, _final.In(arguments)));
                break;
            case Unit.LogSnr:
                Add(json, "values", descriptor.LogSnr);
                break;
            default:
                AddTimesteps(json, descriptor, _schedule.In(arguments));
                break;
        }
        if (IsJson(arguments))
        {
            Console.Json(json);
            return;
        }
        Console.Out.WriteLine("[" + string.Join(", ", json["values"]!.AsArray().Select(Literal)) + "]");
    }

    /// <summary>What a value is in Python.</summary>
    private static string Literal(JsonNode? value)
        => value!.GetValueKind() == System.Text.Json.JsonValueKind.String ? $"float('{value}')" : value.ToJsonString();

    private static void Add(JsonObject json, string name, IEnumerable<double> values) => json[name] = JsonNumber.Array(values);

    private static IEnumerable<double> Sigmas(SamplerDescriptor descriptor, Final final) => final switch
    {
        Final.Zero => descriptor.Sigmas.SkipLast(1).Append(0),
        Final.Append => descriptor.Sigmas.Append(0),
        _ => descriptor.Sigmas,
    };

    /// <summary>What diffusers calls a schedule.</summary>
    private static string NameOf(NoiseSchedule schedule) => schedule switch
    {
        NoiseSchedule.Linear => "linear",
        NoiseSchedule.ScaledLinear => "scaled_linear",
        NoiseSchedule.SquaredCosine => "squaredcos_cap_v2",
        _ => "trained_betas",
    };

    private void AddTimesteps(JsonObject json, SamplerDescriptor descriptor, Training? asked)
    {
        TrainingSchedule? own = asked is not null
            ? null
            : descriptor.Model.Process.Match<TrainingSchedule?>(_ => null, _ => null, _ => null, preserving => preserving.Schedule);
        Training training = asked
            ?? descriptor.Model.Process.Match(_ => Training.ScaledLinear, _ => Training.ScaledLinear, _ => Training.Flow, _ => Training.ScaledLinear);
        if (training == Training.Flow)
        {
            // s/a = t/(1 - t) of the interpolant: other processes meet it where their noise level is the same.
            double[] times = [.. descriptor.Sigmas.SkipLast(1).Select(TrainingSchedule.Flow.TimeOf)];
            json["schedule"] = "flow";
            Add(json, "values", times);
            Add(json, "scaled", times.Select(time => TrainingSchedule.UsualSteps * time));
            return;
        }
        (string name, TrainingSchedule schedule) = training switch
        {
            _ when own is not null => (NameOf(own.Kind), own),
            Training.Linear => ("linear", TrainingSchedule.Linear()),
            Training.ScaledLinear => ("scaled_linear", TrainingSchedule.ScaledLinear()),
            _ => ("squaredcos_cap_v2", TrainingSchedule.SquaredCosine()),
        };
        var timesteps = Timesteps.Of(schedule, descriptor.Sigmas);
        json["schedule"] = name;
        json["values"] = new JsonArray([.. timesteps.Values.Select(value => (JsonNode)value)]);
        json["merged"] = timesteps.Merged;
        json["clamped"] = timesteps.Clamped;
        if (timesteps.Merged > 0)
            Console.Error.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{timesteps.Merged} of {descriptor.SegmentCount} steps fall on the training step of another and are left out."));
        if (timesteps.Clamped > 0)
            Console.Error.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{timesteps.Clamped} of {descriptor.SegmentCount} noise levels lie beyond {name}'s and stand at its end."));
    }
}
