namespace FlowDsl.Generators;

/// <summary>The paths of AdditionalFiles, with slashes, and the names by which attributes mean them.</summary>
internal static class FilePaths
{
    public static string Normalize(string path) => path.Replace('\\', '/');

    /// <summary>The name of a file, without its folders.</summary>
    public static string NameOf(string path) => path.Substring(path.LastIndexOf('/') + 1);

    /// <summary>Whether a model that writes this name means this file: its name, or the end of its path.</summary>
    public static bool IsNamed(string path, string name) => path == name || path.EndsWith("/" + name, StringComparison.Ordinal);

    /// <summary>Files by path, each path once.</summary>
    public static EquatableArray<T> Sort<T>(IEnumerable<T> files, Func<T, string> path)
        where T : IEquatable<T>
        => new(files.GroupBy(path).Select(same => same.First()).OrderBy(path, StringComparer.Ordinal).ToArray());
}
