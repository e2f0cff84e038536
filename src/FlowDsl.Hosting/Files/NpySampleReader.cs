using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FlowDsl.Hosting.Registry;

namespace FlowDsl.Hosting.Files;

/// <summary>Reads what <see cref="NpyFile"/> wrote.</summary>
internal sealed class NpySampleReader : SampleReader
{
    private const int PartValues = 1 << 18;

    private readonly FileStream _file;
    private readonly SampleColumns _columns;
    private readonly long _count;
    private readonly int _header, _rows;

    /// <summary>Opens a file.</summary>
    /// <exception cref="FormatException">It is another file.</exception>
    public NpySampleReader(string path, SampleColumns columns, long count)
    {
        (_columns, _count, _rows) = (columns, count, Math.Max(1, PartValues / columns.Count));
        byte[] expected = NpyFile.Header(columns, count), header = new byte[expected.Length];
        _header = header.Length;
        _file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        int size = NpyFile.IsDouble(columns) ? sizeof(double) : sizeof(float);
        if (_file.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) == header.Length && header.AsSpan().SequenceEqual(expected)
            && _file.Length == _header + count * columns.Count * size)
        {
            return;
        }
        _file.Dispose();
        throw new FormatException($"its header or length is not of {count} samples in {columns.Count} columns");
    }

    /// <inheritdoc/>
    public override int Parts => (int)((_count + _rows - 1) / _rows);

    /// <inheritdoc/>
    public override (long First, int Count) Rows(int part) => ((long)part * _rows, (int)Math.Min(_rows, _count - (long)part * _rows));

    /// <inheritdoc/>
    public override void Read(int part, ISampleSink sink)
    {
        (long first, int n) = Rows(part);
        if (!_columns.HasErrors)
        {
            if (_columns.Precision == Precision.Single) sink.Write<float>(Values<float>(first, n), []);
            else sink.Write<double>(Values<double>(first, n), []);
            return;
        }
        double[] values = Values<double>(first, n);
        if (_columns.Precision == Precision.Single) Split<float>(values, n, sink);
        else Split<double>(values, n, sink);
    }

    /// <inheritdoc/>
    public override void Dispose() => _file.Dispose();

    /// <summary>Coordinates and errors apart; the coordinates were widened without loss.</summary>
    private void Split<T>(double[] values, int n, ISampleSink sink)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int d = _columns.Dimension, columns = _columns.Count;
        T[] states = new T[n * d];
        var errors = new FlowError[n];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < d; j++) states[i * d + j] = T.CreateTruncating(values[i * columns + j]);
            errors[i] = SampleColumns.Error(values.AsSpan(i * columns + d));
        }
        sink.Write<T>(states, errors);
    }

    private T[] Values<T>(long first, int n)
        where T : unmanaged
    {
        T[] values = new T[n * _columns.Count];
        Span<byte> bytes = MemoryMarshal.AsBytes(values.AsSpan());
        _file.Position = _header + first * _columns.Count * Unsafe.SizeOf<T>();
        _file.ReadExactly(bytes);
        if (!BitConverter.IsLittleEndian)
            for (int i = 0; i < bytes.Length; i += Unsafe.SizeOf<T>()) bytes.Slice(i, Unsafe.SizeOf<T>()).Reverse();
        return values;
    }
}
