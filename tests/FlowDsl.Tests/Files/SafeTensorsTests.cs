using System.Diagnostics;
using System.Text;
using FlowDsl.Mathematics;

namespace FlowDsl.Tests;

public class SafeTensorsTests
{
    private const string ValidHeader =
        """{"__metadata__":{"by":"hand"},"b":{"dtype":"F64","shape":[2],"data_offsets":[12,28]},"w":{"dtype":"F32","shape":[3,1],"data_offsets":[0,12]}}""";

    // 1, -2 and 1/2, then 1/4 and -3, their bits from IEEE 754, least significant byte first.
    private static readonly byte[] s_validData =
    [
        0x00, 0x00, 0x80, 0x3F, 0x00, 0x00, 0x00, 0xC0, 0x00, 0x00, 0x00, 0x3F,
        0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0xD0, 0x3F, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x08, 0xC0,
    ];

    [Fact]
    public void ReadBytesByTheSpecification()
    {
        SafeTensors read = SafeTensors.Read(File(ValidHeader + "   ", s_validData));
        Assert.Equal(["w", "b"], read.Tensors.Select(tensor => tensor.Name));
        Assert.Equal<int>([3, 1], read.Tensors[0].Shape);
        Assert.Equal<float>([1, -2, 0.5f], read.Tensors[0].Values);
        Assert.Equal<float>([0.25f, -3], read.Find("b")!.Values);
        Assert.Equal("hand", Assert.Single(read.Metadata, entry => entry.Key == "by").Value);
        Assert.Null(read.Find("B"));
    }

    [Fact]
    public void WriteBytesByTheSpecification()
    {
        string header = """{"__metadata__":{"k":"\u0001é\""},"a":{"dtype":"F32","shape":[],"data_offsets":[0,4]}"""
            + ""","b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}""";
        int bytes = Encoding.UTF8.GetByteCount(header), padding = (8 - bytes % 8) % 8;
        Assert.NotEqual(0, padding);
        byte[] expected = File(header + new string(' ', padding), [0x00, 0x00, 0x00, 0x3F, 0x00, 0x00, 0x80, 0x3F, 0x00, 0x00, 0x00, 0xC0]);
        Assert.Equal(expected, new SafeTensors([new("b", [2], [1, -2]), new("a", [], [0.5f])], new Dictionary<string, string> { ["k"] = "\u0001é\"" }).Write());
    }

    [Fact]
    public void RoundTripKeepsEveryBit()
    {
        NamedTensor[] tensors =
        [
            new("", [2, 0, 3], []), new("layers.0.weight", [2, 2], [float.MaxValue, -0f, float.Epsilon, float.NaN]),
            new("\"\\/\n\u0000\u2028é𝔸", [1, 1, 1], [float.NegativeInfinity]), new("scalar", [], [0.1f]),
        ];
        var metadata = new Dictionary<string, string> { ["z"] = "", [""] = "\t𝔸", ["__metadata__"] = "{}" };
        byte[] content = new SafeTensors(tensors, metadata).Write();
        SafeTensors read = SafeTensors.Read(content);
        Assert.Equal(metadata, read.Metadata);
        Assert.Equal(tensors.Length, read.Tensors.Count);
        foreach (NamedTensor tensor in tensors)
        {
            NamedTensor same = read.Find(tensor.Name)!;
            Assert.Equal<int>(tensor.Shape, same.Shape);
            Assert.Equal(tensor.Values.Select(BitConverter.SingleToInt32Bits), same.Values.Select(BitConverter.SingleToInt32Bits));
        }
        Assert.Equal(content, read.Write());
        Assert.Equal(content, new SafeTensors(tensors.Reverse(), metadata).Write());
        Assert.Empty(SafeTensors.Read(new SafeTensors([], new Dictionary<string, string>()).Write()).Tensors);
    }

