using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace FlowDsl.Analysis;

/// <summary>Reads safetensors files of unknown origin: every length and place is checked before it is used.</summary>
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
            return new SafeTensors(places.Select(place => new NamedTensor(place.Name, place.Shape, Values(content, data, place))), metadata);
        }
        catch (MixtureFormatException problem)
        {
            throw new SafeTensorsFormatException(problem);
        }
    }

    private static string HeaderText(byte[] content, out int data)
    {
        if (content.Length < 8) throw new SafeTensorsFormatException($"The file has {content.Length} bytes; it must begin with the length of its header in 8.");
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(content);
        if (length > SafeTensors.GreatestHeader)
            throw new SafeTensorsFormatException($"Bytes 0 to 7 give a header of {length} bytes; it may have at most {SafeTensors.GreatestHeader}.");
        if (length > (ulong)(content.Length - 8))
            throw new SafeTensorsFormatException($"Bytes 0 to 7 give a header of {length} bytes, but only {content.Length - 8} follow; the file is cut short or no safetensors file.");
        data = 8 + (int)length;
        if (length == 0 || content[8] != '{') throw new SafeTensorsFormatException("The header at byte 8 does not begin with '{'; it must be a JSON object.");
        try
        {
            return s_strict.GetString(content, 8, (int)length);
        }
        catch (DecoderFallbackException problem)
        {
            throw new SafeTensorsFormatException($"The header is not UTF-8 near its byte {problem.Index}; it must be.");
        }
    }

    private static void ReadMetadata(JsonValue value, Dictionary<string, string> metadata)
    {
        if (value.Kind != JsonKind.Object) throw value.Error($"{SafeTensors.MetadataName} is {value.Description}; it must be an object of strings.");
        foreach (JsonMember entry in value.Members)
        {
            if (entry.Value.Kind != JsonKind.String) throw entry.Value.Error($"{SafeTensors.MetadataName}[\"{entry.Name}\"] is {entry.Value.Description}; it must be a string.");
            CheckText(entry.Name, entry.Error);
            CheckText(entry.Value.Text, entry.Value.Error);
            metadata.Add(entry.Name, entry.Value.Text);
        }
    }

    private static Place ReadPlace(JsonMember member)
    {
        string path = $"Tensor \"{member.Name}\"";
        if (member.Value.Kind != JsonKind.Object) throw member.Value.Error($"{path} is {member.Value.Description}; it must be an object with dtype, shape and data_offsets.");
        int size = ReadSize(Property(member, "dtype"), path);
        JsonValue shapeValue = Property(member, "shape");
        int[] shape = [.. ReadIntegers(shapeValue, path + ": shape", int.MaxValue).Select(length => (int)length)];
        long count = SafeTensors.CountOf(shape);
        if (count < 0) throw shapeValue.Error($"{path}: shape [{string.Join(", ", shape)}] has more than {int.MaxValue} elements.");

        JsonValue offsets = Property(member, "data_offsets");
        long[] ends = ReadIntegers(offsets, path + ": data_offsets", long.MaxValue);
        if (ends.Length != 2) throw offsets.Error($"{path}: data_offsets has {ends.Length} numbers; it must have 2, the first byte and the one after the last.");
        (long begin, long end) = (ends[0], ends[1]);
        if (end < begin || end - begin != size * count)
            throw offsets.Error($"{path}: data_offsets is [{begin}, {end}]; shape [{string.Join(", ", shape)}] of {size} bytes each needs {size * count} bytes.");
        return new Place(member.Name, shape, size, begin, end);
    }

    private static int ReadSize(JsonValue value, string path) => value.Kind == JsonKind.String && value.Text is "F32" or "F64"
        ? value.Text == "F32" ? 4 : 8
        : throw value.Error($"{path}: dtype is {(value.Kind == JsonKind.String ? $"\"{value.Text}\"" : value.Description)}; \"F32\" and \"F64\" are read.");

    private static long[] ReadIntegers(JsonValue value, string path, long greatest)
    {
        if (value.Kind != JsonKind.Array) throw value.Error($"{path} is {value.Description}; it must be an array of integers.");
        long[] integers = new long[value.Items.Count];
        for (int i = 0; i < integers.Length; i++)
        {
            JsonValue item = value.Items[i];
            if (!long.TryParse(item.Text, NumberStyles.None, CultureInfo.InvariantCulture, out integers[i]) || item.Kind != JsonKind.Number || integers[i] > greatest)
                throw item.Error($"{path}[{i}] is {(item.Kind == JsonKind.Number ? item.Text : item.Description)}; it must be an integer from 0 to {greatest}.");
        }
        return integers;
    }

    private static JsonValue Property(JsonMember tensor, string name)
        => tensor.Value.Members.FirstOrDefault(member => member.Name == name)?.Value
            ?? throw tensor.Error($"Tensor \"{tensor.Name}\" has no {name}; it must have dtype, shape and data_offsets.");

    /// <summary>An escape can write half of a surrogate pair, which no UTF-8 text holds.</summary>
    private static void CheckText(string text, Func<string, Exception> error)
    {
        if (SafeTensors.UnpairedSurrogate(text) is { } at) throw error($"The text has U+{(int)text[at]:X4}, half of a surrogate pair; it must be Unicode.");
    }

    /// <summary>Every byte belongs to exactly one tensor: bytes of two, or of none, could carry what other readers do not see.</summary>
    private static void CheckCover(List<Place> places, int length)
    {
        long end = 0;
        foreach (Place place in places)
        {
            if (place.Begin != end)
                throw new SafeTensorsFormatException($"Tensor \"{place.Name}\" begins at byte {place.Begin} of the data; it must begin at {end}, where the one before it ends.");
            end = place.End;
        }
        if (end != length) throw new SafeTensorsFormatException($"The tensors take {end} bytes, but {length} bytes of data follow the header; these must be as many.");
    }

    private static float[] Values(byte[] content, int data, Place place)
    {
        ReadOnlySpan<byte> bytes = content.AsSpan(data + (int)place.Begin, (int)(place.End - place.Begin));
        float[] values = new float[bytes.Length / place.Size];
        if (place.Size == 4)
        {
            Span<int> bits = MemoryMarshal.Cast<float, int>(values.AsSpan());
            for (int i = 0; i < bits.Length; i++) bits[i] = BinaryPrimitives.ReadInt32LittleEndian(bytes.Slice(4 * i));
            return values;
        }
        for (int i = 0; i < values.Length; i++)
        {
            double value = BitConverter.Int64BitsToDouble(BinaryPrimitives.ReadInt64LittleEndian(bytes.Slice(8 * i)));
            values[i] = (float)value;
            if (float.IsInfinity(values[i]) && !double.IsInfinity(value))
                throw new SafeTensorsFormatException($"Tensor \"{place.Name}\": value {i} is {PortableNumber.Format(value)}, beyond the range of float; it must be at most {PortableNumber.Format(float.MaxValue)} in size.");
        }
        return values;
    }

    /// <summary>Where a tensor is: its first byte and the one after its last, counted from the end of the header.</summary>
    private sealed record Place(string Name, int[] Shape, int Size, long Begin, long End);
}
