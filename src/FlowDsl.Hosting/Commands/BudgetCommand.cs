using System.CommandLine;
using System.Text.Json.Nodes;
using FlowDsl.Hosting.Output;
using FlowDsl.Hosting.Registry;

namespace FlowDsl.Hosting.Commands;

/// <summary>Shows in which segments a sampler makes its error.</summary>
internal sealed class BudgetCommand : HostCommand
{
    private readonly Argument<string> _sampler = SamplerArgument();
    private readonly ValueOption<long> _count = OptionValues.Count("-n", "How many samples", 1, 10_000_000, 2000);
    private readonly ValueOption<ulong> _seed = OptionValues.Seed();

    public BudgetCommand(HostContext context)
        : base(
            context, "budget", "Show the error that each segment of a sampler makes, and what the exact flow turns it into by the end.",
            "budget TwoModes.Fast -n 5000")
    {
        Arguments.Add(_sampler);
        Options.Add(_count);
        Options.Add(_seed);
    }

    /// <inheritdoc/>
    protected override void Run(ParseResult arguments, CancellationToken cancellationToken)
    {
        (ModelEntry model, SamplerEntry sampler) = Sampler(arguments, _sampler);
        RequireWeights(model, sampler);
        long count = _count.In(arguments);
        string name = $"{model.Name}.{sampler.Name}";
        ErrorBudget? budget = null;
        Console.WithBar(
            $"budget of {name}", "samples", count, progress => budget = sampler.Budget(count, _seed.In(arguments), progress, cancellationToken));
        if (IsJson(arguments)) Console.Json(Describe(name, budget!, _seed.In(arguments)));
        else Console.Out.WriteLine(budget!.ToString().TrimEnd());
    }

    private static JsonObject Describe(string name, ErrorBudget budget, ulong seed) => new()
    {
        ["sampler"] = name,
        ["count"] = budget.SampleCount,
        ["seed"] = seed,
        ["segments"] = new JsonArray([.. budget.Segments.Select(segment => (JsonNode)new JsonObject
        {
            ["from"] = JsonNumber.Of(segment.From),
            ["to"] = JsonNumber.Of(segment.To),
            ["localError"] = JsonNumber.Of(segment.LocalError),
            ["amplification"] = JsonNumber.Of(segment.Amplification),
            ["contribution"] = JsonNumber.Of(segment.Contribution),
            ["firstOrderContribution"] = JsonNumber.Of(segment.FirstOrderContribution),
            ["share"] = JsonNumber.Of(segment.Share),
            ["cumulativeError"] = JsonNumber.Of(segment.CumulativeError),
        })]),
        ["relativeMeanSquaredError"] = JsonNumber.Of(budget.RelativeMeanSquaredError),
        ["predictedRelativeMeanSquaredError"] = JsonNumber.Of(budget.PredictedRelativeMeanSquaredError),
        ["medianError"] = JsonNumber.Of(budget.MedianError),
        ["flipShare"] = JsonNumber.Of(budget.FlipShare),
        ["standardizedError"] = JsonNumber.Of(budget.StandardizedError),
    };
}
