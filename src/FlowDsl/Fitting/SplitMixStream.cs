using FlowDsl.Mathematics.Numerics;

namespace FlowDsl.Fitting;

/// <summary>
/// The SplitMix64 generator (Steele, Lea and Flood, OOPSLA 2014): integer arithmetic only, so the same numbers on every host.
/// Good enough to choose centres; samples come from a counter-based generator.
/// </summary>
internal struct SplitMixStream
{
    private ulong _state;

    /// <summary>Starts one of many streams of a seed.</summary>
    public SplitMixStream(ulong seed, int stream)
    {
        // Mixed, because streams that start at neighbouring states would be shifted copies of one stream.
        _state = seed;
        _state = Next() ^ (ulong)stream;
        _state = Next();
    }

    public ulong Next() => SplitMix.Mix(unchecked(_state += SplitMix.Increment));

    /// <summary>A uniform number in [0, 1), a multiple of 2^-53.</summary>
    public double NextDouble() => (Next() >> 11) * (1.0 / (1UL << 53));
}