    // Columns: the header, how many bytes of data follow it, a part of the message.
    public static TheoryData<string, int, string> Malformed => new()
    {
        { "", 0, "The header at byte 8 does not begin with '{'" },
        { " {}", 0, "The header at byte 8 does not begin with '{'" },
        { "[]", 0, "The header at byte 8 does not begin with '{'" },
        { "{", 0, "Header, line 1, column 2: There is the end of the text" },
        { "{}{", 0, "after the end of the JSON value" },
        { "{\"a\":1}", 0, "Tensor \"a\" is a number; it must be an object with dtype, shape and data_offsets" },
        { "{\"a\":{\"dtype\":\"F32\",\"shape\":[1]}}", 4, "Header, line 1, column 2: Tensor \"a\" has no data_offsets" },
        { Tensor("32", "1", "0,4"), 4, "dtype is a number; it must be a string, such as \"F32\"" },
        { Tensor("\"BF16\"", "2", "0,8"), 8, "shape [2] of 2 bytes each needs 4 bytes" },
        { Tensor("\"I64\"", "1", "0,4"), 4, "shape [1] of 8 bytes each needs 8 bytes" },
        { Tensor("\"F8_E4M3\"", "1", "4,0"), 4, "data_offsets is [4, 0]; the first byte cannot come after the end" },
        { Tensor("\"F32\"", "-1", "0,4"), 4, "shape[0] is -1; it must be an integer from 0 to 2147483647" },
        { Tensor("\"F32\"", "1.0", "0,4"), 4, "shape[0] is 1.0; it must be an integer" },
        { Tensor("\"F32\"", "\"1\"", "0,4"), 4, "shape[0] is a string; it must be an integer" },
        { Tensor("\"F32\"", "2147483648", "0,4"), 4, "shape[0] is 2147483648" },
        { Tensor("\"F32\"", "65536,65536,65536,65536", "0,0"), 0, "has more than 2147483647 elements" },
        { Tensor("\"F32\"", "2147483647,2147483647,2147483647", "0,4"), 4, "has more than 2147483647 elements" },
        { Tensor("\"F32\"", "2", "0,4"), 4, "data_offsets is [0, 4]; shape [2] of 4 bytes each needs 8 bytes" },
        { Tensor("\"F64\"", "1", "0,4"), 4, "shape [1] of 8 bytes each needs 8 bytes" },
        { Tensor("\"F32\"", "1", "4,0"), 4, "data_offsets is [4, 0]" },
        { Tensor("\"F32\"", "1", "-4,0"), 4, "data_offsets[0] is -4; it must be an integer from 0 to" },
        { Tensor("\"F32\"", "1", "0,99999999999999999999"), 4, "data_offsets[1] is 99999999999999999999" },
        { Tensor("\"F32\"", "1", "9223372036854775803,9223372036854775807"), 4, "begins at byte 9223372036854775803 of the data; it must begin at 0" },
        { Tensor("\"F32\"", "1", "0,4,8"), 8, "data_offsets has 3 numbers; it must have 2" },
        { Tensor("\"F32\"", "1", "4,8"), 8, "Tensor \"a\" begins at byte 4 of the data; it must begin at 0" },
        { Tensor("\"F32\"", "1", "0,4"), 3, "The tensors take 4 bytes, but 3 bytes of data follow the header" },
        { Tensor("\"F32\"", "1", "0,4"), 5, "The tensors take 4 bytes, but 5 bytes of data follow the header" },
        { Tensor("\"F32\"", "1", "0,4", Named("a", "0,4")), 4, "The property \"a\" appears twice in one object" },
        { Tensor("\"F32\"", "1", "0,4", Named("b", "0,4")), 4, "Tensor \"b\" begins at byte 0 of the data; it must begin at 4" },
        { Tensor("\"F32\"", "1", "0,4", Named("b", "8,12")), 12, "Tensor \"b\" begins at byte 8 of the data; it must begin at 4" },
        { "{\"__metadata__\":[]}", 0, "__metadata__ is an array; it must be an object of strings" },
        { "{\"__metadata__\":{\"a\":1}}", 0, "__metadata__[\"a\"] is a number; it must be a string" },
        { "{\"__metadata__\":{\"a\":\"\\ud800\"}}", 0, "U+D800, half of a surrogate pair" },
        { "{\"\\udc00\":{}}", 0, "U+DC00, half of a surrogate pair" },
    };

    [Theory]
    [MemberData(nameof(Malformed))]
    public void ReadMalformedNamesTheProblem(string header, int data, string problem)
        => Assert.Contains(problem, Assert.Throws<SafeTensorsFormatException>(() => SafeTensors.Read(File(header, new byte[data]))).Message);

    [Theory]
    [InlineData("", "The file has 0 bytes")]
    [InlineData("00000000000000", "The file has 7 bytes")]
    [InlineData("FFFFFFFFFFFFFFFF", "a header of 18446744073709551615 bytes; it may have at most 100000000")]
    [InlineData("01E1F505000000007B7D", "a header of 100000001 bytes; it may have at most 100000000")]
    [InlineData("03000000000000007B7D", "a header of 3 bytes, but only 2 follow")]
    [InlineData("06000000000000007B22FF223A31", "not UTF-8 near its byte 2")]
    public void ReadMalformedBytesNamesTheProblem(string bytes, string problem)
        => Assert.Contains(problem, Assert.Throws<SafeTensorsFormatException>(() => SafeTensors.Read(Convert.FromHexString(bytes))).Message);

