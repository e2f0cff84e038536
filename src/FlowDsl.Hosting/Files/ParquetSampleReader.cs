using System.Numerics;
using FlowDsl.Hosting.Registry;
using Parquet;
using Parquet.Schema;

namespace FlowDsl.Hosting.Files;

/// <summary>Reads what <see cref="ParquetFile"/> wrote; a part is a row group.</summary>
internal sealed class ParquetSampleReader : SampleReader
{
    private readonly FileStream _file;
    private readonly ParquetReader _reader;
    private readonly DataField[] _fields;
    private readonly SampleColumns _columns;
    private readonly (long First, int Count)[] _rows;

    /// <summary>Opens a file.</summary>
    /// <exception cref="FormatException">It is another file.</exception>
    public ParquetSampleReader(string path, SampleColumns columns, long count)
    {
        _columns = columns;
        _file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        try
        {
            _reader = ParquetReader.CreateAsync(_file).GetAwaiter().GetResult();
            _fields = _reader.Schema.GetDataFields();
            _rows = new (long, int)[_reader.RowGroupCount];
            long first = 0;
            for (int part = 0; part < _rows.Length; part++)
            {
                using ParquetRowGroupReader group = _reader.OpenRowGroupReader(part);
                _rows[part] = (first, (int)group.RowCount);
                first += group.RowCount;
            }
            if (!_fields.Select(field => field.Name).SequenceEqual(columns.Names) || first != count)
                throw new FormatException($"it has not {count} samples in {columns.Count} columns");
        }
        catch (Exception exception) when (exception is ParquetException or InvalidDataException or IOException or FormatException)
        {
            _file.Dispose();
            throw exception as FormatException ?? new FormatException(exception.Message);
        }
    }

    /// <inheritdoc/>
    public override int Parts => _rows.Length;

    /// <inheritdoc/>
    public override (long First, int Count) Rows(int part) => _rows[part];

    /// <inheritdoc/>
    public override void Read(int part, ISampleSink sink)
    {
        if (_columns.Precision == Precision.Single) Read<float>(part, sink);
        else Read<double>(part, sink);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _reader.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _file.Dispose();
    }

    private void Read<T>(int part, ISampleSink sink)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int d = _columns.Dimension, n = _rows[part].Count, extra = _columns.Count - d;
        using ParquetRowGroupReader group = _reader.OpenRowGroupReader(part);
        T[] states = new T[n * d], column = new T[n];
        for (int j = 0; j < d; j++)
        {
            group.ReadAsync<T>(_fields[j], column.AsMemory()).AsTask().GetAwaiter().GetResult();
            for (int i = 0; i < n; i++) states[i * d + j] = column[i];
        }
        if (extra == 0)
        {
            sink.Write<T>(states, []);
            return;
        }
        double[][] figures = [.. Enumerable.Range(0, extra).Select(_ => new double[n])];
        for (int j = 0; j < extra; j++) group.ReadAsync<double>(_fields[d + j], figures[j].AsMemory()).AsTask().GetAwaiter().GetResult();
        var errors = new FlowError[n];
        for (int i = 0; i < n; i++) errors[i] = SampleColumns.Error([figures[0][i], figures[1][i], figures[2][i]]);
        sink.Write<T>(states, errors);
    }
}
