namespace VerifyTests;

/// <summary>What a test says about its snapshots.</summary>
public sealed class VerifySettings
{
    private readonly List<Func<string, string?>> _scrubbers = [];

    internal string? Directory { get; private set; }

    internal string? TypeName { get; private set; }

    internal string? MethodName { get; private set; }

    internal object?[]? Parameters { get; private set; }

    /// <summary>Puts the files into another directory, relative to the test's own.</summary>
    public void UseDirectory(string directory) => Directory = directory;

    /// <summary>Names the files after another type.</summary>
    public void UseTypeName(string name) => TypeName = name;

    /// <summary>Names the files after another method: needed where a helper calls the verifier for a test.</summary>
    public void UseMethodName(string name) => MethodName = name;

    /// <summary>The arguments of a theory, each case of which has files of its own.</summary>
    public void UseParameters(params object?[] parameters) => Parameters = parameters;

    /// <summary>Replaces each line before it is compared; null removes it.</summary>
    public void ScrubLinesWithReplace(Func<string, string?> replaceLine) => _scrubbers.Add(replaceLine);

    internal string Scrub(string text)
    {
        text = text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
        foreach (Func<string, string?> scrubber in _scrubbers)
            text = string.Join('\n', text.Split('\n').Select(scrubber).Where(line => line is not null));
        return PathScrubber.Scrub(text);
    }
}
