using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FlowDsl.Runtime.Draws;

/// <summary>
/// Philox4x32-10: 128 random bits as a pure function of a 128-bit counter and a 64-bit key, so any part of a stream can be computed without the parts
/// before it.
/// </summary>
/// <remarks>
/// Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC'11 (2011): ten rounds, each of two
/// 32×32-bit products whose halves are exchanged and mixed with the key; the key grows by a constant from round to round.
/// </remarks>
internal static class Philox
{
    /// <summary>The number of round keys, two per round.</summary>
    internal const int KeyCount = 2 * Rounds;

    private const int Rounds = 10;
    private const uint Multiplier0 = 0xD2511F53, Multiplier1 = 0xCD9E8D57;

    // The golden ratio and sqrt(3) - 1, as fractions of 2^32.
    private const uint KeyStep0 = 0x9E3779B9, KeyStep1 = 0xBB67AE85;

    /// <summary>The four words of one counter.</summary>
    /// <param name="counter0">Word 0 of the counter.</param>
    /// <param name="counter1">Word 1 of the counter.</param>
    /// <param name="counter2">Word 2 of the counter.</param>
    /// <param name="counter3">Word 3 of the counter.</param>
    /// <param name="key">The key: word 0 is its lower half.</param>
    internal static (uint Word0, uint Word1, uint Word2, uint Word3) Block(uint counter0, uint counter1, uint counter2, uint counter3, ulong key)
    {
        uint key0 = (uint)key, key1 = (uint)(key >> 32);
        for (int round = 0; round < Rounds; round++)
        {
            ulong product0 = (ulong)Multiplier0 * counter0, product1 = (ulong)Multiplier1 * counter2;
            counter0 = (uint)(product1 >> 32) ^ counter1 ^ key0;
            counter2 = (uint)(product0 >> 32) ^ counter3 ^ key1;
            counter1 = (uint)product1;
            counter3 = (uint)product0;
            key0 += KeyStep0;
            key1 += KeyStep1;
        }
        return (counter0, counter1, counter2, counter3);
    }

