using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using FlowDsl.Mathematics.Files;

namespace FlowDsl.Mathematics;

/// <summary>
/// Named arrays in the safetensors format (https://github.com/huggingface/safetensors): eight bytes with the length of a JSON header,
/// the header with the name, type, shape and place of each array, and the numbers, least significant byte first.
/// </summary>
public sealed class SafeTensors
{
    /// <summary>The header's name for the metadata, which no tensor can have.</summary>
    internal const string MetadataName = "__metadata__";

    /// <summary>The maximum length of a header in bytes, as in the reference implementation.</summary>
    internal const int MaxHeader = 100_000_000;

    /// <summary>Makes the content of a file.</summary>
    /// <param name="tensors">The tensors, with distinct names.</param>
    /// <param name="metadata">Arbitrary texts, for example how the tensors were made.</param>
    /// <exception cref="ArgumentException">
    /// A name is a duplicate, reserved or not Unicode text, or a tensor's number of values does not match its shape.
    /// </exception>
    public SafeTensors(IEnumerable<NamedTensor> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        (Tensors, Metadata) = ([.. tensors], metadata);
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (NamedTensor tensor in Tensors)
        {
            if (tensor.Name == MetadataName)
                throw new ArgumentException(
                    $"A tensor is named \"{MetadataName}\", which the format keeps for metadata; it needs another name.", nameof(tensors));
            if (!names.Add(tensor.Name)) throw new ArgumentException($"Two tensors are named \"{tensor.Name}\"; names must be distinct.", nameof(tensors));
            long count = CountOf(tensor.Shape);
            if (count != tensor.Values.Length)
                throw new ArgumentException(
                    $"Tensor \"{tensor.Name}\" has {tensor.Values.Length} values; " +
                    $"its shape [{string.Join(", ", tensor.Shape)}] needs {(count < 0 ? "lengths from 0 and a product of at most 2147483647" : count)}.",
                        nameof(tensors));
            CheckText(tensor.Name, nameof(tensors));
        }
        foreach (KeyValuePair<string, string> entry in metadata)
        {
            CheckText(entry.Key, nameof(metadata));
            CheckText(entry.Value, nameof(metadata));
        }
    }

    /// <summary>The tensors; those of a file are in the order of their data.</summary>
    public IReadOnlyList<NamedTensor> Tensors { get; }

    /// <summary>
    /// The tensors of a file that are not among <see cref="Tensors"/>, by name, with the reason: their type is not supported, or a value exceeds the
    /// range of float. <see cref="Find"/> throws for these, and <see cref="Write"/> leaves them out.
    /// </summary>
    public IReadOnlyDictionary<string, string> Unread { get; private init; } = new Dictionary<string, string>();

    /// <summary>The texts stored with the tensors.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Reads a file.</summary>
    /// <param name="content">All of its bytes.</param>
    /// <returns>The tensors of type F32, F16 and BF16, and those of type F64 rounded to F32.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="content"/> is null.</exception>
    /// <exception cref="SafeTensorsFormatException">The bytes are not such a file. A tensor that cannot be read throws only when it is asked for.</exception>
    public static SafeTensors Read(byte[] content) => SafeTensorsReader.Read(content ?? throw new ArgumentNullException(nameof(content)));

    /// <summary>Writes a file, with metadata and tensors in the ordinal order of their names: equal contents give equal bytes.</summary>
    /// <returns>The bytes of the file, all tensors of type F32.</returns>
    public byte[] Write()
    {
        NamedTensor[] tensors = [.. Tensors.OrderBy(tensor => tensor.Name, StringComparer.Ordinal)];
        byte[] header = Encoding.UTF8.GetBytes(Header(tensors));
        // Pad with spaces to a multiple of eight, so that numbers are aligned in a memory-mapped file.
        int length = (header.Length + 7) / 8 * 8, position = 8 + length;
        byte[] content = new byte[checked(position + (int)(4 * tensors.Sum(tensor => (long)tensor.Values.Length)))];
        BinaryPrimitives.WriteInt64LittleEndian(content, length);
        content.AsSpan(8, length).Fill((byte)' ');
        header.CopyTo(content, 8);
        foreach (NamedTensor tensor in tensors)
        {
            foreach (int bits in MemoryMarshal.Cast<float, int>(tensor.Values.AsSpan()))
            {
                BinaryPrimitives.WriteInt32LittleEndian(content.AsSpan(position), bits);
                position += 4;
            }
        }
        return content;
    }

    /// <summary>The tensor with a name; null if there is none.</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="SafeTensorsFormatException">The tensor is one of <see cref="Unread"/>.</exception>
    public NamedTensor? Find(string name)
        => Unread.TryGetValue(name, out string? problem)
            ? throw new SafeTensorsFormatException(problem)
            : Tensors.FirstOrDefault(tensor => tensor.Name == name);

    /// <summary>The content of a file whose tensors cannot all be read.</summary>
    internal static SafeTensors Of(IEnumerable<NamedTensor> tensors, IReadOnlyDictionary<string, string> unread, IReadOnlyDictionary<string, string> metadata)
        => new(tensors, metadata) { Unread = unread };

    /// <summary>The product of lengths; -1 if one is negative or the product exceeds an array's length.</summary>
    internal static long CountOf(IReadOnlyList<int> shape)
    {
        long count = 1;
        foreach (int length in shape)
        {
            // At most 2^31 before, so no product overflows.
            count *= length;
            if (length < 0 || count > int.MaxValue) return -1;
        }
        return count;
    }

    /// <summary>The position of the first unpaired surrogate; null if there is none.</summary>
    internal static int? UnpairedSurrogate(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i])) continue;
            if (!char.IsSurrogatePair(text, i)) return i;
            i++;
        }
        return null;
    }

    private static void CheckText(string text, string parameter)
    {
        if (UnpairedSurrogate(text) is { } at)
            throw new ArgumentException(
                $"A name or text has U+{(int)text[at]:X4}, half of a surrogate pair, at position {at}; it must be Unicode text.", parameter);
    }

    private string Header(NamedTensor[] tensors)
    {
        var header = new StringBuilder("{");
        if (Metadata.Count > 0)
        {
            header.Append(Quoted(MetadataName)).Append(":{");
            header.Append(string.Join(",", Metadata.OrderBy(entry => entry.Key, StringComparer.Ordinal)
                .Select(entry => $"{Quoted(entry.Key)}:{Quoted(entry.Value)}")));
            header.Append('}').Append(tensors.Length > 0 ? "," : "");
        }
        long end = 0;
        for (int i = 0; i < tensors.Length; i++)
        {
            long begin = end;
            end += 4L * tensors[i].Values.Length;
            header.Append(i == 0 ? "" : ",").Append(Quoted(tensors[i].Name));
            header.Append($":{{\"dtype\":\"F32\",\"shape\":[{string.Join(",", tensors[i].Shape)}],\"data_offsets\":[{begin},{end}]}}");
        }
        return header.Append('}').ToString();
    }

    private static string Quoted(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (char c in text)
        {
            if (c is '"' or '\\') quoted.Append('\\').Append(c);
            else if (c < ' ') quoted.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture));
            else quoted.Append(c);
        }
        return quoted.Append('"').ToString();
    }
}
