using System.Globalization;
using FlowDsl.Data;

namespace FlowDsl.Hosting.Data;

/// <summary>Reads one of NumPy's .npy files as a table.</summary>
internal static class NpyArray
{
    private const int RowsTogether = 1024;

    /// <summary>Reads an array of one or two dimensions; its columns are called x0, x1, …</summary>
    /// <exception cref="FormatException">It is no such file, or the array has another type or shape.</exception>
    public static DataTable Read(string path)
    {
        DataRows rows = NpyRows.Open(path, isTable: true);
        using var file = rows as IDisposable;
        int d = rows.Dimension;
        double[] values = new double[checked(rows.Count * d)];
        for (int first = 0; first < rows.Count; first += RowsTogether)
            rows.Read(first, values.AsSpan(first * d, Math.Min(RowsTogether, rows.Count - first) * d));
        return new DataTable(Enumerable.Range(0, d).Select(index => string.Create(CultureInfo.InvariantCulture, $"x{index}")), values);
    }
}
