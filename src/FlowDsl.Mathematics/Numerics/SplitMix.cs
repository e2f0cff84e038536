namespace FlowDsl.Mathematics.Numerics;

/// <summary>Pseudo-random numbers from integer arithmetic: the finaliser of SplitMix64 (Steele, Lea and Flood, 2014).</summary>
internal static class SplitMix
{
    /// <summary>By how much the state of the generator grows from number to number: 2^64 over the golden ratio, made odd.</summary>
    public const ulong Increment = 0x9E3779B97F4A7C15UL;

    /// <summary>A number strictly between 0 and 1 for a pair of indices.</summary>
    public static double Uniform(int i, int j) => ((Bits(i, j) >> 12) + 0.5) / 4503599627370496.0;

    /// <summary>1 or -1 for a pair of indices.</summary>
    public static double Sign(int i, int j) => (Bits(i, j) >> 63) == 0 ? 1 : -1;

    /// <summary>The finaliser: mixes all bits of a state into all bits of the result.</summary>
    /// <param name="state">The state.</param>
    public static ulong Mix(ulong state)
    {
        unchecked
        {
            state = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9UL;
            state = (state ^ (state >> 27)) * 0x94D049BB133111EBUL;
            return state ^ (state >> 31);
        }
    }

    private static ulong Bits(int i, int j) => Mix(unchecked((((ulong)(uint)i << 32) | (uint)j) * Increment + Increment));
}
