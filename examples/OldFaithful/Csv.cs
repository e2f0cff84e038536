using System.Globalization;

namespace FlowDsl.Examples;

/// <summary>Reads comma-separated numbers below a header line.</summary>
internal static class Csv
{
    /// <summary>Reads a file into row-major rows, one value a column.</summary>
    /// <exception cref="FormatException">A line has another number of values than the header, or a value that is no number; the message names the line.</exception>
    public static (string[] Columns, double[] Rows) Read(string path)
    {
        string[] lines = File.ReadAllLines(path);
        if (lines.Length == 0) throw new FormatException($"{path} is empty; its first line must name the columns.");
        string[] columns = [.. lines[0].Split(',').Select(name => name.Trim())];
        var rows = new List<double>();
        for (int i = 1; i < lines.Length; i++)
        {
            if (lines[i].Length == 0) continue;
            string[] fields = lines[i].Split(',');
            if (fields.Length != columns.Length)
                throw new FormatException($"{path}, line {i + 1}: there are {fields.Length} values but {columns.Length} columns.");
            for (int j = 0; j < fields.Length; j++)
                rows.Add(double.TryParse(fields[j], NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
                    ? value
                    : throw new FormatException($"{path}, line {i + 1}: '{fields[j]}' in column {columns[j]} is no number."));
        }
        return (columns, [.. rows]);
    }
}
