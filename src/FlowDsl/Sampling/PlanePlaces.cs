using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FlowDsl.Sampling;

/// <summary>
/// Places samples in the plane where there are as few components as a vector has lanes: each number of a component is then a permutation of one
/// register. The bits are those of <see cref="SinglePriorDraws"/>' own loops.
/// </summary>
internal sealed class PlanePlaces
{
    // Of 32-bit lanes; AVX2 permutes these.
    private const int Width = 8;

    // Components after the first begin beyond these words; as signed numbers, for which there is an instruction.
    private readonly Vector256<int>[] _lasts;

    // Of the components: two means, then two deviations, or the four numbers of the map, by columns.
    private readonly Vector256<float>[] _numbers;

    private PlanePlaces(Vector256<int>[] lasts, Vector256<float>[] numbers) => (_lasts, _numbers) = (lasts, numbers);

    /// <summary>The places of some components; null where there are too many of them, or no AVX2.</summary>
    /// <param name="ends">Component k takes the words from ends[k - 1] to below ends[k].</param>
    /// <param name="means">Their means.</param>
    /// <param name="factors">Their deviations, or maps.</param>
    public static PlanePlaces? TryCreate(ulong[] ends, float[][] means, float[][] factors)
    {
        if (!Avx2.IsSupported || ends.Length > Width || ends[0] == 0) return null;
        return new PlanePlaces(
            [.. ends.SkipLast(1).Select(end => Vector256.Create((int)((uint)(end - 1) ^ 0x8000_0000)))],
            [.. Enumerable.Range(0, 2).Select(j => Lanes(k => means[k][j])), .. Enumerable.Range(0, factors[0].Length).Select(j => Lanes(k => factors[k][j]))]);

        // Every lane has a component: a single one is in all of them.
        Vector256<float> Lanes(Func<int, float> number) => Vector256.Create([.. Enumerable.Range(0, Width).Select(k => number(Math.Min(k, ends.Length - 1)))]);
    }

    /// <summary>Makes samples of normals.</summary>
    /// <param name="normals">Two rows of normals, of whole vectors.</param>
    /// <param name="stride">The length of a row.</param>
    /// <param name="words">The words that choose components.</param>
    /// <param name="rows">Receives the samples.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Place(ReadOnlySpan<float> normals, int stride, ReadOnlySpan<uint> words, Span<float> rows)
    {
        nuint count = (nuint)rows.Length / 2;
        Span<float> rest = stackalloc float[2 * Width];
        ref float first = ref MemoryMarshal.GetReference(normals), second = ref Unsafe.Add(ref first, stride), row = ref MemoryMarshal.GetReference(rows);
        ref int word = ref Unsafe.As<uint, int>(ref MemoryMarshal.GetReference(words));
        for (nuint i = 0; i < count; i += Width)
        {
            Vector256<int> k = _lasts.Length == 0 ? default : Component(Vector256.LoadUnsafe(ref word, i));
            (Vector256<float> x, Vector256<float> y) = Sample(k, Vector256.LoadUnsafe(ref first, i), Vector256.LoadUnsafe(ref second, i));
            Vector256<float> low = Avx.UnpackLow(x, y), high = Avx.UnpackHigh(x, y);
            (low, high) = (Avx.Permute2x128(low, high, 0x20), Avx.Permute2x128(low, high, 0x31));
            if (i + Width <= count)
            {
                low.StoreUnsafe(ref row, 2 * i);
                high.StoreUnsafe(ref row, 2 * i + Width);
                continue;
            }
            low.CopyTo(rest);
            high.CopyTo(rest[Width..]);
            rest[..(int)(2 * (count - i))].CopyTo(rows[(int)(2 * i)..]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector256<int> Component(Vector256<int> words)
    {
        Vector256<int> signed = words ^ Vector256.Create(int.MinValue), k = default;
        foreach (ref readonly Vector256<int> last in _lasts.AsSpan()) k -= Vector256.GreaterThan(signed, last);
        return k;
    }

    // Products and sums are rounded separately, in the order of the other loops.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private (Vector256<float> X, Vector256<float> Y) Sample(Vector256<int> k, Vector256<float> first, Vector256<float> second)
    {
        ReadOnlySpan<Vector256<float>> numbers = _numbers;
        if (numbers.Length == 4) return (Of(numbers[0]) + Of(numbers[2]) * first, Of(numbers[1]) + Of(numbers[3]) * second);
        return (Of(numbers[0]) + Of(numbers[2]) * first + Of(numbers[4]) * second, Of(numbers[1]) + Of(numbers[3]) * first + Of(numbers[5]) * second);

        Vector256<float> Of(Vector256<float> number) => Avx2.PermuteVar8x32(number, k);
    }
}
