namespace FlowDsl;

/// <summary>How a network is measured.</summary>
public sealed record NetworkProfileOptions
{
    /// <summary>The number of trajectories, 2 to 1,000,000; 256 by default. The times need few: they depend on cube roots of mean squares, or less.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is out of its range.</exception>
    public int Samples
    {
        get;
        init => field = value is >= 2 and <= 1_000_000
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, $"{nameof(Samples)} must be between 2 and 1000000.");
    } = 256;

    /// <summary>The seed of their starts; 1 by default.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>
    /// Fourth-order steps of a trajectory from one node to the next, an even number from 2 to 64; 2 by default. Half as many carry errors to the end, and
    /// show by their distance how converged the trajectories are.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is out of its range, or odd.</exception>
    public int Substeps
    {
        get;
        init => field = value is >= 2 and <= 64 && value % 2 == 0
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, $"{nameof(Substeps)} must be an even number between 2 and 64.");
    } = 2;

    /// <summary>The maximum number of states that the network gets at a time, at least 1; 4096 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is not positive.</exception>
    public int BatchSize
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, $"{nameof(BatchSize)} must be at least 1.");
    } = 4096;
}
