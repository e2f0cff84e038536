using System.Runtime.CompilerServices;

namespace VerifyXunit;

/// <summary>
/// Compares text with the file that was verified by a reader, by Verify's conventions: <c>Type.Method#name.verified.cs</c>
/// beside the test, <c>.received.cs</c> where they differ. As much of Verify's API as the tests use, with its signatures.
/// </summary>
public static class Verifier
{
    /// <summary>Verifies one text.</summary>
    public static Task Verify(string target, VerifySettings? settings = null, [CallerFilePath] string sourceFile = "")
        => Verify(target, "txt", settings, sourceFile);

    /// <summary>Verifies one text whose file has an extension of its own.</summary>
    public static Task Verify(string target, string extension, VerifySettings? settings = null, [CallerFilePath] string sourceFile = "")
        => Verify([new Target(extension, target)], settings, sourceFile);

    /// <summary>Verifies several texts; each has a file of its own.</summary>
    public static Task Verify(IEnumerable<Target> targets, VerifySettings? settings = null, [CallerFilePath] string sourceFile = "")
    {
        settings ??= new VerifySettings();
        string directory = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(sourceFile)!, settings.Directory ?? ""));
        new SnapshotStore(directory, SnapshotName.Of(RunningTestAttribute.Method, settings), SnapshotStore.AcceptsFromEnvironment()).Compare(
            targets.Select(target => target with { Data = settings.Scrub(target.Data) }));
        return Task.CompletedTask;
    }
}
