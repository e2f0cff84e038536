using System.Text;

namespace VerifyTests;

/// <summary>The files of one test's snapshots.</summary>
/// <param name="directory">Where they lie.</param>
/// <param name="prefix">Class.Method.</param>
/// <param name="accepts">Whether what is received is written over what was verified.</param>
internal sealed class SnapshotStore(string directory, string prefix, bool accepts)
{
    /// <summary>The environment variable that accepts every difference.</summary>
    public const string AcceptVariable = "FLOWDSL_ACCEPT_SNAPSHOTS";

    // No byte order mark: it would be a difference that nobody sees.
    private static readonly UTF8Encoding s_utf8 = new(encoderShouldEmitUTF8Identifier: false);

    public static bool AcceptsFromEnvironment()
        => Accepts(Environment.GetEnvironmentVariable(AcceptVariable), Environment.GetEnvironmentVariable("CI"));

    /// <summary>Whether differences are accepted. A build server must not: it would agree with itself whatever the code says.</summary>
    public static bool Accepts(string? accept, string? continuousIntegration)
    {
        if (accept is not "1" and not "true") return false;
        return continuousIntegration is not "true" and not "1"
            ? true
            : throw new InvalidOperationException($"{AcceptVariable} is set where CI is: snapshots are accepted by people, not by a build server.");
    }

    /// <summary>Compares the targets with their files; a file of this test that belongs to no target is a difference too.</summary>
    public void Compare(IEnumerable<Target> targets)
    {
        List<string> differences = [];
        HashSet<string> expected = new(StringComparer.Ordinal);
        foreach (Target target in targets)
        {
            string name = prefix + (target.Name is null ? "" : "#" + target.Name);
            if (!expected.Add($"{name}.verified.{target.Extension}")) throw new InvalidOperationException($"Two targets have the name {name}.");
            if (Difference(name, target) is { } difference) differences.Add(difference);
        }
        foreach (string path in Existing().Where(path => !expected.Contains(Path.GetFileName(path))).Order(StringComparer.Ordinal))
        {
            if (accepts) File.Delete(path);
            else differences.Add($"{Path.GetFileName(path)} is no longer received; delete it.");
        }
        if (differences.Count == 0) return;
        differences.Add($"Set {AcceptVariable}=1 and run the test again to accept what was received, in {directory}");
        throw new SnapshotException(string.Join("\n\n", differences));
    }

    private string? Difference(string name, Target target)
    {
        string verified = Path.Combine(directory, $"{name}.verified.{target.Extension}");
        string received = Path.Combine(directory, $"{name}.received.{target.Extension}");
        string? text = File.Exists(verified) ? File.ReadAllText(verified).Replace("\r\n", "\n", StringComparison.Ordinal) : null;
        if (text == target.Data)
        {
            File.Delete(received);
            return null;
        }
        if (accepts)
        {
            Directory.CreateDirectory(directory);
            File.WriteAllText(verified, target.Data, s_utf8);
            File.Delete(received);
            return null;
        }
        File.WriteAllText(received, target.Data, s_utf8);
        return text is null
            ? $"{Path.GetFileName(verified)} does not exist yet; read {Path.GetFileName(received)}."
            : Describe(Path.GetFileName(verified), text, target.Data);
    }

    /// <summary>The first difference in words, with the line before it.</summary>
    internal static string Describe(string name, string verified, string received)
    {
        string[] left = verified.Split('\n'), right = received.Split('\n');
        int line = 0;
        while (line < left.Length && line < right.Length && left[line] == right[line]) line++;
        string? before = line < left.Length ? left[line] : null, after = line < right.Length ? right[line] : null;
        int column = 0;
        while (column < before?.Length && column < after?.Length && before[column] == after[column]) column++;
        return $"""
            {name} differs at line {line + 1}, column {column + 1} ({left.Length} lines verified, {right.Length} received):
              after:    {(line > 0 ? left[line - 1] : "(start of the text)")}
              verified: {before ?? "(end of the text)"}
              received: {after ?? "(end of the text)"}
            """.Replace("\r\n", "\n", StringComparison.Ordinal);
    }

    private IEnumerable<string> Existing() => !Directory.Exists(directory)
        ? []
        : Directory.EnumerateFiles(directory, prefix + "*.verified.*")
            .Where(path => Path.GetFileName(path)[prefix.Length..] is var rest && (rest[0] == '#' || rest.StartsWith(".verified.", StringComparison.Ordinal)));
}

/// <summary>What was received is not what was verified.</summary>
internal sealed class SnapshotException(string message) : Exception(message);
