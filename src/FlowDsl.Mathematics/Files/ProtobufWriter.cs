using System.Text;

namespace FlowDsl.Mathematics.Files;

/// <summary>
/// A message in the wire format of Protocol Buffers (https://protobuf.dev/programming-guides/encoding/), its fields in the order in which they
/// are added.
/// </summary>
internal sealed class ProtobufWriter
{
    private const int VarintWire = 0, LengthWire = 2;

    private readonly MemoryStream _bytes = new();

    /// <summary>Adds a number of type int32, int64 or an enumeration, at least 0.</summary>
    public ProtobufWriter Add(int field, long value)
    {
        Varint((field << 3) | VarintWire);
        Varint(value);
        return this;
    }

    /// <summary>Adds a string.</summary>
    public ProtobufWriter Add(int field, string text) => Add(field, Encoding.UTF8.GetBytes(text));

    /// <summary>Adds a message as it is now.</summary>
    public ProtobufWriter Add(int field, ProtobufWriter message)
    {
        Varint((field << 3) | LengthWire);
        Varint(message._bytes.Length);
        message._bytes.WriteTo(_bytes);
        return this;
    }

    /// <summary>Adds bytes.</summary>
    public ProtobufWriter Add(int field, byte[] bytes)
    {
        Varint((field << 3) | LengthWire);
        Varint(bytes.Length);
        _bytes.Write(bytes, 0, bytes.Length);
        return this;
    }

    /// <summary>The bytes of the message.</summary>
    public byte[] ToArray() => _bytes.ToArray();

    // Seven bits per byte, the least significant first; the eighth bit says that more follow.
    private void Varint(long value)
    {
        for (; value > 0x7F; value >>= 7) _bytes.WriteByte((byte)(value | 0x80));
        _bytes.WriteByte((byte)value);
    }
}
