using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace FlowDsl.Tests;

/// <summary>
/// An .npy file read byte by byte, by NumPy's specification of the format (numpy.lib.format): magic, version, the header's length, and a Python
/// dictionary that ends in a newline at a multiple of 64 bytes.
/// </summary>
/// <param name="Type">The values' type: "&lt;f4" or "&lt;f8".</param>
/// <param name="Rows">The rows.</param>
/// <param name="Columns">The columns.</param>
/// <param name="Data">The values' bytes.</param>
internal sealed partial record NpyBytes(string Type, long Rows, int Columns, byte[] Data)
{
    public float[] Singles
        => [.. Enumerable.Range(0, Data.Length / 4).Select(i => BinaryPrimitives.ReadSingleLittleEndian(Data.AsSpan(4 * i)))];

    public double[] Doubles
        => [.. Enumerable.Range(0, Data.Length / 8).Select(i => BinaryPrimitives.ReadDoubleLittleEndian(Data.AsSpan(8 * i)))];

    public static NpyBytes Read(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        Assert.Equal([0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', 1, 0], bytes[..8]);
        int length = BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(8));
        Assert.Equal(0, (10 + length) % 64);
        string header = Encoding.ASCII.GetString(bytes, 10, length);
        Assert.EndsWith("\n", header, StringComparison.Ordinal);
        Match match = Dictionary().Match(header);
        Assert.True(match.Success, header);
        var read = new NpyBytes(
            match.Groups["type"].Value, long.Parse(match.Groups["rows"].Value, CultureInfo.InvariantCulture),
            int.Parse(match.Groups["columns"].Value, CultureInfo.InvariantCulture), bytes[(10 + length)..]);
        Assert.Equal(read.Rows * read.Columns * (read.Type == "<f4" ? 4 : 8), read.Data.Length);
        return read;
    }

    [GeneratedRegex(@"^\{'descr': '(?<type><f[48])', 'fortran_order': False, 'shape': \((?<rows>\d+), (?<columns>\d+)\), \} *\n$")]
    private static partial Regex Dictionary();
}
