using Parquet;
using Parquet.Schema;

namespace FlowDsl.Hosting.Files;

/// <summary>
/// Parquet: a column for each coordinate and error, no nulls, a row group for each part, and in the file's metadata where the samples come from.
/// </summary>
internal sealed class ParquetFile : SampleFile
{
    // What the library keeps of the memory that it has used.
    private const int PoolBytes = 16 << 20;

    private readonly ParquetWriter _writer;
    private readonly DataField[] _fields;
    private Array _coordinates = Array.Empty<float>();
    private double[] _errors = [];
    private bool _isEnded;

    /// <summary>Begins the file.</summary>
    public ParquetFile(OutputFile file, SampleColumns columns, IReadOnlyDictionary<string, string> origin)
        : base(file, columns)
    {
        _fields =
        [
            .. columns.CoordinateNames.Select(
                name => columns.Precision == Precision.Single ? (DataField)new DataField<float>(name) : new DataField<double>(name)),
            .. columns.HasErrors ? SampleColumns.ErrorNames.Select(name => new DataField<double>(name)) : [],
        ];
        // Random mantissas do not compress.
        var options = new ParquetOptions
        {
            CompressionMethod = CompressionMethod.None,
            MaximumSmallPoolFreeBytes = PoolBytes,
            MaximumLargePoolFreeBytes = PoolBytes,
        };
        _writer = ParquetWriter.CreateAsync(new ParquetSchema(_fields), Stream, options).GetAwaiter().GetResult();
        _writer.CustomMetadata = origin;
    }

    /// <inheritdoc/>
    protected override void Append<T>(ReadOnlySpan<T> states, ReadOnlySpan<FlowError> errors)
    {
        int d = Columns.Dimension, n = states.Length / d;
        using ParquetRowGroupWriter group = _writer.CreateRowGroup();
        // Kept for the next part: new ones would stay in memory until a full collection.
        T[] column = _coordinates as T[] is { } known && known.Length >= n ? known : new T[n];
        _coordinates = column;
        for (int j = 0; j < d; j++)
        {
            for (int i = 0; i < n; i++) column[i] = states[i * d + j];
            Write(group, _fields[j], column.AsMemory(0, n));
        }
        if (!Columns.HasErrors) return;
        if (_errors.Length < n) _errors = new double[n];
        for (int j = d; j < Columns.Count; j++)
        {
            for (int i = 0; i < n; i++) _errors[i] = SampleColumns.Error(errors[i], j - d);
            Write(group, _fields[j], _errors.AsMemory(0, n));
        }
    }

    /// <inheritdoc/>
    protected override void End()
    {
        _isEnded = true;
        // The footer.
        _writer.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    /// <inheritdoc/>
    protected override void Abandon()
    {
        if (_isEnded) return;
        try
        {
            End();
        }
        // The file is thrown away, perhaps because its disk is full.
        catch (Exception exception) when (exception is IOException or InvalidOperationException or ParquetException)
        {
        }
    }

    private static void Write<T>(ParquetRowGroupWriter group, DataField field, Memory<T> values)
        where T : struct
        => group.WriteAsync<T>(field, values).GetAwaiter().GetResult();
}
