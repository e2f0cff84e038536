namespace FlowDsl.Examples;

/// <summary>
/// The means of the published runs: twenty points uniform on [-5, 5)^64, a closed function of a seed. Experiments 2 to 4 have those of seed 0,
/// experiment 1 those of its trial's seed.
/// </summary>
/// <remarks>
/// One output of MT19937 (Matsumoto and Nishimura, 1998; the seeding of 2002) is one coordinate, rows first: its lower 24 bits n stand for
/// 5 (n - 2^23)/2^23, rounded to single precision. That is what <c>(2 torch.rand(20, 64) - 1) * 5</c> gives on a CPU after <c>torch.manual_seed</c>.
/// </remarks>
internal static class PublishedMeans
{
    /// <summary>The number of means.</summary>
    public const int Count = 20;

    /// <summary>The number of coordinates of each.</summary>
    public const int Dimension = 64;

    private const int Length = 624, Shift = 397;

    /// <summary>The means of a seed; their values are of single precision.</summary>
    public static double[][] Draw(int seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(seed);
        uint[] state = Seeded((uint)seed);
        int next = Length;
        double[][] means = new double[Count][];
        for (int k = 0; k < Count; k++)
        {
            means[k] = new double[Dimension];
            for (int j = 0; j < Dimension; j++)
            {
                if (next == Length)
                {
                    Twist(state);
                    next = 0;
                }
                int n = (int)(Temper(state[next++]) & 0xFF_FFFF);
                means[k][j] = (float)(5.0 * (n - (1 << 23)) / (1 << 23));
            }
        }
        return means;
    }

    private static uint[] Seeded(uint seed)
    {
        uint[] state = new uint[Length];
        state[0] = seed;
        for (uint i = 1; i < Length; i++) state[i] = 1_812_433_253 * (state[i - 1] ^ (state[i - 1] >> 30)) + i;
        return state;
    }

    private static void Twist(uint[] state)
    {
        for (int i = 0; i < Length; i++)
        {
            uint joined = (state[i] & 0x8000_0000) | (state[(i + 1) % Length] & 0x7FFF_FFFF);
            state[i] = state[(i + Shift) % Length] ^ (joined >> 1) ^ ((joined & 1) == 0 ? 0 : 0x9908_B0DF);
        }
    }

    private static uint Temper(uint word)
    {
        word ^= word >> 11;
        word ^= (word << 7) & 0x9D2C_5680;
        word ^= (word << 15) & 0xEFC6_0000;
        return word ^ (word >> 18);
    }
}
