using System.Reflection;

namespace VerifyTests;

/// <summary>Replaces the folders of this machine by their names in braces, and eats the separator behind them.</summary>
internal static class PathScrubber
{
    private static readonly (string Path, string Name)[] s_folders = Folders();

    public static string Scrub(string text) => Scrub(text, s_folders);

    /// <summary>The folders are tried in their order, so that the inner ones come first.</summary>
    public static string Scrub(string text, IEnumerable<(string Path, string Name)> folders)
    {
        foreach ((string path, string name) in folders)
        {
            int at = 0;
            while ((at = text.IndexOf(path, at, StringComparison.Ordinal)) >= 0)
            {
                int end = at + path.Length;
                // A part of a longer name is no folder.
                if ((at > 0 && char.IsLetterOrDigit(text[at - 1])) || (end < text.Length && char.IsLetterOrDigit(text[end])))
                {
                    at++;
                    continue;
                }
                if (end < text.Length && text[end] is '/' or '\\') end++;
                text = string.Concat(text.AsSpan(0, at), name, text.AsSpan(end));
                at += name.Length;
            }
        }
        return text;
    }

    private static (string, string)[] Folders()
    {
        var metadata = typeof(PathScrubber).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().ToDictionary(data => data.Key, data => data.Value!);
        (string Path, string Name)[] all =
        [
            (metadata["Verify.ProjectDirectory"], "{ProjectDirectory}"),
            (metadata["Verify.SolutionDirectory"], "{SolutionDirectory}"),
            (AppContext.BaseDirectory, "{CurrentDirectory}"),
            (Path.GetTempPath(), "{TempPath}"),
            (Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), "{UserProfile}"),
        ];
        return [.. all.Select(folder => (Path.TrimEndingDirectorySeparator(folder.Path), folder.Name))
            .Where(folder => folder.Item1.Length > 1).OrderByDescending(folder => folder.Item1.Length)];
    }
}
