using Microsoft.CodeAnalysis;

namespace FlowDsl.Generators;

/// <summary>A file of weights among the AdditionalFiles.</summary>
/// <param name="Path">Its path, with slashes.</param>
/// <param name="Content">Its bytes; empty where it cannot be opened.</param>
internal sealed record WeightsFile(string Path, EquatableArray<byte> Content)
{
    /// <summary>How the names of files of weights end.</summary>
    public const string Suffix = ".safetensors";

    public static bool IsWeights(AdditionalText file) => file.Path.EndsWith(Suffix, StringComparison.OrdinalIgnoreCase);

    public static WeightsFile Read(AdditionalText file, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new WeightsFile(FilePaths.Normalize(file.Path), new EquatableArray<byte>(Bytes(file.Path)));
    }

    // The compiler gives additional files as text: for bytes that are no text it reports an error of its own (CS2015) instead of giving
    // them. The host makes a new AdditionalText of a file that changed, so that what is read here is as fresh as what it gives.
#pragma warning disable RS1035 // Do not use APIs banned for analyzers
    private static byte[] Bytes(string path)
    {
        try
        {
            return System.IO.File.ReadAllBytes(path);
        }
        catch (Exception exception) when (exception is System.IO.IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
#pragma warning restore RS1035
}
