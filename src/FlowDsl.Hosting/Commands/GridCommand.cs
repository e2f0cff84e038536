using System.CommandLine;
using System.Text.Json.Nodes;
using FlowDsl.Hosting.Registry;

namespace FlowDsl.Hosting.Commands;

/// <summary>Prints a sampler's schedule in the units of Python's pipelines.</summary>
internal sealed class GridCommand : HostCommand
{
    private readonly Argument<string> _sampler = SamplerArgument();
    private readonly ScheduleOptions _units;

    public GridCommand(HostContext context)
        : base(
            context, "grid", "Print the step times of a sampler as a list for Python, in the units that pipelines take.",
            "grid TwoModes.Fast --as sigmas --final zero")
    {
        _units = new ScheduleOptions(
            Console, "--as", "The unit: t; s/a, which k-diffusion and diffusers call sigma; log(a²/s²); or the steps of a pipeline's own training",
            isOptional: false);
        Arguments.Add(_sampler);
        foreach (Option option in _units.All) Options.Add(option);
    }

    /// <inheritdoc/>
    protected override void Run(ParseResult arguments, CancellationToken cancellationToken)
    {
        (ModelEntry model, SamplerEntry sampler) = Sampler(arguments, _sampler);
        var json = new JsonObject { ["sampler"] = $"{model.Name}.{sampler.Name}" };
        _units.Describe(json, sampler.Descriptor, arguments);
        if (IsJson(arguments)) Console.Json(json);
        else Console.Out.WriteLine(ScheduleOptions.List(json));
    }
}
