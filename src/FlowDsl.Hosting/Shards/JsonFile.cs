using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using FlowDsl.Hosting.Files;
using FlowDsl.Hosting.Output;

namespace FlowDsl.Hosting.Shards;

/// <summary>Files of one JSON object, whole or not at all.</summary>
internal static class JsonFile
{
    private static readonly JsonWriterOptions s_options = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes a file.</summary>
    /// <exception cref="HostException">It cannot be written, or there is one and it must not be replaced.</exception>
    public static void Write(string path, JsonObject content, bool replaces)
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes, s_options)) content.WriteTo(writer);
        bytes.WriteByte((byte)'\n');
        using var file = new OutputFile(path, replaces);
        file.Guard(() => file.Stream.Write(bytes.GetBuffer(), 0, (int)bytes.Length));
        file.Commit();
    }

    /// <summary>Reads a file; null if there is none.</summary>
    /// <exception cref="FormatException">It holds no object.</exception>
    public static JsonObject? Read(string path)
    {
        try
        {
            return JsonNode.Parse(File.ReadAllText(path, Encoding.UTF8)) as JsonObject ?? throw new FormatException("it holds no JSON object");
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (JsonException exception)
        {
            throw new FormatException(exception.Message);
        }
    }

    /// <summary>A member.</summary>
    /// <typeparam name="T">string, bool, double, long or ulong.</typeparam>
    /// <exception cref="FormatException">It is not there, or is something else.</exception>
    public static T Get<T>(JsonObject content, string key)
        => content[key] is JsonValue value && value.TryGetValue(out T? found) ? found : throw new FormatException($"its '{key}' is missing or no {Name<T>()}");

    private static string Name<T>() => typeof(T) == typeof(string) ? "text"
        : typeof(T) == typeof(bool) ? "true or false"
        : typeof(T) == typeof(double) ? "number"
        : "whole number";
}
