using System.Security.Cryptography;
using Microsoft.CodeAnalysis.Text;

namespace FlowDsl.Generators.Reading;

/// <summary>128 bits that stand for the content of a file wherever two of them are compared.</summary>
/// <param name="High">The first half.</param>
/// <param name="Low">The second half.</param>
internal readonly record struct ContentHash(ulong High, ulong Low)
{
    /// <summary>The hash of a text, which the text remembers; two texts of other encodings can have the same.</summary>
    public static ContentHash Of(SourceText text) => Of([.. text.GetContentHash()]);

    /// <summary>The hash of what is left of a stream.</summary>
    public static ContentHash Of(Stream stream)
    {
        using var function = SHA256.Create();
        return Of(function.ComputeHash(stream));
    }

    private static ContentHash Of(byte[] bytes) => new(BitConverter.ToUInt64(bytes, 0), BitConverter.ToUInt64(bytes, 8));
}
