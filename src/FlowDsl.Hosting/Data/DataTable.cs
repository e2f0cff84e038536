using System.Globalization;
using FlowDsl.Hosting.Data;

namespace FlowDsl.Hosting;

/// <summary>Points from a file: n rows of named columns, in double precision.</summary>
public sealed class DataTable
{
    private readonly double[] _rows;

    /// <summary>Takes points.</summary>
    /// <param name="columns">The names of the d columns, at least one, all different.</param>
    /// <param name="rows">n×d values, row-major; copied.</param>
    /// <exception cref="ArgumentException">There is no column, two have one name, or the number of values is not a multiple of d.</exception>
    public DataTable(IEnumerable<string> columns, ReadOnlySpan<double> rows)
    {
        ArgumentNullException.ThrowIfNull(columns);
        Columns = [.. columns];
        if (Columns.Length == 0) throw new ArgumentException("There must be at least one column.", nameof(columns));
        if (Columns.GroupBy(name => name).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw new ArgumentException($"Two columns are called '{twice.Key}'; names must differ.", nameof(columns));
        if (rows.Length % Columns.Length != 0)
            throw new ArgumentException($"There are {rows.Length} values, which is not a multiple of the {Columns.Length} columns.", nameof(rows));
        _rows = rows.ToArray();
    }

    /// <summary>The names of the d columns.</summary>
    public ImmutableArray<string> Columns { get; }

    /// <summary>n×d values, row-major.</summary>
    public ReadOnlySpan<double> Rows => _rows;

    /// <summary>n, the number of rows.</summary>
    public int RowCount => _rows.Length / Columns.Length;

    /// <summary>
    /// Reads a file: <c>.csv</c>, comma-separated numbers below a line of names; <c>.npy</c>, an array of shape (n, d) or (n,), little-endian, of
    /// float64, float32 or uint8, whose columns are called x0, x1, …; or <c>.parquet</c>, columns of doubles or floats without nulls.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FormatException">The ending is another, or the content is malformed; the message names the place.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static DataTable Read(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return Path.GetExtension(path).ToLowerInvariant() switch
        {
            ".csv" => ReadCsv(path),
            ".npy" => NpyArray.Read(path),
            ".parquet" => ParquetTable.Read(path),
            _ => throw new FormatException($"'{path}' must end in .csv, .npy or .parquet, which says the format."),
        };
    }

    /// <summary>Some of the columns, in the order of the names.</summary>
    /// <param name="columns">Their names.</param>
    /// <exception cref="ArgumentException">There is no column of a name.</exception>
    public DataTable Select(IEnumerable<string> columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        string[] names = [.. columns];
        int[] from = Array.ConvertAll(names, name => Columns.IndexOf(name));
        int missing = Array.IndexOf(from, -1);
        if (missing >= 0) throw new ArgumentException($"There is no column '{names[missing]}'; there is {string.Join(", ", Columns)}.", nameof(columns));
        double[] rows = new double[RowCount * names.Length];
        for (int i = 0; i < RowCount; i++)
            for (int j = 0; j < names.Length; j++) rows[i * names.Length + j] = _rows[i * Columns.Length + from[j]];
        return new DataTable(names, rows);
    }

    private static DataTable ReadCsv(string path)
    {
        string[] lines = File.ReadAllLines(path);
        if (lines.Length == 0) throw new FormatException($"{path} is empty; its first line must name the columns.");
        string[] columns = [.. lines[0].Split(',').Select(name => name.Trim().Trim('"'))];
        if (columns.Distinct().Count() < columns.Length) throw new FormatException($"{path}, line 1: two columns have one name; names must differ.");
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
        return new DataTable(columns, [.. rows]);
    }
}
