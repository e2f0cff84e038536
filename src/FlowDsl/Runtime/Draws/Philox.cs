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
    /// <summary>The number of vectors of <see cref="Constants"/>.</summary>
    internal const int ConstantCount = 2 * Rounds - 1;

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

    /// <summary>
    /// What the rounds add to the words of counters that differ in word 0 only: the keys, and in the first three rounds what these make of the words
    /// that all the counters have in common. Two of the first six products are the same for all.
    /// </summary>
    /// <param name="key">The key: word 0 is its lower half.</param>
    /// <param name="counter1">Word 1 of the counters.</param>
    /// <param name="counter2">Word 2 of the counters.</param>
    /// <param name="counter3">Word 3 of the counters.</param>
    /// <param name="constants">Receives <see cref="ConstantCount"/> vectors.</param>
    internal static void Constants(ulong key, uint counter1, uint counter2, uint counter3, Span<Vector<ulong>> constants)
    {
        uint key0 = (uint)key, key1 = (uint)(key >> 32);
        ulong product1 = (ulong)Multiplier1 * counter2;
        uint word0 = (uint)(product1 >> 32) ^ counter1 ^ key0;
        ulong product0 = (ulong)Multiplier0 * word0;
        constants[0] = new(counter3 ^ key1);
        constants[1] = new((uint)product1 ^ (key0 += KeyStep0));
        constants[2] = new((uint)(product0 >> 32) ^ (key1 += KeyStep1));
        constants[3] = new(key0 += KeyStep0);
        constants[4] = new((uint)product0 ^ (key1 += KeyStep1));
        for (int i = 5; i < ConstantCount; i += 2) (constants[i], constants[i + 1]) = (new(key0 += KeyStep0), new(key1 += KeyStep1));
    }

    /// <summary>Word 0 of counters times the first round's multiplier: the products of consecutive counters differ by that of 1.</summary>
    /// <param name="counter0">The words, in the lower halves of lanes; what is above them does not matter.</param>
    internal static Vector<ulong> FirstProduct(Vector<ulong> counter0) => LowProduct(counter0, Multiplier0);

    /// <summary>The four words for consecutive samples, whose counters differ in word 0 only.</summary>
    /// <remarks>
    /// Samples in even and odd lanes of 32 bits go through the rounds in separate vectors of 64-bit lanes: nothing moves between lanes before
    /// <see cref="Interleave"/>. The upper halves stay as the products leave them, because no product reads them.
    /// </remarks>
    /// <param name="evenProduct">The <see cref="FirstProduct"/> of samples 0, 2, 4, ....</param>
    /// <param name="oddProduct">That of samples 1, 3, 5, ....</param>
    /// <param name="constants">The result of <see cref="Constants"/>.</param>
    /// <param name="even">Receives the results of samples 0, 2, 4, ....</param>
    /// <param name="odd">Receives those of samples 1, 3, 5, ....</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Block(Vector<ulong> evenProduct, Vector<ulong> oddProduct, ref Vector<ulong> constants, out Words even, out Words odd)
    {
        even = Words.ThreeRounds(evenProduct, ref constants);
        odd = Words.ThreeRounds(oddProduct, ref constants);
        // Written out: a loop would spend a third of its instructions on addresses and copies.
        even = even.Round(Unsafe.Add(ref constants, 5), Unsafe.Add(ref constants, 6));
        odd = odd.Round(Unsafe.Add(ref constants, 5), Unsafe.Add(ref constants, 6));
        even = even.Round(Unsafe.Add(ref constants, 7), Unsafe.Add(ref constants, 8));
        odd = odd.Round(Unsafe.Add(ref constants, 7), Unsafe.Add(ref constants, 8));
        even = even.Round(Unsafe.Add(ref constants, 9), Unsafe.Add(ref constants, 10));
        odd = odd.Round(Unsafe.Add(ref constants, 9), Unsafe.Add(ref constants, 10));
        even = even.Round(Unsafe.Add(ref constants, 11), Unsafe.Add(ref constants, 12));
        odd = odd.Round(Unsafe.Add(ref constants, 11), Unsafe.Add(ref constants, 12));
        even = even.Round(Unsafe.Add(ref constants, 13), Unsafe.Add(ref constants, 14));
        odd = odd.Round(Unsafe.Add(ref constants, 13), Unsafe.Add(ref constants, 14));
        even = even.Round(Unsafe.Add(ref constants, 15), Unsafe.Add(ref constants, 16));
        odd = odd.Round(Unsafe.Add(ref constants, 15), Unsafe.Add(ref constants, 16));
        even = even.Round(Unsafe.Add(ref constants, 17), Unsafe.Add(ref constants, 18));
        odd = odd.Round(Unsafe.Add(ref constants, 17), Unsafe.Add(ref constants, 18));
    }

    /// <summary>The words of all samples in order, from those of every other one.</summary>
    /// <param name="even">The words of samples 0, 2, 4, ..., in the lower halves.</param>
    /// <param name="odd">Those of samples 1, 3, 5, ....</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector<uint> Interleave(Vector<ulong> even, Vector<ulong> odd)
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

    /// <summary>The four words of many samples, in the lower halves of 64-bit lanes.</summary>
    internal readonly struct Words(Vector<ulong> word0, Vector<ulong> word1, Vector<ulong> word2, Vector<ulong> word3)
    {
        public readonly Vector<ulong> Word0 = word0, Word1 = word1, Word2 = word2, Word3 = word3;

        /// <summary>The first three rounds.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Words ThreeRounds(Vector<ulong> product, ref Vector<ulong> constants)
        {
            Vector<ulong> first1 = LowProduct((product >> 32) ^ constants, Multiplier1);
            Vector<ulong> second0 = (first1 >> 32) ^ Unsafe.Add(ref constants, 1), second2 = product ^ Unsafe.Add(ref constants, 2);
            Vector<ulong> third1 = LowProduct(second2, Multiplier1), third3 = LowProduct(second0, Multiplier0);
            return new((third1 >> 32) ^ (first1 ^ Unsafe.Add(ref constants, 3)), third1, (third3 >> 32) ^ Unsafe.Add(ref constants, 4), third3);
        }

        /// <summary>One more round.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Words Round(Vector<ulong> key0, Vector<ulong> key1)
        {
            Vector<ulong> next1 = LowProduct(Word2, Multiplier1), next3 = LowProduct(Word0, Multiplier0);
            return new((next1 >> 32) ^ (Word1 ^ key0), next1, (next3 >> 32) ^ (Word3 ^ key1), next3);
        }
    }
}
