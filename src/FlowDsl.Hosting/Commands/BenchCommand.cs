using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using FlowDsl.Hosting.Measurements;
using FlowDsl.Hosting.Output;
using FlowDsl.Hosting.Registry;

namespace FlowDsl.Hosting.Commands;

/// <summary>Measures how fast each sampler of a model is here.</summary>
internal sealed class BenchCommand : HostCommand
{
    private readonly Argument<string> _model = ModelArgument();
    private readonly ValueOption<long> _count = OptionValues.Count(
        "-n", "How many samples a round integrates; 131072 by default, fewer in many dimensions", 1, 100_000_000, 0);
    private readonly ValueOption<long> _rounds = OptionValues.Count("--rounds", "How often each sampler is timed; the best round counts", 1, 10_000, 11);

    public BenchCommand(HostContext context)
        : base(
            context, "bench",
            "Measure the throughput of each sampler of a model on this machine: integration only, in turns, the best round of each.",
            "bench TwoModes --rounds 21")
    {
        Arguments.Add(_model);
        Options.Add(_count);
        Options.Add(_rounds);
    }

    /// <inheritdoc/>
    protected override void Run(ParseResult arguments, CancellationToken cancellationToken)
    {
        ModelEntry entry = Model(arguments, _model);
        SamplerEntry[] samplers = [.. entry.Samplers.Where(sampler => sampler.IsTrained)];
        if (samplers.Length == 0) throw new HostException($"{entry.Name} has no sampler to time: declare one, or train its students.");
        int count = _count.In(arguments) is > 0 and var asked ? (int)asked : Throughput.SamplesFor(entry.Model.Dimension);
        int rounds = (int)_rounds.In(arguments);
        Throughput? measured = null;
        Console.WithBar(
            $"timing {entry.Name}", "rounds", rounds,
            progress => measured = Throughput.Measure(samplers, count, rounds, progress, cancellationToken));
        Throughput rates = measured!;

        if (IsJson(arguments))
        {
            Console.Json(new JsonObject
            {
                ["model"] = entry.Name,
                ["count"] = count,
                ["rounds"] = rounds,
                ["cores"] = rates.Cores,
                ["arithmetic"] = SamplingArithmetic.Current.ToString(),
                ["maxVectorBits"] = SamplingArithmetic.MaxVectorBits,
                ["samplers"] = new JsonArray([.. samplers.Select((sampler, i) => (JsonNode)new JsonObject
                {
                    ["name"] = sampler.Name,
                    ["functionEvaluations"] = sampler.Descriptor.FunctionEvaluations,
                    ["samplesPerSecondOneCore"] = JsonNumber.Of(rates.OneCore[i]),
                    ["samplesPerSecondAllCores"] = JsonNumber.Of(rates.AllCores[i]),
                })]),
            });
            return;
        }
        Console.Table(
            ["<sampler", "NFE", "million samples/s, 1 core", string.Create(CultureInfo.InvariantCulture, $"{rates.Cores} cores")],
            samplers.Select((sampler, i) => new[]
            {
                sampler.Name, OptionValues.Text(sampler.Descriptor.FunctionEvaluations),
                OptionValues.Millions(rates.OneCore[i]), OptionValues.Millions(rates.AllCores[i]),
            }));
        Console.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"The best of {rounds} rounds of {count} samples, integration only; {SamplingArithmetic.Current}."));
        int bits = SamplingArithmetic.MaxVectorBits;
        if (bits > SamplingArithmetic.Current.VectorBits)
        {
            Console.Out.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"The processor has vectors of {bits} bits: with DOTNET_MaxVectorTBitWidth={bits} in the environment all samplers take them."));
        }
    }
}