    [Fact]
    public void DoubleBeyondFloatIsNamedWhereItsTensorIsAskedFor()
    {
        byte[] content = File(Tensor("\"F64\"", "2", "0,16"), [.. BitConverter.GetBytes(0.1), .. BitConverter.GetBytes(1e39)]);
        SafeTensors read = SafeTensors.Read(content);
        Assert.Empty(read.Tensors);
        Assert.Contains("Tensor \"a\": value 1 is 1E+39, beyond the range of float", Assert.Throws<SafeTensorsFormatException>(() => read.Find("a")).Message);
        BitConverter.GetBytes(double.NegativeInfinity).CopyTo(content, content.Length - 8);
        Assert.Equal<float>([0.1f, float.NegativeInfinity], SafeTensors.Read(content).Tensors[0].Values);
    }

    [Theory]
    [InlineData("I64", 8)]
    [InlineData("BOOL", 1)]
    [InlineData("F8_E4M3", 1)]
    [InlineData("a type to come", 3)]
    public void TensorOfAnotherTypeMattersOnlyToWhoeverAsksForIt(string type, int bytes)
    {
        SafeTensors read = SafeTensors.Read(File(
            Tensor($"\"{type}\"", "1", $"0,{bytes}", Named("w", $"{bytes},{bytes + 4}")),
            [.. new byte[bytes], 0x00, 0x00, 0x80, 0x3F]));
        Assert.Equal<float>([1], read.Find("w")!.Values);
        Assert.Equal(["w"], read.Tensors.Select(tensor => tensor.Name));
        string problem = $"Tensor \"a\": dtype is \"{type}\"; \"F64\", \"F32\", \"F16\" and \"BF16\" are read.";
        Assert.Equal(problem, Assert.Single(read.Unread, entry => entry.Key == "a").Value);
        Assert.Equal(problem, Assert.Throws<SafeTensorsFormatException>(() => read.Find("a")).Message);
        Assert.Null(read.Find("b"));
    }

    /// <summary>All 65,536 numbers of half precision, against the platform's own conversion.</summary>
    [Fact]
    public void HalfPrecisionIsRead()
    {
        byte[] data = [.. Enumerable.Range(0, 65536).SelectMany(bits => BitConverter.GetBytes((ushort)bits))];
        float[] values = [.. SafeTensors.Read(File(Tensor("\"F16\"", "256,256", "0,131072"), data)).Find("a")!.Values];
        for (int bits = 0; bits < 65536; bits++)
        {
            float expected = (float)BitConverter.UInt16BitsToHalf((ushort)bits);
            if (float.IsNaN(expected)) Assert.True(float.IsNaN(values[bits]));
            else Assert.Equal(BitConverter.SingleToInt32Bits(expected), BitConverter.SingleToInt32Bits(values[bits]));
        }
    }

    [Fact]
    public void BrainFloatsAreRead()
    {
        // 1, -2, 3.140625 (π in 8 bits), the greatest one, the least one, infinity, NaN.
        ushort[] bits = [0x3F80, 0xC000, 0x4049, 0x7F7F, 0x0001, 0x7F80, 0x7FC0];
        float[] expected = [1, -2, 3.140625f, 3.3895314e38f, 9.1835e-41f, float.PositiveInfinity, float.NaN];
        Assert.Equal(expected, SafeTensors.Read(File(Tensor("\"BF16\"", "7", "0,14"), [.. bits.SelectMany(BitConverter.GetBytes)])).Find("a")!.Values);
    }

    [Fact]
    public void ReadDamagedFilesThrowsNothingElse()
    {
        byte[] valid = File(ValidHeader, s_validData);
        for (int length = 0; length < valid.Length; length++)
            Assert.Throws<SafeTensorsFormatException>(() => SafeTensors.Read(valid[..length]));

        // Every byte replaced by what is likely to matter, then several at random places.
        var random = new Random(1);
        byte[] likely = [0, 9, 0x22, 0x2C, 0x2D, 0x30, 0x39, 0x3A, 0x5B, 0x5C, 0x5D, 0x65, 0x7B, 0x7D, 0x7F, 0x80, 0xC3, 0xFF];
        for (int i = 0; i < valid.Length * likely.Length; i++) ReadDamaged(valid, (i / likely.Length, likely[i % likely.Length]));
        for (int i = 0; i < 20_000; i++)
            ReadDamaged(valid, [.. Enumerable.Range(0, 1 + i % 4).Select(_ => (random.Next(valid.Length), (byte)random.Next(256)))]);
    }

