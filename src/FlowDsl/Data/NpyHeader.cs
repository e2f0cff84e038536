using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace FlowDsl.Data;

/// <summary>What the header of one of NumPy's .npy files says, versions 1 to 3.</summary>
/// <param name="Kind">The values' type.</param>
/// <param name="Count">n, the first extent.</param>
/// <param name="Dimension">d, the product of the others: an image counts as a row.</param>
/// <param name="Shape">All extents, as they stand there.</param>
/// <param name="Axes">How many they are.</param>
/// <param name="IsFortran">Whether the first extent varies fastest.</param>
/// <param name="Start">Where the values begin.</param>
internal sealed record NpyHeader(NpyKind Kind, int Count, int Dimension, string Shape, int Axes, bool IsFortran, long Start)
{
    private const int MagicBytes = 8, MostHeaderBytes = 1 << 20;

    private static readonly Regex
        s_type = new("'descr': *'(?<value>[^']*)'", RegexOptions.CultureInvariant),
        s_shape = new(@"'shape': *\((?<value>[^)]*)\)", RegexOptions.CultureInvariant),
        s_order = new("'fortran_order': *(?<value>True|False)", RegexOptions.CultureInvariant);

    /// <summary>The bytes of a value.</summary>
    public int ValueBytes => Kind switch
    {
        NpyKind.Byte => sizeof(byte),
        NpyKind.Single => sizeof(float),
        _ => sizeof(double),
    };

    /// <summary>Reads the header, and checks that the file is as long as it says.</summary>
    /// <param name="file">The file, at its start.</param>
    /// <param name="path">Its name, for messages.</param>
    /// <exception cref="FormatException">It is no such file, or the array has another type or shape.</exception>
    public static NpyHeader Read(Stream file, string path)
    {
        Span<byte> magic = stackalloc byte[MagicBytes + sizeof(uint)];
        int read = file.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false);
        if (read < magic.Length || magic[0] != 0x93 || !magic[1..6].SequenceEqual("NUMPY"u8))
            throw new FormatException($"{path} is no .npy file: its first bytes are others.");
        int lengthBytes = magic[6] == 1 ? sizeof(ushort) : sizeof(uint), start = MagicBytes + lengthBytes;
        long length = magic[6] == 1
            ? BinaryPrimitives.ReadUInt16LittleEndian(magic[MagicBytes..])
            : BinaryPrimitives.ReadUInt32LittleEndian(magic[MagicBytes..]);
        if (length > MostHeaderBytes || start + length > file.Length) throw new FormatException($"{path} ends within its header.");
        byte[] bytes = new byte[length];
        file.Position = start;
        file.ReadExactly(bytes);
        NpyHeader header = Parse(Encoding.UTF8.GetString(bytes), path, start + length);
        long expected = (long)header.Count * header.Dimension * header.ValueBytes, found = file.Length - header.Start;
        return found == expected
            ? header
            : throw new FormatException(
                $"{path} has {found} bytes of data; {header.Count} rows of {header.Dimension} values of {header.ValueBytes} bytes need {expected}.");
    }

    private static NpyHeader Parse(string text, string path, long start)
    {
        string type = s_type.Match(text).Groups["value"].Value, shape = s_shape.Match(text).Groups["value"].Value;
        NpyKind kind = type switch
        {
            "<f8" => NpyKind.Double,
            "<f4" => NpyKind.Single,
            "|u1" => NpyKind.Byte,
            _ => throw new FormatException($"{path} has values of type '{type}'; they must be '<f8', '<f4' or '|u1' (float64, float32 or uint8)."),
        };
        string[] sizes = shape.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        long count = 0, dimension = 1;
        for (int i = 0; i < sizes.Length; i++)
        {
            bool isSize = int.TryParse(sizes[i], NumberStyles.None, CultureInfo.InvariantCulture, out int size) && size > 0;
            if (i == 0) count = isSize ? size : 0;
            else dimension = isSize ? Math.Min(dimension * size, int.MaxValue) : 0;
        }
        if (count < 1 || dimension is < 1 or >= int.MaxValue)
            throw new FormatException($"{path} has the shape ({shape}); it must be (n, d), with at least one row of at least one value.");
        return new NpyHeader(kind, (int)count, (int)dimension, shape, sizes.Length, s_order.Match(text).Groups["value"].Value == "True", start);
    }
}

/// <summary>The types of values that are read.</summary>
internal enum NpyKind
{
    /// <summary>uint8.</summary>
    Byte,

    /// <summary>float32.</summary>
    Single,

    /// <summary>float64.</summary>
    Double,
}
