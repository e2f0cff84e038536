using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FlowDsl;

/// <summary>
/// Standard normals in single precision, and words to choose components with, that are pure functions of a seed, the number of a
/// sample and a coordinate. Not rounded numbers of <see cref="NormalSource"/>: other numbers of the same law.
/// </summary>
/// <remarks>
/// The seed is the key of Philox4x32-10 (see <see cref="Philox"/>); its counter holds the sample's number (64 bits), the number of the block of
/// four coordinates and the stream: 2 for normals, 3 for components in more than two dimensions. Words 0 and 1 of a block are coordinates
/// 0 and 1 of the four by Box and Muller's transform, words 2 and 3 are coordinates 2 and 3. Samples of one or two coordinates
/// leave word 2 of their only block, which chooses their component.
/// A uniform is 32 bits: radii go from 1.5e-5 to sqrt(2 log 2^33) = 6.77, beyond which lies a pair of normals with probability 1.2e-10,
/// and no normal is 0 but by the other's greatness. The normals have the relative errors of <see cref="BoxMuller"/>'s functions.
/// Lanes of a vector are consecutive samples.
/// </remarks>
internal static class SingleNormalSource
{
    private const uint NormalStream = 2, ComponentStream = 3;

    /// <summary>Normals and component words of consecutive samples, by coordinate.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="firstIndex">The number of the first sample.</param>
    /// <param name="d">The number of coordinates.</param>
    /// <param name="rows">Takes d rows of <paramref name="stride"/> values.</param>
    /// <param name="stride">The number of samples, a multiple of the vector's length.</param>
    /// <param name="words">Takes a word of 32 bits for each sample, independent of its normals; none where it is empty.</param>
    internal static void FillRows(ulong seed, long firstIndex, int d, Span<float> rows, int stride, Span<uint> words)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(stride % Vector<float>.Count, 0);
        ArgumentOutOfRangeException.ThrowIfLessThan(rows.Length, d * stride);
        if (!words.IsEmpty) ArgumentOutOfRangeException.ThrowIfLessThan(words.Length, stride);
        Span<Vector<ulong>> schedule = stackalloc Vector<ulong>[Philox.KeyCount];
        Philox.Keys(seed, schedule);
        ref Vector<ulong> keys = ref MemoryMarshal.GetReference(schedule);
        ref float row = ref MemoryMarshal.GetReference(rows);
        ref uint word = ref MemoryMarshal.GetReference(words);
        Vector<ulong> even = new Vector<ulong>((ulong)firstIndex) + Vector<ulong>.Indices * 2, step = new((ulong)Vector<float>.Count);
        if (d <= 2)
        {
            for (nuint i = 0; i < (nuint)stride; i += (nuint)Vector<float>.Count, even += step)
            {
                Philox.Block(even, 0, NormalStream, ref keys, out Vector<uint> word0, out Vector<uint> word1, out Vector<uint> word2, out _);
                Normals(word0, word1, out Vector<float> first, out Vector<float> second);
                first.StoreUnsafe(ref row, i);
                if (d == 2) second.StoreUnsafe(ref row, (nuint)stride + i);
                if (!words.IsEmpty) word2.StoreUnsafe(ref word, i);
            }
            return;
        }
        for (nuint i = 0; i < (nuint)stride; i += (nuint)Vector<float>.Count, even += step)
        {
            for (int j = 0; j < d; j += 4)
            {
                Philox.Block(even, (uint)(j / 4), NormalStream, ref keys, out Vector<uint> word0, out Vector<uint> word1, out Vector<uint> word2, out Vector<uint> word3);
                nuint at = (nuint)j * (nuint)stride + i;
                Normals(word0, word1, out Vector<float> first, out Vector<float> second);
                first.StoreUnsafe(ref row, at);
                if (j + 1 < d) second.StoreUnsafe(ref row, at + (nuint)stride);
                if (j + 2 >= d) continue;
                Normals(word2, word3, out first, out second);
                first.StoreUnsafe(ref row, at + 2 * (nuint)stride);
                if (j + 3 < d) second.StoreUnsafe(ref row, at + 3 * (nuint)stride);
            }
            if (words.IsEmpty) continue;
            Philox.Block(even, 0, ComponentStream, ref keys, out Vector<uint> component, out _, out _, out _);
            component.StoreUnsafe(ref word, i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Normals(Vector<uint> radiusWord, Vector<uint> angleWord, out Vector<float> first, out Vector<float> second)
    {
        Vector<float> radius = Vector.SquareRoot(BoxMuller.MinusTwoLog(radiusWord));
        BoxMuller.SinCos(angleWord, out Vector<float> sin, out Vector<float> cos);
        first = radius * cos;
        second = radius * sin;
    }
}
