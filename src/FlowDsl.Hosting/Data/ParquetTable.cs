using Parquet;
using Parquet.Schema;

namespace FlowDsl.Hosting.Data;

/// <summary>Reads the columns of numbers of a Parquet file.</summary>
internal static class ParquetTable
{
    /// <summary>Reads all row groups.</summary>
    /// <exception cref="FormatException">It is no such file, or a column is not of doubles or floats, or has nulls.</exception>
    public static DataTable Read(string path)
    {
        using FileStream file = File.OpenRead(path);
        try
        {
            return ReadAsync(path, file).GetAwaiter().GetResult();
        }
        catch (Exception exception) when (exception is ParquetException or InvalidDataException or InvalidOperationException or IOException)
        {
            throw new FormatException($"{path} is no Parquet file that can be read: {exception.Message}");
        }
    }

    private static async Task<DataTable> ReadAsync(string path, FileStream file)
    {
        ParquetReader reader = await ParquetReader.CreateAsync(file).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            DataField[] fields = reader.Schema.GetDataFields();
            List<double>[] columns = [.. fields.Select(_ => new List<double>())];
            for (int part = 0; part < reader.RowGroupCount; part++)
            {
                using ParquetRowGroupReader group = reader.OpenRowGroupReader(part);
                for (int j = 0; j < fields.Length; j++) columns[j].AddRange(await Column(path, group, fields[j]).ConfigureAwait(false));
            }
            int d = fields.Length, n = columns[0].Count;
            double[] rows = new double[n * d];
            for (int i = 0; i < rows.Length; i++) rows[i] = columns[i % d][i / d];
            return new DataTable(fields.Select(field => field.Name), rows);
        }
    }

    private static async Task<double[]> Column(string path, ParquetRowGroupReader group, DataField field)
    {
        if (field.ClrType == typeof(double)) return await Values<double>(path, group, field).ConfigureAwait(false);
        if (field.ClrType == typeof(float)) return Array.ConvertAll(await Values<float>(path, group, field).ConfigureAwait(false), value => (double)value);
        throw new FormatException($"{path}: column '{field.Name}' is of {field.ClrType.Name}; it must be of Double or Single.");
    }

    private static async Task<T[]> Values<T>(string path, ParquetRowGroupReader group, DataField field)
        where T : struct
    {
        if (!field.IsNullable)
        {
            T[] values = new T[group.RowCount];
            await group.ReadAsync<T>(field, values.AsMemory()).ConfigureAwait(false);
            return values;
        }
        // Most writers allow nulls in every column, and have none.
        T?[] some = new T?[group.RowCount];
        await group.ReadAsync<T>(field, some.AsMemory()).ConfigureAwait(false);
        int missing = Array.FindIndex(some, value => value is null);
        if (missing >= 0) throw new FormatException($"{path}: column '{field.Name}' has no value in row {missing}; every row needs one.");
        return Array.ConvertAll(some, value => value!.Value);
    }
}
