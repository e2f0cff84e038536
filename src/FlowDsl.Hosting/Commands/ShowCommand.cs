using System.CommandLine;
using System.Text.Json.Nodes;
using FlowDsl.Hosting.Output;
using FlowDsl.Hosting.Registry;
using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Numerics;
using FlowDsl.Mathematics.Structure;
using FlowDsl.Mathematics.Trajectories;

namespace FlowDsl.Hosting.Commands;

/// <summary>Shows all that is known about a model before it runs.</summary>
internal sealed class ShowCommand : HostCommand
{
    private readonly Argument<string> _model = ModelArgument();

    public ShowCommand(HostContext context)
        : base(
            context, "show",
            "Show a model: its mixture and process, the structure found in it, and for each sampler its form, its step times, and what is known of its errors.",
            "show TwoModes")
        => Arguments.Add(_model);

    /// <inheritdoc/>
    protected override void Run(ParseResult arguments, CancellationToken cancellationToken)
    {
        ModelEntry entry = Model(arguments, _model);
        GaussianMixtureModel model = entry.Model;
        if (IsJson(arguments))
        {
            Console.Json(Describe(entry));
            return;
        }
        Console.Out.WriteLine(entry.Name);
        Console.Out.WriteLine(model.ToString().ReplaceLineEndings("\n"));
        Console.Out.WriteLine($"Structure: {string.Join("; ", Structure(model))}.");
        Console.Out.WriteLine($"{SegmentTable.Whole(model.Stability.SpeciationTime, model.Stability.DangerWindow)}.");
        foreach (SamplerEntry sampler in entry.Samplers)
        {
            Console.Out.WriteLine();
            Console.Out.WriteLine(sampler.Descriptor.ToString().ReplaceLineEndings("\n"));
            Console.Out.WriteLine($"Form: {sampler.Form}");
            if (!sampler.IsTrained) Console.Out.WriteLine("It has no weights yet.");
        }
    }

    /// <summary>What the means and covariances have in common.</summary>
    private static List<string> Structure(GaussianMixtureModel model)
    {
        if (model.Data is not null) return ["a data set: rows of one weight and one isotropic covariance"];
        Mixture mixture = model.Mixture;
        if (mixture.Count == 1) return ["one Gaussian, whose flow has a closed form"];
        List<string> found = [];
        if (mixture.HasSharedCovariance) found.Add($"one {(mixture.Covariances[0].IsIsotropic ? "isotropic " : "")}covariance for all components");
        MixtureBlock[] blocks = IndependentBlocks.Split(mixture);
        if (blocks.Length > 1)
        {
            IEnumerable<string> coordinates = blocks.Select(block => $"({string.Join(" ", block.Coordinates.Select(j => $"x{j}"))})");
            found.Add($"{blocks.Length} independent blocks of coordinates: {string.Join(", ", coordinates)}");
        }
        if (EquallySpacedMeans.Find(mixture) is { } equal) found.Add($"means equally spaced by {NumberText.Short(equal.Spacing)}");
        if (MirroredMeans.Find(mixture) is { } mirrored)
            found.Add($"{NumberText.Count(mirrored.Pairs.Length, "pair")} of components mirrored at {NumberText.List(mirrored.Centre)}");
        if (mixture.HasSharedCovariance && MeansSpan.Find(mixture) is { IsWhole: false } span)
            found.Add($"means that span {span.Axes.Length} of {mixture.Dimension} axes");
        return found.Count > 0 ? found : ["none that an evaluation could use"];
    }

    private static JsonObject Describe(ModelEntry entry)
    {
        GaussianMixtureModel model = entry.Model;
        return new JsonObject
        {
            ["name"] = entry.Name,
            ["dimension"] = model.Dimension,
            ["data"] = model.Data is { } data ? Describe(data) : null,
            ["components"] = model.Data is null ? Components(model.Mixture) : null,
            ["process"] = model.Process.ToString(),
            ["structure"] = new JsonArray([.. Structure(model).Select(text => (JsonNode)text)]),
            ["speciationTime"] = JsonNumber.Of(model.Stability.SpeciationTime),
            ["dangerWindow"] = model.Stability.DangerWindow is { } window ? JsonNumber.Array([window.From, window.To]) : null,
            ["samplers"] = new JsonArray([.. entry.Samplers.Select(Describe)]),
        };
    }

    private static JsonObject Describe(EmpiricalMixture data) => new()
    {
        ["rows"] = data.Count,
        ["variance"] = JsonNumber.Of(data.Variance),
        ["sha256"] = data.Sha256,
    };

    private static JsonArray Components(Mixture mixture) => new([.. Enumerable.Range(0, mixture.Count).Select(k => (JsonNode)new JsonObject
    {
        ["weight"] = JsonNumber.Of(mixture.Weights[k]),
        ["mean"] = JsonNumber.Array(mixture.Means[k]),
        ["principalVariances"] = JsonNumber.Array(mixture.Covariances[k].Variances),
    })]);

    private static JsonNode Describe(SamplerEntry sampler)
    {
        SamplerDescriptor own = sampler.Descriptor;
        return new JsonObject
        {
            ["name"] = sampler.Name,
            ["solver"] = $"{own.Solver}",
            ["chart"] = $"{own.Chart}",
            ["grid"] = own.Grid is { } grid ? $"{grid}" : null,
            ["precision"] = own.Precision == Precision.Single ? "float" : "double",
            ["tracking"] = $"{own.Tracking}",
            ["functionEvaluations"] = own.FunctionEvaluations,
            ["form"] = sampler.Form,
            ["isTrained"] = sampler.IsTrained,
            ["times"] = JsonNumber.Array(own.Times),
            ["segments"] = new JsonArray([.. own.Stability.Select((segment, i) => Describe(segment, own.Forecast?.Segments[i]))]),
            ["forecastRelativeMeanSquaredError"] = JsonNumber.Of(own.Forecast?.RelativeMeanSquaredError),
        };
    }

    private static JsonNode Describe(SegmentStability segment, SegmentForecast? forecast) => new JsonObject
    {
        ["from"] = JsonNumber.Of(segment.From),
        ["to"] = JsonNumber.Of(segment.To),
        ["stabilityIntegral"] = JsonNumber.Of(segment.StabilityIntegral),
        ["oneSidedIntegral"] = JsonNumber.Of(segment.OneSidedIntegral),
        ["positiveOneSidedIntegral"] = JsonNumber.Of(segment.PositiveOneSidedIntegral),
        ["expectedStabilityIntegral"] = JsonNumber.Of(segment.ExpectedStabilityIntegral),
        ["medianAmplification"] = JsonNumber.Of(forecast?.MedianAmplification),
        ["highAmplification"] = JsonNumber.Of(forecast?.HighAmplification),
        ["localError"] = JsonNumber.Of(forecast?.LocalError),
        ["propagatedError"] = JsonNumber.Of(forecast?.PropagatedError),
    };
}
