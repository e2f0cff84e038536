using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using FlowDsl.Hosting.Output;
using FlowDsl.Hosting.Registry;
using FlowDsl.Mathematics.Numerics;

namespace FlowDsl.Hosting.Commands;

/// <summary>Lists the models of the program and their samplers.</summary>
internal sealed class ListCommand(HostContext context)
    : HostCommand(context, "list", "List the models of this program and their samplers, with the forecast of each one's error.", "list --json")
{
    /// <inheritdoc/>
    protected override void Run(ParseResult arguments, CancellationToken cancellationToken)
    {
        if (IsJson(arguments))
        {
            Console.Json(new JsonObject { ["models"] = new JsonArray([.. Context.Models.Select(Describe)]) });
            return;
        }
        if (Context.Models.Count == 0)
        {
            Console.Error.WriteLine(
                "This program has no generated model that commands can name: none is declared, or all are private or within generic types.");
            return;
        }
        Console.Table(
            ["<name", "dimension", "components", "<solver", "<grid", "steps", "NFE", "<precision", "forecast MSE"],
            Context.Models.SelectMany(model => model.Samplers.Select(sampler => Row(model, sampler)).DefaultIfEmpty(Row(model, null))));
    }

    private static string[] Row(ModelEntry model, SamplerEntry? sampler)
    {
        string dimension = Text(model.Model.Dimension), components = Text(model.Model.ComponentCount);
        if (sampler is null) return [model.Name, dimension, components, "", "", "", "", "", ""];
        SamplerDescriptor own = sampler.Descriptor;
        string forecast = !sampler.IsTrained ? "no weights" : own.Forecast is { } known ? NumberText.Brief(known.RelativeMeanSquaredError) : "";
        return
        [
            $"{model.Name}.{sampler.Name}", dimension, components, $"{own.Solver}", own.Grid is { } grid ? $"{grid}" : "given times", Text(own.SegmentCount),
            Text(own.FunctionEvaluations), own.Precision == Precision.Single ? "float" : "double", forecast,
        ];
    }

    private static JsonNode Describe(ModelEntry model) => new JsonObject
    {
        ["name"] = model.Name,
        ["dimension"] = model.Model.Dimension,
        ["components"] = model.Model.ComponentCount,
        ["process"] = model.Model.Process.ToString(),
        ["samplers"] = new JsonArray([.. model.Samplers.Select(Describe)]),
    };

    private static JsonNode Describe(SamplerEntry sampler)
    {
        SamplerDescriptor own = sampler.Descriptor;
        return new JsonObject
        {
            ["name"] = sampler.Name,
            ["solver"] = $"{own.Solver}",
            ["grid"] = own.Grid is { } grid ? $"{grid}" : null,
            ["steps"] = own.SegmentCount,
            ["functionEvaluations"] = own.FunctionEvaluations,
            ["precision"] = own.Precision == Precision.Single ? "float" : "double",
            ["isTrained"] = sampler.IsTrained,
            ["forecastRelativeMeanSquaredError"] = JsonNumber.Of(own.Forecast?.RelativeMeanSquaredError),
        };
    }

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
