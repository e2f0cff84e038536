namespace VerifyTests;

/// <summary>A text to verify.</summary>
public readonly record struct Target
{
    /// <summary>Makes a target.</summary>
    /// <param name="extension">The extension of its file, without a dot.</param>
    /// <param name="data">The text.</param>
    /// <param name="name">What follows the # in its file's name; null for no #.</param>
    public Target(string extension, string data, string? name = null) => (Extension, Data, Name) = (extension, data, name);

    public string Extension { get; }

    public string? Name { get; }

    internal string Data { get; init; }
}
