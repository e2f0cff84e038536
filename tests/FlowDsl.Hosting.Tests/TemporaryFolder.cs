namespace FlowDsl.Tests;

/// <summary>A folder that is gone after the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("flowdsl-hosting-").FullName;

    /// <summary>The names of the files in it.</summary>
    public string[] Files => [.. Directory.EnumerateFileSystemEntries(_path).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    public string this[string name] => Path.Combine(_path, name);

    public void Dispose() => Directory.Delete(_path, recursive: true);
}
