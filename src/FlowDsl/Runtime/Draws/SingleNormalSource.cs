using System.Numerics;
using System.Runtime.CompilerServices;
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
        ref uint component = ref MemoryMarshal.GetReference(words);
        if (words.IsEmpty) component = ref Unsafe.NullRef<uint>();
        ref uint none = ref Unsafe.NullRef<uint>();
        for (int pair = 0; pair < pairs; pair += 2)
        {
            ref uint row = ref rows[2 * pair * stride];
            bool isLast = pair + 1 == pairs;
            FillBlock(
                seed, firstIndex, (uint)pair / 2, NormalStream, stride, ref row, ref Unsafe.Add(ref row, stride),
                ref isLast ? ref pairs == 1 ? ref component : ref none : ref Unsafe.Add(ref row, 2 * stride),
                ref isLast ? ref none : ref Unsafe.Add(ref row, 3 * stride));
        }
        if (pairs > 1 && !words.IsEmpty) FillBlock(seed, firstIndex, 0, ComponentStream, stride, ref component, ref none, ref none, ref none);
    }

    /// <summary>The words of one block of consecutive samples: as many of the four as there are places for them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FillBlock(
        ulong seed, long firstIndex, uint block, uint stream, int count, ref uint word0, ref uint word1, ref uint word2, ref uint word3)
    {
        Vector<ulong> even = new Vector<ulong>((ulong)firstIndex) + Vector<ulong>.Indices + Vector<ulong>.Indices, step = new((ulong)Vector<uint>.Count);
        nuint length = (nuint)count;
        if ((uint)firstIndex > uint.MaxValue - (uint)count)
        {
            // Counters that differ in their upper words too: a block in four billion samples.
            for (nuint i = 0; i < length; i += (nuint)Vector<uint>.Count, even += step)
            {
                Store(i, ref word0, ref word1, ref word2, ref word3, Words(even), Words(even + Vector<ulong>.One));
            }
            return;
        }
        Span<Vector<ulong>> schedule = stackalloc Vector<ulong>[Philox.ConstantCount];
        Philox.Constants(seed, (uint)(firstIndex >> 32), block, stream, schedule);
        ref Vector<ulong> constants = ref MemoryMarshal.GetReference(schedule);
        (Vector<ulong> product, Vector<ulong> next) = (Philox.FirstProduct(even), Philox.FirstProduct(Vector<ulong>.One));
        step = Philox.FirstProduct(step);
        for (nuint i = 0; i < length; i += (nuint)Vector<uint>.Count, product += step)
        {
            Philox.Block(product, product + next, ref constants, out Philox.Words evenWords, out Philox.Words oddWords);
            Store(i, ref word0, ref word1, ref word2, ref word3, evenWords, oddWords);
        }

        Philox.Words Words(Vector<ulong> index)
        {
            Philox.Block(index, block, stream, seed, out Vector<ulong> a, out Vector<ulong> b, out Vector<ulong> c, out Vector<ulong> d);
            return new(a, b, c, d);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(
        nuint i, ref uint word0, ref uint word1, ref uint word2, ref uint word3, in Philox.Words even, in Philox.Words odd)
    {
        Philox.Interleave(even.Word0, odd.Word0).StoreUnsafe(ref word0, i);
        if (Unsafe.IsNullRef(ref word1)) return;
        Philox.Interleave(even.Word1, odd.Word1).StoreUnsafe(ref word1, i);
        if (Unsafe.IsNullRef(ref word2)) return;
        Philox.Interleave(even.Word2, odd.Word2).StoreUnsafe(ref word2, i);
        if (!Unsafe.IsNullRef(ref word3)) Philox.Interleave(even.Word3, odd.Word3).StoreUnsafe(ref word3, i);
    }

    // Words of radii and of angles become normals.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
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
