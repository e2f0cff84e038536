using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace FlowDsl.Hosting.Data;

/// <summary>Reads NumPy's .npy files of numbers, versions 1 to 3.</summary>
internal static class NpyArray
{
    private const int MagicBytes = 8;

    private static readonly Regex
        s_type = new("'descr': *'(?<value>[^']*)'", RegexOptions.CultureInvariant),
        s_shape = new(@"'shape': *\((?<value>[^)]*)\)", RegexOptions.CultureInvariant),
        s_order = new("'fortran_order': *False", RegexOptions.CultureInvariant);

    /// <summary>Reads an array of one or two dimensions; its columns are called x0, x1, …</summary>
    /// <exception cref="FormatException">It is no such file, or the array has another type, order or shape.</exception>
    public static DataTable Read(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        if (bytes.Length < MagicBytes + 4 || bytes[0] != 0x93 || !bytes.AsSpan(1, 5).SequenceEqual("NUMPY"u8))
            throw new FormatException($"{path} is no .npy file: its first bytes are others.");
        int lengthBytes = bytes[6] == 1 ? 2 : 4, start = MagicBytes + lengthBytes;
        long length = lengthBytes == 2
            ? BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(MagicBytes))
            : BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(MagicBytes));
        if (start + length > bytes.Length) throw new FormatException($"{path} ends within its header.");
        string header = Encoding.UTF8.GetString(bytes, start, (int)length);
        string type = s_type.Match(header).Groups["value"].Value, shape = s_shape.Match(header).Groups["value"].Value;
        if (type is not ("<f8" or "<f4")) throw new FormatException($"{path} has values of type '{type}'; they must be '<f8' or '<f4' (float64 or float32).");
        if (!s_order.IsMatch(header)) throw new FormatException($"{path} is in Fortran's order; save it with numpy.ascontiguousarray.");
        string[] sizes = shape.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        int columns = 1;
        if (sizes.Length is not (1 or 2) || !int.TryParse(sizes[0], NumberStyles.None, CultureInfo.InvariantCulture, out int rows)
            || (sizes.Length == 2 && !int.TryParse(sizes[1], NumberStyles.None, CultureInfo.InvariantCulture, out columns)) || columns < 1)
        {
            throw new FormatException($"{path} has the shape ({shape}); it must be (n, d) or (n,).");
        }
        int size = type == "<f8" ? sizeof(double) : sizeof(float);
        ReadOnlySpan<byte> data = bytes.AsSpan(start + (int)length);
        if (data.Length != (long)rows * columns * size)
            throw new FormatException(
                $"{path} has {data.Length} bytes of data; {rows} rows of {columns} values of {size} bytes need {(long)rows * columns * size}.");
        double[] values = new double[rows * columns];
        for (int i = 0; i < values.Length; i++)
            values[i] = size == sizeof(double)
                ? BinaryPrimitives.ReadDoubleLittleEndian(data[(i * size)..])
                : BinaryPrimitives.ReadSingleLittleEndian(data[(i * size)..]);
        return new DataTable(Enumerable.Range(0, columns).Select(index => string.Create(CultureInfo.InvariantCulture, $"x{index}")), values);
    }
}
