namespace FlowDsl.Hosting.Output;

/// <summary>What a command tells the shell.</summary>
internal static class ExitCodes
{
    /// <summary>It did what it was asked.</summary>
    public const int Done = 0;

    /// <summary>It could not.</summary>
    public const int Failed = 1;

    /// <summary>It was asked for something that there is not.</summary>
    public const int BadUsage = 2;

    /// <summary>Somebody stopped it: 128 and the number of SIGINT, as shells count.</summary>
    public const int Cancelled = 130;
}
