using System.Globalization;
using System.Text.Json.Nodes;

namespace FlowDsl.Figures;

/// <summary>Tables with a column for each machine. A command on one machine writes its own column and keeps those of the others.</summary>
internal static class SideBySide
{
    private const string Date = "measured";

    /// <summary>A table with one machine's cells, and what an earlier one has of other machines.</summary>
    /// <param name="earlier">The table as it was; null if there was none.</param>
    /// <param name="title">The title of the rows' keys.</param>
    /// <param name="machine">The machine.</param>
    /// <param name="cells">Its cells by the rows' keys, in order.</param>
    public static (string[] Columns, string[][] Rows) Merge(JsonNode? earlier, string title, string machine, IReadOnlyList<(string Key, string Cell)> cells)
    {
        string[] columns = Strings(earlier?["columns"]);
        string[][] old = [.. earlier?["rows"]?.AsArray().Select(Strings) ?? []];
        int[] kept = [.. Enumerable.Range(1, Math.Max(0, columns.Length - 1)).Where(column => columns[column] != machine)];
        // Another machine may have measured more, or other sizes.
        IEnumerable<string> others = old.Select(row => row[0]).Where(key => cells.All(cell => cell.Key != key) && kept.Any(column => Old(key, column) != ""));
        string[] keys = [.. cells.Select(cell => cell.Key), .. others];
        return (
            [title, .. kept.Select(column => columns[column]), machine],
            [.. keys.Select(key => (string[])[key, .. kept.Select(column => Old(key, column)), cells.FirstOrDefault(cell => cell.Key == key).Cell ?? ""])]);

        string Old(string key, int column) => old.FirstOrDefault(row => row[0] == key)?[column] ?? "";
    }

    /// <summary>The table of machines: what each of them is, and when it measured.</summary>
    /// <param name="earlier">The table as it was; null if there was none.</param>
    /// <param name="machine">This machine.</param>
    /// <param name="description">What it is.</param>
    public static (string[] Columns, string[][] Rows) Machines(JsonNode? earlier, string machine, string description)
        => (
            ["machine", Date, ""],
            [
                .. (earlier?["rows"]?.AsArray().Select(Strings) ?? []).Where(row => row[0] != machine),
                [machine, DateTime.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), description],
            ]);

    private static string[] Strings(JsonNode? cells) => [.. cells?.AsArray().Select(cell => cell!.ToString()) ?? []];
}
