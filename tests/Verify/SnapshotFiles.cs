using System.Reflection;
using System.Text.RegularExpressions;

namespace VerifyTests;

/// <summary>The verified files of a test project.</summary>
internal static partial class SnapshotFiles
{
    /// <summary>The verified files under a directory that no test of an assembly compares with anything.</summary>
    public static string[] FindOrphans(string directory, Assembly tests)
    {
        ILookup<string, Type> types = tests.GetTypes().ToLookup(type => type.Name, StringComparer.Ordinal);
        return [.. Directory.EnumerateFiles(directory, "*.verified.*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(directory, path))
            .Where(path => !HasTest(Path.GetFileName(path)))
            .Order(StringComparer.Ordinal)];

        bool HasTest(string file)
            => FileName().Match(file) is { Success: true } match
                && types[match.Groups["class"].Value].Any(type => type.GetMethods().Any(method =>
                    method.Name == match.Groups["method"].Value && method.IsDefined(typeof(FactAttribute), inherit: true)));
    }

    // Class.Method_parameters#name.verified.extension
    [GeneratedRegex(@"^(?<class>[^.#]+)\.(?<method>[^.#]+?)(_[^#]*=[^#]*)?(#.+)?\.verified\.[a-z0-9]+$")]
    private static partial Regex FileName();
}
