namespace FlowDsl.Mathematics.Files;

/// <summary>Recognises a file of the wrong kind by its first bytes.</summary>
internal static class FileSignature
{
    private const string LargeFilePointer = "version https://git-lfs.github.com/spec/";

    private static readonly byte[] s_mark = [0xEF, 0xBB, 0xBF];

    private static readonly (byte[] Start, string Words)[] s_signatures =
    [
        ([.. "PK\x03\x04"u8], "a zip archive, as torch.save and numpy.savez write it"),
        ([0x89, .. "HDF\r\n\x1A\n"u8], "an HDF5 file, as Keras writes it"),
        ([0x93, .. "NUMPY"u8], "an array of NumPy"),
        ([.. "GGUF"u8], "a GGUF file"),
        ([0x1F, 0x8B], "compressed with gzip"),
    ];

    /// <summary>Describes a file's kind; null if its first bytes do not show it.</summary>
    /// <param name="content">The file's bytes, or the first of them.</param>
    public static string? Of(ReadOnlySpan<byte> content)
    {
        foreach ((byte[] signature, string words) in s_signatures)
            if (content.StartsWith(signature)) return words;
        // Protocols 2 to 5 begin with their number; older ones look like other text.
        if (content.Length >= 2 && content[0] == 0x80 && content[1] is >= 2 and <= 5)
            return "a pickle of Python, as joblib writes it and torch.save did before version 1.6";
        if (content.StartsWith(s_mark)) content = content.Slice(s_mark.Length);
        // ASCII, so any text encoding will do.
        string start = string.Concat(content.Slice(0, Math.Min(content.Length, 256)).ToArray().Select(character => (char)character));
        if (OfText(start) is { } pointer) return pointer;
        start = start.TrimStart(' ', '\t', '\r', '\n');
        if (start.StartsWith("{", StringComparison.Ordinal) || start.StartsWith("[", StringComparison.Ordinal)) return "a JSON text";
        return start.StartsWith("<", StringComparison.Ordinal) ? "a page of HTML or XML" : null;
    }

    /// <summary>Describes a text that is a placeholder for a file elsewhere; null if it is not one.</summary>
    /// <param name="text">The text.</param>
    public static string? OfText(string text)
        => text.StartsWith(LargeFilePointer, StringComparison.Ordinal)
            ? "a pointer of Git LFS, which stands for the file until 'git lfs pull' brings it"
            : null;
}
