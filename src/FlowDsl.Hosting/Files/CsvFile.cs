using System.Globalization;
using System.Numerics;
using System.Text;

namespace FlowDsl.Hosting.Files;

/// <summary>Comma-separated values below a line of names. Numbers have the fewest digits from which the same bits are read back.</summary>
internal sealed class CsvFile : SampleFile
{
    // Longer than any number is printed.
    private const int NumberBytes = 32;

    private readonly byte[] _buffer = new byte[1 << 16];
    private int _used;

    /// <summary>Begins the file with the names of its columns.</summary>
    public CsvFile(OutputFile file, SampleColumns columns)
        : base(file, columns)
        => Stream.Write(Encoding.UTF8.GetBytes(string.Join(',', columns.Names) + "\n"));

    /// <inheritdoc/>
    protected override void Append<T>(ReadOnlySpan<T> states, ReadOnlySpan<FlowError> errors)
    {
        int d = Columns.Dimension, extra = Columns.Count - d;
        for (int i = 0; i < states.Length / d; i++)
        {
            for (int j = 0; j < d; j++) Add(states[i * d + j], j == Columns.Count - 1);
            for (int j = 0; j < extra; j++) Add(SampleColumns.Error(errors[i], j), j == extra - 1);
        }
        Stream.Write(_buffer, 0, _used);
        _used = 0;
    }

    private void Add<T>(T value, bool isLast)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (_used > _buffer.Length - NumberBytes)
        {
            Stream.Write(_buffer, 0, _used);
            _used = 0;
        }
        value.TryFormat(_buffer.AsSpan(_used), out int written, default, CultureInfo.InvariantCulture);
        _used += written;
        _buffer[_used++] = (byte)(isLast ? '\n' : ',');
    }
}
