using System.Text.Json.Nodes;

namespace FlowDsl.Examples.Results;

/// <summary>A trial of a cell as it was run.</summary>
/// <param name="Number">Which, from 0.</param>
/// <param name="Share">The share of the published steps.</param>
/// <param name="Steps">The steps.</param>
/// <param name="Seconds">The time, of the last process alone if it was resumed.</param>
/// <param name="Threads">The threads.</param>
/// <param name="Version">The version of FlowDsl.</param>
/// <param name="Figures">What was measured, by name.</param>
internal sealed record Trial(int Number, double Share, int Steps, double Seconds, int Threads, string Version, IReadOnlyDictionary<string, double> Figures)
{
    // What every task says of itself; the rest are figures.
    private static readonly string[] s_settings = ["cell", "trial", "steps"];

    /// <summary>Reads what the host keeps of a finished task.</summary>
    public static (string Cell, Trial Trial) OfRecord(JsonNode record)
    {
        JsonObject result = record["result"]!.AsObject();
        return (result["cell"]!.GetValue<string>(), new Trial(
            result["trial"]!.GetValue<int>(), record["share"]!.GetValue<double>(), result["steps"]!.GetValue<int>(), record["seconds"]!.GetValue<double>(),
            record["threads"]!.GetValue<int>(), record["version"]!.GetValue<string>(), FiguresOf(result)));
    }

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    public static Trial Parse(JsonNode content) => new(
        content["trial"]!.GetValue<int>(), content["share"]!.GetValue<double>(), content["steps"]!.GetValue<int>(), content["seconds"]!.GetValue<double>(),
        content["threads"]!.GetValue<int>(), content["version"]!.GetValue<string>(), FiguresOf(content["figures"]!.AsObject()));

    /// <summary>The trial as an object.</summary>
    public JsonObject ToJson() => new()
    {
        ["trial"] = Number,
        ["share"] = Share,
        ["steps"] = Steps,
        ["seconds"] = Math.Round(Seconds, 1),
        ["threads"] = Threads,
        ["version"] = Version,
        ["figures"] = new JsonObject(Figures.Select(figure => KeyValuePair.Create(figure.Key, (JsonNode?)JsonValue.Create(figure.Value)))),
    };

    private static Dictionary<string, double> FiguresOf(JsonObject content)
        => content.Where(pair => !s_settings.Contains(pair.Key) && pair.Value is JsonValue)
            .ToDictionary(pair => pair.Key, pair => pair.Value!.GetValue<double>());
}
