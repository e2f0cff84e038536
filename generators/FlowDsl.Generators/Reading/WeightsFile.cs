using Microsoft.CodeAnalysis;

namespace FlowDsl.Generators.Reading;

/// <summary>A file of weights that a model names, by the hash of its bytes: these are read again where the model is compiled.</summary>
/// <param name="Path">Where it is, as the host writes it.</param>
/// <param name="Hash">The hash of its bytes; null where it cannot be opened.</param>
internal sealed record WeightsFile(string Path, ContentHash? Hash)
{
    public static WeightsFile Read(AdditionalText file, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new WeightsFile(file.Path, Open(file.Path, stream => (ContentHash?)ContentHash.Of(stream)));
    }

    /// <summary>Its bytes; null where they are no longer those of the hash.</summary>
    public byte[]? Bytes() => Open(Path, stream =>
    {
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        bytes.Position = 0;
        return ContentHash.Of(bytes) == Hash ? bytes.ToArray() : null;
    });

    // The compiler gives additional files as text: for bytes that are no text it reports an error of its own (CS2015) instead of giving
    // them. The host makes a new AdditionalText of a file that changed, so that what is read here is as fresh as what it gives.
#pragma warning disable RS1035 // Do not use APIs banned for analyzers
    private static T? Open<T>(string path, Func<Stream, T?> read)
    {
        try
        {
            using Stream stream = File.OpenRead(path);
            return read(stream);
        }
        // A stream in memory, which holds less than a file can, refuses what is too long with one of these.
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return default;
        }
    }
#pragma warning restore RS1035
}

/// <summary>The weights of a student, as bytes of a file.</summary>
/// <param name="Student">The student's name.</param>
/// <param name="Bytes">The file's bytes; null where an issue says why there are none.</param>
internal sealed record WeightsContent(string Student, byte[]? Bytes);
