using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;

namespace FlowDsl.Hosting.Files;

/// <summary>
/// NumPy's format 1.0: an array of shape (n, columns), row-major and little-endian. Without errors it has the sampler's own precision; with errors it
/// is float64, which holds the coordinates of either precision exactly.
/// </summary>
internal sealed class NpyFile : SampleFile
{
    // Values of a row that is widened before it is written.
    private const int BufferValues = 1 << 16;

    /// <summary>Begins the file with its header.</summary>
    public NpyFile(OutputFile file, SampleColumns columns, long count)
        : base(file, columns)
        => Stream.Write(Header(columns, count));

    /// <summary>Whether the values are float64.</summary>
    internal static bool IsDouble(SampleColumns columns) => columns.HasErrors || columns.Precision == Precision.Double;

    /// <summary>The header: magic, version, length, and a Python dictionary padded to a multiple of 64 bytes.</summary>
    internal static byte[] Header(SampleColumns columns, long rows)
    {
        string type = IsDouble(columns) ? "<f8" : "<f4";
        const int fixedBytes = 10, alignment = 64;
        string words = string.Create(CultureInfo.InvariantCulture, $"{{'descr': '{type}', 'fortran_order': False, 'shape': ({rows}, {columns.Count}), }}");
        int bytes = (fixedBytes + words.Length + 1 + alignment - 1) / alignment * alignment;
        byte[] header = new byte[bytes];
        header[0] = 0x93;
        "NUMPY"u8.CopyTo(header.AsSpan(1));
        header[6] = 1;
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(8), (ushort)(bytes - fixedBytes));
        header.AsSpan(fixedBytes).Fill((byte)' ');
        Encoding.ASCII.GetBytes(words, header.AsSpan(fixedBytes));
        header[^1] = (byte)'\n';
        return header;
    }

    /// <inheritdoc/>
    protected override void Append<T>(ReadOnlySpan<T> states, ReadOnlySpan<FlowError> errors)
    {
        if (!Columns.HasErrors)
        {
            WriteValues(states);
            return;
        }
        int d = Columns.Dimension, columns = Columns.Count, rows = Math.Max(1, BufferValues / columns);
        double[] buffer = new double[rows * columns];
        for (int first = 0; first < errors.Length; first += rows)
        {
            int n = Math.Min(rows, errors.Length - first), at = 0;
            for (int i = first; i < first + n; i++)
            {
                for (int j = 0; j < d; j++) buffer[at++] = double.CreateTruncating(states[i * d + j]);
                for (int j = 0; j < columns - d; j++) buffer[at++] = SampleColumns.Error(errors[i], j);
            }
            WriteValues<double>(buffer.AsSpan(0, at));
        }
    }

    private void WriteValues<T>(ReadOnlySpan<T> values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (BitConverter.IsLittleEndian)
        {
            Stream.Write(MemoryMarshal.AsBytes(values));
            return;
        }
        byte[] bytes = new byte[values.Length * Marshal.SizeOf<T>()];
        MemoryMarshal.AsBytes(values).CopyTo(bytes);
        for (int i = 0; i < bytes.Length; i += Marshal.SizeOf<T>()) bytes.AsSpan(i, Marshal.SizeOf<T>()).Reverse();
        Stream.Write(bytes);
    }
}
