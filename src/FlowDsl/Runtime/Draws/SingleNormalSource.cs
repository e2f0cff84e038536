using System.Numerics;
using System.Runtime.InteropServices;

namespace FlowDsl.Runtime.Draws;

/// <summary>
/// Standard normals in single precision, and words to choose components, as pure functions of a seed, a sample's index and a coordinate. They are not
/// rounded numbers of <see cref="NormalSource"/>, but other numbers from the same law.
/// </summary>
/// <remarks>
/// The seed is the key of Philox4x32-10 (see <see cref="Philox"/>); its counter holds the sample's index (64 bits), the index of the block of four
/// coordinates and the stream: 2 for normals, 3 for components in more than two dimensions. Words 0 and 1 of a block are coordinates 0 and 1 of the
/// four by the Box-Muller transform, words 2 and 3 are coordinates 2 and 3. Samples of one or two coordinates do not use word 2 of their only block;
/// it chooses their component. A uniform has 32 bits, so radii go from 2^-16 to sqrt(2 log 2^33) = 6.764; a pair of normals lies beyond with
/// probability 1.2e-10. Double precision reaches 8.6. The normals' errors are those of the functions of <see cref="BoxMuller"/>: below 2.5e-7 radii.
/// Lanes of a vector are consecutive samples.
/// </remarks>
internal static class SingleNormalSource
{
    private const uint NormalStream = 2, ComponentStream = 3;

    /// <summary>Normals and component words of consecutive samples, by coordinate.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="firstIndex">The index of the first sample.</param>
    /// <param name="d">The number of coordinates.</param>
    /// <param name="rows">Receives d rows of <paramref name="stride"/> values; if the number of rows is odd, one more row is overwritten.</param>
    /// <param name="stride">The number of samples, a multiple of the vector's length.</param>
    /// <param name="words">Receives a 32-bit word for each sample, independent of its normals; may be empty.</param>
    internal static void FillRows(ulong seed, long firstIndex, int d, Span<float> rows, int stride, Span<uint> words)
    {
        int pairs = (d + 1) / 2;
        ArgumentOutOfRangeException.ThrowIfNotEqual(stride % Vector<float>.Count, 0);
        rows = rows[..(2 * pairs * stride)];
        if (!words.IsEmpty) words = words[..stride];
        // Words first, in place of the normals: in one loop each vector would wait for the long dependency chains of the previous one.
        FillWords(seed, firstIndex, pairs, MemoryMarshal.Cast<float, uint>(rows), stride, words);
        for (int pair = 0; pair < pairs; pair++) ToNormals(rows.Slice(2 * pair * stride, stride), rows.Slice((2 * pair + 1) * stride, stride));
    }

    private static void FillWords(ulong seed, long firstIndex, int pairs, Span<uint> rows, int stride, Span<uint> words)
    {
        Span<Vector<ulong>> schedule = stackalloc Vector<ulong>[Philox.KeyCount];
        Philox.Keys(seed, schedule);
        ref Vector<ulong> keys = ref MemoryMarshal.GetReference(schedule);
        ref uint component = ref MemoryMarshal.GetReference(words);
        nuint length = (nuint)stride;
        Vector<ulong> start = new Vector<ulong>((ulong)firstIndex) + Vector<ulong>.Indices + Vector<ulong>.Indices, step = new((ulong)Vector<uint>.Count);
        for (int pair = 0; pair < pairs; pair += 2)
        {
            ref uint row = ref rows[2 * pair * stride];
            Vector<ulong> even = start;
            for (nuint i = 0; i < length; i += (nuint)Vector<uint>.Count, even += step)
            {
                Philox.Block(even, (uint)pair / 2, NormalStream, ref keys, out Vector<uint> word0, out Vector<uint> word1, out Vector<uint> word2,
                    out Vector<uint> word3);
                word0.StoreUnsafe(ref row, i);
                word1.StoreUnsafe(ref row, length + i);
                if (pair + 1 < pairs)
                {
                    word2.StoreUnsafe(ref row, 2 * length + i);
                    word3.StoreUnsafe(ref row, 3 * length + i);
                }
                else if (pairs == 1 && !words.IsEmpty)
                {
                    word2.StoreUnsafe(ref component, i);
                }
            }
        }
        if (pairs == 1 || words.IsEmpty) return;
        for (nuint i = 0; i < length; i += (nuint)Vector<uint>.Count, start += step)
        {
            Philox.Block(start, 0, ComponentStream, ref keys, out Vector<uint> word0, out _, out _, out _);
            word0.StoreUnsafe(ref component, i);
        }
    }

    // Words of radii and of angles become normals.
    private static void ToNormals(Span<float> first, Span<float> second)
    {
        ref float radii = ref MemoryMarshal.GetReference(first), angles = ref MemoryMarshal.GetReference(second);
        for (nuint i = 0; i < (nuint)first.Length; i += (nuint)Vector<float>.Count)
        {
            Vector<float> radius = Vector.SquareRoot(BoxMuller.MinusTwoLog(Vector.AsVectorUInt32(Vector.LoadUnsafe(ref radii, i))));
            BoxMuller.SinCos(Vector.AsVectorUInt32(Vector.LoadUnsafe(ref angles, i)), out Vector<float> sin, out Vector<float> cos);
            (radius * cos).StoreUnsafe(ref radii, i);
            (radius * sin).StoreUnsafe(ref angles, i);
        }
    }
}
