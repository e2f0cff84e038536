using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using FlowDsl.Mathematics.Numerics;

namespace FlowDsl.Mathematics.Files;

/// <summary>Reads untrusted safetensors files: every length and position is checked before it is used.</summary>
internal static class SafeTensorsReader
{
    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads a file.</summary>
    /// <param name="content">All of its bytes.</param>
    public static SafeTensors Read(byte[] content)
    {
        string text = HeaderText(content, out int data);
        try
        {
            JsonValue header = JsonReader.Read(text);
            var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
            var places = new List<Place>();
            foreach (JsonMember member in header.Members)
            {
                CheckText(member.Name, member.Error);
                if (member.Name == SafeTensors.MetadataName) ReadMetadata(member.Value, metadata);
                else places.Add(ReadPlace(member));
            }
            places = [.. places.OrderBy(place => place.Begin).ThenBy(place => place.End)];
            CheckCover(places, content.Length - data);
            var tensors = new List<NamedTensor>();
            var unread = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (Place place in places)
            {
                if (Values(content, data, place, out string? problem) is { } values) tensors.Add(new NamedTensor(place.Name, [.. place.Shape], [.. values]));
                else unread.Add(place.Name, $"Tensor \"{place.Name}\": {problem}");
            }
            return SafeTensors.Of(tensors, unread, metadata);
        }
        catch (MixtureFormatException problem)
        {
            throw new SafeTensorsFormatException(problem);
        }
    }

    private static string HeaderText(byte[] content, out int data)
    {
        if (HeaderProblem(content) is { } malformed)
        {
            // Not earlier: the length of a header can look like the signature of another format.
            throw new SafeTensorsFormatException(FileSignature.Of(content) is { } other
                ? $"The file is {other}, and no safetensors file; save the tensors with save_file of Python's safetensors."
                : malformed);
        }
        int length = (int)BinaryPrimitives.ReadUInt64LittleEndian(content);
        data = 8 + length;
        try
        {
            return s_strict.GetString(content, 8, length);
        }
        catch (DecoderFallbackException problem)
        {
            throw new SafeTensorsFormatException($"The header is not UTF-8 near its byte {problem.Index}; it must be.");
        }
    }

    private static string? HeaderProblem(byte[] content)
    {
        if (content.Length < 8) return $"The file has {content.Length} bytes; it must begin with the length of its header in 8.";
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(content);
        if (length > SafeTensors.MaxHeader) return $"Bytes 0 to 7 give a header of {length} bytes; it may have at most {SafeTensors.MaxHeader}.";
        if (length > (ulong)(content.Length - 8))
            return $"Bytes 0 to 7 give a header of {length} bytes, but only {content.Length - 8} follow; the file is cut short or no safetensors file.";
        return length == 0 || content[8] != '{' ? "The header at byte 8 does not begin with '{'; it must be a JSON object." : null;
    }

    private static void ReadMetadata(JsonValue value, Dictionary<string, string> metadata)
    {
        if (value.Kind != JsonKind.Object) throw value.Error($"{SafeTensors.MetadataName} is {value.Description}; it must be an object of strings.");
        foreach (JsonMember entry in value.Members)
        {
            if (entry.Value.Kind != JsonKind.String)
                throw entry.Value.Error($"{SafeTensors.MetadataName}[\"{entry.Name}\"] is {entry.Value.Description}; it must be a string.");
            CheckText(entry.Name, entry.Error);
            CheckText(entry.Value.Text, entry.Value.Error);
            metadata.Add(entry.Name, entry.Value.Text);
        }
    }

    private static Place ReadPlace(JsonMember member)
    {
        string path = $"Tensor \"{member.Name}\"";
        if (member.Value.Kind != JsonKind.Object)
            throw member.Value.Error($"{path} is {member.Value.Description}; it must be an object with dtype, shape and data_offsets.");
        string type = ReadType(Property(member, "dtype"), path);
        int? size = SizeOf(type);
        JsonValue shapeValue = Property(member, "shape");
        int[] shape = [.. ReadIntegers(shapeValue, path + ": shape", int.MaxValue).Select(length => (int)length)];
        long count = SafeTensors.CountOf(shape);
        if (count < 0) throw shapeValue.Error($"{path}: shape [{string.Join(", ", shape)}] has more than {int.MaxValue} elements.");

        JsonValue offsets = Property(member, "data_offsets");
        long[] ends = ReadIntegers(offsets, path + ": data_offsets", long.MaxValue);
        if (ends.Length != 2)
            throw offsets.Error($"{path}: data_offsets has {ends.Length} numbers; it must have 2, the first byte and the one after the last.");
        (long begin, long end) = (ends[0], ends[1]);
        if (end < begin) throw offsets.Error($"{path}: data_offsets is [{begin}, {end}]; the first byte cannot come after the end.");
        // The size of an unknown type cannot be checked here.
        if (size * count is { } needed && end - begin != needed)
            throw offsets.Error($"{path}: data_offsets is [{begin}, {end}]; shape [{string.Join(", ", shape)}] of {size} bytes each needs {needed} bytes.");
        return new Place(member.Name, shape, type, begin, end);
    }

    private static string ReadType(JsonValue value, string path)
        => value.Kind == JsonKind.String ? value.Text : throw value.Error($"{path}: dtype is {value.Description}; it must be a string, such as \"F32\".");

