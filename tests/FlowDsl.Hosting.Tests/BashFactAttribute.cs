namespace FlowDsl.Tests;

/// <summary>Skipped where there is no bash.</summary>
internal sealed class BashFactAttribute : FactAttribute
{
    public BashFactAttribute() => Skip = Missing;

    /// <summary>Why such a test cannot run; null where it can.</summary>
    public static string? Missing { get; } = File.Exists("/bin/bash") || File.Exists("/usr/bin/bash") ? null : "Needs bash.";
}

/// <summary>Skipped where there is no bash.</summary>
internal sealed class BashTheoryAttribute : TheoryAttribute
{
    public BashTheoryAttribute() => Skip = BashFactAttribute.Missing;
}