    /// <summary>The four words of many counters, one per 64-bit lane; the upper half of each lane is zero throughout.</summary>
    /// <param name="index">Words 0 and 1 of the counters.</param>
    /// <param name="counter2">Word 2 of the counters.</param>
    /// <param name="counter3">Word 3 of the counters.</param>
    /// <param name="key">The key: word 0 is its lower half.</param>
    /// <param name="word0">Receives word 0 of the results.</param>
    /// <param name="word1">Receives word 1.</param>
    /// <param name="word2">Receives word 2.</param>
    /// <param name="word3">Receives word 3.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Block(
        Vector<ulong> index, uint counter2, uint counter3, ulong key,
        out Vector<ulong> word0, out Vector<ulong> word1, out Vector<ulong> word2, out Vector<ulong> word3)
    {
        Vector<ulong> low = new(uint.MaxValue);
        (word0, word1, word2, word3) = (index & low, index >> 32, new Vector<ulong>(counter2), new Vector<ulong>(counter3));
        uint key0 = (uint)key, key1 = (uint)(key >> 32);
        for (int round = 0; round < Rounds; round++)
        {
            Vector<ulong> product0 = Product(word0, Multiplier0), product1 = Product(word2, Multiplier1);
            word0 = (product1 >> 32) ^ word1 ^ new Vector<ulong>(key0);
            word2 = (product0 >> 32) ^ word3 ^ new Vector<ulong>(key1);
            word1 = product1 & low;
            word3 = product0 & low;
            key0 += KeyStep0;
            key1 += KeyStep1;
        }
    }

    /// <summary>The keys of all rounds, for blocks of consecutive samples.</summary>
    /// <param name="key">The key: word 0 is its lower half.</param>
    /// <param name="keys">Receives <see cref="KeyCount"/> vectors.</param>
    internal static void Keys(ulong key, Span<Vector<ulong>> keys)
    {
        uint key0 = (uint)key, key1 = (uint)(key >> 32);
        for (int i = 0; i < KeyCount; i += 2)
        {
            (keys[i], keys[i + 1]) = (new Vector<ulong>(key0), new Vector<ulong>(key1));
            key0 += KeyStep0;
            key1 += KeyStep1;
        }
    }

    /// <summary>The four words for consecutive samples, one per 32-bit lane of a vector.</summary>
    /// <remarks>
    /// Samples in even and odd lanes go through the rounds in separate vectors of 64-bit lanes. The upper halves stay as the products leave them: no
    /// product reads them, and nothing moves between lanes before the end.
    /// </remarks>
    /// <param name="even">Words 0 and 1 of the counters of samples 0, 2, 4, ....</param>
    /// <param name="counter2">Word 2 of the counters.</param>
    /// <param name="counter3">Word 3 of the counters.</param>
    /// <param name="keys">The result of <see cref="Keys"/>.</param>
    /// <param name="word0">Receives word 0 of the results.</param>
    /// <param name="word1">Receives word 1.</param>
    /// <param name="word2">Receives word 2.</param>
    /// <param name="word3">Receives word 3.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Block(
        Vector<ulong> even, uint counter2, uint counter3, ref Vector<ulong> keys,
        out Vector<uint> word0, out Vector<uint> word1, out Vector<uint> word2, out Vector<uint> word3)
    {
        Vector<ulong> odd = even + Vector<ulong>.One;
        (Vector<ulong> even0, Vector<ulong> even1, Vector<ulong> even2, Vector<ulong> even3) = (even, even >> 32, new(counter2), new(counter3));
        (Vector<ulong> odd0, Vector<ulong> odd1, Vector<ulong> odd2, Vector<ulong> odd3) = (odd, odd >> 32, new(counter2), new(counter3));
        // Two rounds per iteration, or results would have to be moved to where they are read.
        for (nuint i = 0; i < KeyCount; i += 4)
        {
            Vector<ulong> key0 = Unsafe.Add(ref keys, i), key1 = Unsafe.Add(ref keys, i + 1), key2 = Unsafe.Add(ref keys, i + 2),
                key3 = Unsafe.Add(ref keys, i + 3);
            Round(even0, even1, even2, even3, key0, key1, out Vector<ulong> e0, out Vector<ulong> e1, out Vector<ulong> e2, out Vector<ulong> e3);
            Round(odd0, odd1, odd2, odd3, key0, key1, out Vector<ulong> o0, out Vector<ulong> o1, out Vector<ulong> o2, out Vector<ulong> o3);
            Round(e0, e1, e2, e3, key2, key3, out even0, out even1, out even2, out even3);
            Round(o0, o1, o2, o3, key2, key3, out odd0, out odd1, out odd2, out odd3);
        }
        word0 = Interleave(even0, odd0);
        word1 = Interleave(even1, odd1);
        word2 = Interleave(even2, odd2);
        word3 = Interleave(even3, odd3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Round(
        Vector<ulong> word0, Vector<ulong> word1, Vector<ulong> word2, Vector<ulong> word3, Vector<ulong> key0, Vector<ulong> key1,
        out Vector<ulong> next0, out Vector<ulong> next1, out Vector<ulong> next2, out Vector<ulong> next3)
    {
        next1 = LowProduct(word2, Multiplier1);
        next3 = LowProduct(word0, Multiplier0);
        next0 = (next1 >> 32) ^ (word1 ^ key0);
        next2 = (next3 >> 32) ^ (word3 ^ key1);
    }

    // In 32-bit lanes: the lower halves of both, interleaved.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<uint> Interleave(Vector<ulong> even, Vector<ulong> odd)
        => Vector.AsVectorUInt32((even & new Vector<ulong>(uint.MaxValue)) | (odd << 32));

    // The full product of the lower half with a multiplier, whatever the upper half is.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<ulong> LowProduct(Vector<ulong> word, uint multiplier)
    {
        bool ignoresUpperHalf = (Avx2.IsSupported && Vector<ulong>.Count == Vector256<ulong>.Count)
            || (Sse2.IsSupported && Vector<ulong>.Count == Vector128<ulong>.Count);
        return Product(ignoresUpperHalf ? word : word & new Vector<ulong>(uint.MaxValue), multiplier);
    }

    // The full product of two 32-bit halves. x86 has an instruction for it; the portable product of 64-bit lanes takes three times as long.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<ulong> Product(Vector<ulong> word, uint multiplier)
    {
        if (Avx2.IsSupported && Vector<ulong>.Count == Vector256<ulong>.Count)
            return Avx2.Multiply(word.AsVector256().AsUInt32(), Vector256.Create(multiplier)).AsVector();
        if (Sse2.IsSupported && Vector<ulong>.Count == Vector128<ulong>.Count)
            return Sse2.Multiply(word.AsVector128().AsUInt32(), Vector128.Create(multiplier)).AsVector();
        return word * new Vector<ulong>(multiplier);
    }
}
