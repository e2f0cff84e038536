namespace FlowDsl.Fitting;

/// <summary>
/// The SplitMix64 generator (Steele, Lea and Flood, OOPSLA 2014): integer arithmetic only, so the same numbers on every host.
/// Good enough to choose centres; samples come from a counter-based generator.
/// </summary>
internal struct SplitMix64
{
    private ulong _state;

    /// <summary>Starts one of many streams of a seed.</summary>
    public SplitMix64(ulong seed, int stream)
    {
        // Mixed, because streams that start at neighbouring states would be shifted copies of one stream.
        _state = seed;
        _state = Next() ^ (ulong)stream;
        _state = Next();
    }

    public ulong Next()
    {
        unchecked
        {
            ulong z = _state += 0x9E3779B97F4A7C15;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }
    }

    /// <summary>A uniform number in [0, 1), a multiple of 2^-53.</summary>
    public double NextDouble() => (Next() >> 11) * (1.0 / (1UL << 53));
}
