using System.Text.Json.Nodes;

namespace FlowDsl.Hosting.Output;

/// <summary>Numbers in JSON, which has none that are not finite: these are the texts "Infinity", "-Infinity" and "NaN", which Python's float() takes.</summary>
internal static class JsonNumber
{
    /// <summary>A number, or the text of one that is not finite.</summary>
    public static JsonNode Of(double value) => double.IsFinite(value) ? JsonValue.Create(value)
        : JsonValue.Create(double.IsNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity");

    /// <summary>A number, or null.</summary>
    public static JsonNode? Of(double? value) => value is { } known ? Of(known) : null;

    /// <summary>A copy of something, in which no number is not finite.</summary>
    public static JsonNode? Finite(JsonNode? node) => node switch
    {
        null => null,
        JsonObject members => new JsonObject(members.Select(member => KeyValuePair.Create(member.Key, Finite(member.Value)))),
        JsonArray items => new JsonArray([.. items.Select(Finite)]),
        JsonValue value when value.TryGetValue(out double number) && !double.IsFinite(number) => Of(number),
        JsonValue value when value.TryGetValue(out float number) && !float.IsFinite(number) => Of((double)number),
        _ => node.DeepClone(),
    };

    /// <summary>An array of numbers.</summary>
    public static JsonArray Array(IEnumerable<double> values) => [.. values.Select(Of)];
}
