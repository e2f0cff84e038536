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

    /// <summary>An array of numbers.</summary>
    public static JsonArray Array(IEnumerable<double> values) => [.. values.Select(Of)];
}