    /// <summary>The size in bytes of a number of a type; null for an unknown type.</summary>
    private static int? SizeOf(string type) => type switch
    {
        "F64" or "I64" or "U64" or "C64" => 8,
        "F32" or "I32" or "U32" => 4,
        "F16" or "BF16" or "I16" or "U16" => 2,
        "I8" or "U8" or "BOOL" => 1,
        _ => null,
    };

    private static long[] ReadIntegers(JsonValue value, string path, long greatest)
    {
        if (value.Kind != JsonKind.Array) throw value.Error($"{path} is {value.Description}; it must be an array of integers.");
        long[] integers = new long[value.Items.Count];
        for (int i = 0; i < integers.Length; i++)
        {
            JsonValue item = value.Items[i];
            if (!long.TryParse(item.Text, NumberStyles.None, CultureInfo.InvariantCulture, out integers[i])
                || item.Kind != JsonKind.Number || integers[i] > greatest)
                throw item.Error(
                    $"{path}[{i}] is {(item.Kind == JsonKind.Number ? item.Text : item.Description)}; it must be an integer from 0 to {greatest}.");
        }
        return integers;
    }

    private static JsonValue Property(JsonMember tensor, string name)
        => tensor.Value.Members.FirstOrDefault(member => member.Name == name)?.Value
            ?? throw tensor.Error($"Tensor \"{tensor.Name}\" has no {name}; it must have dtype, shape and data_offsets.");

    /// <summary>An escape can produce an unpaired surrogate, which UTF-8 text cannot contain.</summary>
    private static void CheckText(string text, Func<string, Exception> error)
    {
        if (SafeTensors.UnpairedSurrogate(text) is { } at) throw error($"The text has U+{(int)text[at]:X4}, half of a surrogate pair; it must be Unicode.");
    }

    /// <summary>Every byte must belong to exactly one tensor: shared or unused bytes could hide data from other readers.</summary>
    private static void CheckCover(List<Place> places, int length)
    {
        long end = 0;
        foreach (Place place in places)
        {
            if (place.Begin != end)
                throw new SafeTensorsFormatException(
                    $"Tensor \"{place.Name}\" begins at byte {place.Begin} of the data; it must begin at {end}, where the one before it ends.");
            end = place.End;
        }
        if (end != length)
            throw new SafeTensorsFormatException($"The tensors take {end} bytes, but {length} bytes of data follow the header; the two must be equal.");
    }

    private static float[]? Values(byte[] content, int data, Place place, out string? problem)
    {
        problem = null;
        ReadOnlySpan<byte> bytes = content.AsSpan(data + (int)place.Begin, (int)(place.End - place.Begin));
        switch (place.Type)
        {
            case "F32":
                return Floats(bytes, 4, static number => BinaryPrimitives.ReadInt32LittleEndian(number));
            case "BF16":
                // The first half of a float.
                return Floats(bytes, 2, static number => BinaryPrimitives.ReadUInt16LittleEndian(number) << 16);
            case "F16":
                return Floats(bytes, 2, static number => FromHalf(BinaryPrimitives.ReadUInt16LittleEndian(number)));
            case "F64":
                return FromDoubles(bytes, out problem);
            default:
                problem = $"dtype is \"{place.Type}\"; \"F64\", \"F32\", \"F16\" and \"BF16\" are read.";
                return null;
        }
    }

    private static float[] Floats(ReadOnlySpan<byte> bytes, int size, BitsOf bitsOf)
    {
        float[] values = new float[bytes.Length / size];
        Span<int> bits = MemoryMarshal.Cast<float, int>(values.AsSpan());
        for (int i = 0; i < bits.Length; i++) bits[i] = bitsOf(bytes.Slice(size * i, size));
        return values;
    }

    private static float[]? FromDoubles(ReadOnlySpan<byte> bytes, out string? problem)
    {
        problem = null;
        float[] values = new float[bytes.Length / 8];
        for (int i = 0; i < values.Length; i++)
        {
            double value = BitConverter.Int64BitsToDouble(BinaryPrimitives.ReadInt64LittleEndian(bytes.Slice(8 * i)));
            values[i] = (float)value;
            if (!float.IsInfinity(values[i]) || double.IsInfinity(value)) continue;
            problem = $"value {i} is {PortableNumber.Format(value)}, beyond the range of float; " +
                $"it must be at most {PortableNumber.Format(float.MaxValue)} in size.";
            return null;
        }
        return values;
    }

    /// <summary>The bits of the float that equals a half-precision number (IEEE 754, binary16), which has 5 bits of exponent and 10 of fraction.</summary>
    private static int FromHalf(int half)
    {
        int sign = (half & 0x8000) << 16, exponent = (half >> 10) & 31, fraction = half & 0x3FF;
        if (exponent == 31) return sign | 0x7F800000 | (fraction << 13);
        if (exponent > 0) return sign | ((exponent + 112) << 23) | (fraction << 13);
        if (fraction == 0) return sign;
        // A subnormal number, fraction · 2^-24, is a normal float: shift its first bit to the implied position.
        exponent = 113;
        while ((fraction & 0x400) == 0)
        {
            fraction <<= 1;
            exponent--;
        }
        return sign | (exponent << 23) | ((fraction & 0x3FF) << 13);
    }

    /// <summary>The bits of the float that is a number of a file.</summary>
    private delegate int BitsOf(ReadOnlySpan<byte> number);

    /// <summary>The position of a tensor: its first byte and the one after its last, counted from the end of the header.</summary>
    private sealed record Place(string Name, int[] Shape, string Type, long Begin, long End);
}
