namespace FlowDsl.Mathematics.Numerics;

/// <summary>Pseudo-random numbers from integer arithmetic: the finaliser of SplitMix64 (Steele, Lea and Flood, 2014).</summary>
internal static class SplitMix
{
    /// <summary>A number strictly between 0 and 1 for a pair of indices.</summary>
    public static double Uniform(int i, int j) => ((Bits(i, j) >> 12) + 0.5) / 4503599627370496.0;

    /// <summary>1 or -1 for a pair of indices.</summary>
    public static double Sign(int i, int j) => (Bits(i, j) >> 63) == 0 ? 1 : -1;

    private static ulong Bits(int i, int j)
    {
        unchecked
        {
            ulong bits = (((ulong)(uint)i << 32) | (uint)j) * 0x9E3779B97F4A7C15UL + 0x9E3779B97F4A7C15UL;
            bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9UL;
            bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EBUL;
            return bits ^ (bits >> 31);
        }
    }
}
