using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FlowDsl.Figures;

/// <summary>The figures of one measurement as docs/results keeps them: by which command, when and on what machine they were made.</summary>
/// <param name="command">The command, as one types it.</param>
/// <param name="machine">The machine, where the figures depend on it.</param>
internal sealed class ResultFile(string command, string? machine)
{
    private static readonly JsonSerializerOptions s_json = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly JsonObject _figures = [];

    /// <summary>Adds a number or a sentence.</summary>
    public void Add(string name, FormattableString text) => _figures.Add(name, text.ToString(CultureInfo.InvariantCulture).ReplaceLineEndings("\n"));

    /// <summary>Adds a table; its cells are text, with as many digits as mean something.</summary>
    public void Add(string name, string[] columns, IEnumerable<string[]> rows)
        => _figures.Add(name, new JsonObject { ["columns"] = Strings(columns), ["rows"] = new JsonArray([.. rows.Select(Strings)]) });

    /// <summary>Writes the file. <c>figures</c> of tests/FlowDsl.Benchmarks then brings README and docs up to date.</summary>
    public void Write(string path)
    {
        var file = new JsonObject
        {
            ["command"] = command,
            ["date"] = DateTime.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            ["machine"] = machine,
            ["figures"] = _figures.DeepClone(),
        };
        File.WriteAllText(path, file.ToJsonString(s_json) + "\n");
    }

    /// <summary>All figures, one after another, as the pages show them.</summary>
    public override string ToString() => string.Join("\n\n", _figures.Select(figure => Text(figure.Value!))) + "\n";

    /// <summary>A figure as the pages show it: its text, or a table in Markdown.</summary>
    public static string Text(JsonNode figure)
    {
        if (figure is not JsonObject table) return figure.ToString();
        JsonArray columns = table["columns"]!.AsArray();
        string rule = "|" + string.Concat(Enumerable.Repeat("---|", columns.Count));
        return string.Join('\n', table["rows"]!.AsArray().Select(row => Row(row!.AsArray())).Prepend(rule).Prepend(Row(columns)));

        static string Row(JsonArray cells) => $"| {string.Join(" | ", cells)} |";
    }

    private static JsonNode Strings(string[] cells) => new JsonArray([.. cells.Select(cell => (JsonNode)cell)]);
}
