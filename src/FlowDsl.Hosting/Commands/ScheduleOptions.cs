using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using FlowDsl.Hosting.Output;
using FlowDsl.Hosting.Schedules;
using FlowDsl.Mathematics;

namespace FlowDsl.Hosting.Commands;

/// <summary>The options of a schedule in the units of Python's pipelines, and the schedule itself.</summary>
internal sealed class ScheduleOptions
{
    private readonly HostConsole _console;
    private readonly ValueOption<Unit?> _unit;
    private readonly ValueOption<Final> _final = OptionValues.Choice(
        "--final", "How sigmas end: with the early stop's own, with 0 in its place, or with 0 after it",
        Final.Keep, ("keep", Final.Keep), ("zero", Final.Zero), ("append", Final.Append));

    private readonly ValueOption<Training?> _schedule = OptionValues.Choice<Training?>(
        "--schedule",
        "Of timesteps: the schedule that the pipeline's network was trained on; auto is flow for flow matching, else Stable Diffusion's, scaled_linear",
        null, ("auto", null), ("linear", Training.Linear), ("scaled_linear", Training.ScaledLinear), ("squaredcos_cap_v2", Training.SquaredCosine),
        ("flow", Training.Flow));

    /// <summary>Makes the options.</summary>
    /// <param name="console">Where notes go.</param>
    /// <param name="name">The name of the option that chooses the unit.</param>
    /// <param name="description">What it does.</param>
    /// <param name="isOptional">Whether there is a schedule only where it is asked for; otherwise it is in times.</param>
    public ScheduleOptions(HostConsole console, string name, string description, bool isOptional)
    {
        _console = console;
        (string, Unit?)[] units = [("times", Unit.Times), ("sigmas", Unit.Sigmas), ("logsnr", Unit.LogSnr), ("timesteps", Unit.Timesteps)];
        _unit = isOptional
            ? OptionValues.Choice(name, description, null, [("none", null), .. units])
            : OptionValues.Choice(name, description, Unit.Times, units);
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

    /// <summary>The options.</summary>
    public IEnumerable<Option> All => [_unit, _final, _schedule];

    /// <summary>Refuses options that do not go together, and says whether a schedule is asked for.</summary>
    /// <exception cref="HostException">One is about another unit.</exception>
    public bool IsAsked(ParseResult arguments)
    {
        Unit? unit = _unit.In(arguments);
        if (unit != Unit.Sigmas && _final.In(arguments) != Final.Keep)
            throw HostException.Usage($"--final is about sigmas: write {_unit.Name} sigmas with it.");
        if (unit != Unit.Timesteps && _schedule.In(arguments) is not null)
            throw HostException.Usage($"--schedule is about timesteps: write {_unit.Name} timesteps with it.");
        return unit is not null;
    }

    /// <summary>Describes a sampler's schedule.</summary>
    /// <param name="json">Receives it.</param>
    /// <param name="descriptor">The sampler.</param>
    /// <param name="arguments">The arguments, which ask for it.</param>
    /// <exception cref="HostException">An option is about another unit.</exception>
    public void Describe(JsonObject json, SamplerDescriptor descriptor, ParseResult arguments)
    {
        if (!IsAsked(arguments)) return;
        Unit unit = _unit.In(arguments)!.Value;
        json["as"] = unit.ToString().ToLowerInvariant();
        json["steps"] = descriptor.SegmentCount;
        json["solver"] = $"{descriptor.Solver}";
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
    }

    /// <summary>A described schedule as a list of Python.</summary>
    public static string List(JsonObject json) => "[" + string.Join(", ", json["values"]!.AsArray().Select(Literal)) + "]";

    /// <summary>What a value is in Python.</summary>
    private static string Literal(JsonNode? value)
        => value!.GetValueKind() == JsonValueKind.String ? $"float('{value}')" : value.ToJsonString();

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
        TrainingSchedule? own = asked is null ? descriptor.Model.Process.Training : null;
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
            _console.Error.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{timesteps.Merged} of {descriptor.SegmentCount} steps fall on the training step of another and are left out."));
        if (timesteps.Clamped > 0)
            _console.Error.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{timesteps.Clamped} of {descriptor.SegmentCount} noise levels lie beyond {name}'s and stand at its end."));
    }
}