    [Fact]
    public void MakeWhatCannotBeWrittenThrows()
    {
        var none = new Dictionary<string, string>();
        Assert.Contains(
            "names must be distinct", Assert.Throws<ArgumentException>(() => new SafeTensors([new("a", [], [0]), new("a", [], [0])], none)).Message);
        Assert.Contains(
            "has 3 values; its shape [2, 2] needs 4", Assert.Throws<ArgumentException>(() => new SafeTensors([new("a", [2, 2], [1, 2, 3])], none)).Message);
        Assert.Contains("needs lengths from 0", Assert.Throws<ArgumentException>(() => new SafeTensors([new("a", [-1, -1], [1])], none)).Message);
        Assert.Contains("\"__metadata__\"", Assert.Throws<ArgumentException>(() => new SafeTensors([new("__metadata__", [], [0])], none)).Message);
        Assert.Contains("U+D800", Assert.Throws<ArgumentException>(() => new SafeTensors([new("a\ud800", [], [0])], none)).Message);
    }

    // Another reader of the specification: Python's own library where it is installed, else fifteen lines with its standard one.
    private const string Reader = """
        import json, struct, sys
        path = sys.argv[1]
        try:
            import numpy, safetensors.numpy as library
            tensors = {name: (list(values.shape), values.ravel().tolist()) for name, values in library.load_file(path).items()}
        except ImportError:
            with open(path, "rb") as file:
                content = file.read()
            length = struct.unpack("<Q", content[:8])[0]
            header, data = json.loads(content[8:8 + length].decode("utf-8")), content[8 + length:]
            assert length % 8 == 0 and content[8:9] == b"{" and header.pop("__metadata__") == {"é": "\"\n"}
            assert sum(t["data_offsets"][1] - t["data_offsets"][0] for t in header.values()) == len(data)
            def values(t):
                start, end = t["data_offsets"]
                return [v for v, in struct.iter_unpack("<f", data[start:end])]
            tensors = {name: (t["shape"], values(t)) for name, t in header.items()}
        assert tensors == {"a": ([2, 3], [1, 2, 3, 4, 5, -0.5]), "𝔸\\": ([], [0.25]), "empty": ([0, 7], [])}, tensors
        """;

    [Fact]
    public void WriteIsReadByPython()
    {
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        System.IO.File.WriteAllBytes(path, new SafeTensors(
            [new("a", [2, 3], [1, 2, 3, 4, 5, -0.5f]), new("𝔸\\", [], [0.25f]), new("empty", [0, 7], [])],
            new Dictionary<string, string> { ["é"] = "\"\n" }).Write());
        try
        {
            var start = new ProcessStartInfo("python3", ["-X", "utf8", "-c", Reader, path]) { RedirectStandardError = true };
            using var python = System.Diagnostics.Process.Start(start);
            string problem = python!.StandardError.ReadToEnd();
            python.WaitForExit();
            // 9009: what Windows has in the place of a Python that is not installed.
            Assert.True(python.ExitCode is 0 or 9009, problem);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // There is no Python on this machine.
        }
        finally
        {
            System.IO.File.Delete(path);
        }
    }

    private static void ReadDamaged(byte[] valid, params (int Position, byte Value)[] changes)
    {
        byte[] damaged = [.. valid];
        foreach ((int position, byte value) in changes) damaged[position] = value;
        try
        {
            SafeTensors.Read(damaged);
        }
        catch (SafeTensorsFormatException)
        {
        }
    }

    private static byte[] File(string header, byte[] data)
    {
        byte[] text = Encoding.UTF8.GetBytes(header);
        byte[] length = [(byte)text.Length, (byte)(text.Length >> 8), 0, 0, 0, 0, 0, 0];
        return [.. length, .. text, .. data];
    }

    private static string Tensor(string type, string shape, string offsets, string? other = null)
        => $"{{\"a\":{{\"dtype\":{type},\"shape\":[{shape}],\"data_offsets\":[{offsets}]}}{(other is null ? "" : "," + other)}}}";

    private static string Named(string name, string offsets) => $"\"{name}\":{{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[{offsets}]}}";
}
