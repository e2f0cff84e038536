using System.Reflection;
using System.Text.RegularExpressions;

namespace VerifyTests;

/// <summary>The verified files of a test project.</summary>
internal static partial class SnapshotFiles
{
    /// <summary>The verified files under a directory that no test of an assembly compares with anything.</summary>
    public static string[] FindOrphans(string directory, Assembly tests)
    {
        string[] names = [.. tests.GetTypes().SelectMany(type => type.GetMethods(), (type, method) => (Type: type, Method: method))
            .Where(test => test.Method.IsDefined(typeof(FactAttribute), inherit: true))
            .Select(test => $"{(test.Type.IsNested ? test.Type.DeclaringType!.Name + "." : "")}{test.Type.Name}.{test.Method.Name}")];
        return [.. Directory.EnumerateFiles(directory, "*.verified.*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(directory, path))
            .Where(path => !HasTest(Path.GetFileName(path)))
            .Order(StringComparer.Ordinal)];

        bool HasTest(string file)
            => FileName().Match(file) is { Success: true } match
                && names.Any(name => match.Groups["test"].Value is var test
                    && (test == name || (test.StartsWith(name + "_", StringComparison.Ordinal) && test.Contains('='))));
    }

    // Type.Method_parameter=value#name.verified.extension
    [GeneratedRegex(@"^(?<test>[^#=]+?(_[^#=]+=[^#]*)?)(#.+)?\.verified\.[a-z0-9]+$")]
    private static partial Regex FileName();
}
