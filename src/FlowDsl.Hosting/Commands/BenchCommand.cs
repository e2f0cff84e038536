using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using FlowDsl.Hosting.Output;
using FlowDsl.Hosting.Registry;

namespace FlowDsl.Hosting.Commands;

/// <summary>Measures how fast each sampler of a model is here.</summary>
internal sealed class BenchCommand : HostCommand
{
    // Of all samplers' starts and states together, far less than a small machine has.
    private const int MostValues = 1 << 22;
    private const int MostSamples = 1 << 17, LeastSamples = 1 << 10;

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
        int count = _count.In(arguments) is > 0 and var asked ? (int)asked : Math.Clamp(MostValues / entry.Model.Dimension, LeastSamples, MostSamples);
        int rounds = (int)_rounds.In(arguments), cores = Environment.ProcessorCount;
        double[] one = [.. Enumerable.Repeat(double.PositiveInfinity, samplers.Length)], all = [.. one];
        Console.WithBar($"timing {entry.Name}", "rounds", rounds, progress =>
        {
            Func<int, double>[] timers = [.. samplers.Select(sampler => sampler.Timer(count))];
            // In turns, so that what else the machine does meets all alike; the best, since other programs can only slow a round down.
            for (int round = 0; round < rounds; round++)
            {
                for (int i = 0; i < timers.Length; i++)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    one[i] = Math.Min(one[i], timers[i](1));
                    all[i] = cores == 1 ? one[i] : Math.Min(all[i], timers[i](cores));
                }
                progress.Report(round + 1);
            }
        });

        if (IsJson(arguments))
        {
            Console.Json(new JsonObject
            {
                ["model"] = entry.Name,
                ["count"] = count,
                ["rounds"] = rounds,
                ["cores"] = cores,
                ["arithmetic"] = SamplingArithmetic.Current.ToString(),
                ["samplers"] = new JsonArray([.. samplers.Select((sampler, i) => (JsonNode)new JsonObject
                {
                    ["name"] = sampler.Name,
                    ["functionEvaluations"] = sampler.Descriptor.FunctionEvaluations,
                    ["samplesPerSecondOneCore"] = JsonNumber.Of(count / one[i]),
                    ["samplesPerSecondAllCores"] = JsonNumber.Of(count / all[i]),
                })]),
            });
            return;
        }
        Console.Table(
            ["<sampler", "NFE", "million samples/s, 1 core", string.Create(CultureInfo.InvariantCulture, $"{cores} cores")],
            samplers.Select((sampler, i) => new[]
            {
                sampler.Name, OptionValues.Text(sampler.Descriptor.FunctionEvaluations), Rate(count / one[i]), Rate(count / all[i]),
            }));
        Console.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"The best of {rounds} rounds of {count} samples, integration only; {SamplingArithmetic.Current}."));
    }

    private static string Rate(double samplesPerSecond) => (samplesPerSecond / 1e6).ToString("0.00", CultureInfo.InvariantCulture);
}
