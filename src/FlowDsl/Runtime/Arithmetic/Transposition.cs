using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FlowDsl.Runtime.Arithmetic;

/// <summary>Transposes between samples as rows (sample by sample) and blocks (coordinate by coordinate).</summary>
internal static class Transposition
{
    /// <summary>Gathers samples of d values into d rows, and fills the lanes after the last sample with zeros.</summary>
    public static void ToRows<T>(ReadOnlySpan<T> samples, int d, Span<T> rows, int stride, int n, int padded)
        where T : unmanaged => ToRows(samples, d, d, rows, stride, n, padded);

    /// <summary>As above; a sample's d values are the first of <paramref name="pitch"/>.</summary>
    public static void ToRows<T>(ReadOnlySpan<T> samples, int pitch, int d, Span<T> rows, int stride, int n, int padded)
        where T : unmanaged
    {
        // The loops below have no bounds checks.
        _ = rows.Slice((d - 1) * stride, padded);
        _ = samples.Slice((n - 1) * pitch, d);
        ref T from = ref MemoryMarshal.GetReference(samples), to = ref MemoryMarshal.GetReference(rows);
        int i = 0;
        if (pitch == 1) samples[..n].CopyTo(rows);
        else if (IsPairs<T>(pitch, d)) i = Unzip(ref Unsafe.As<T, float>(ref from), ref Unsafe.As<T, float>(ref to), (nuint)stride, n);
        if (pitch > 1) Gather(ref from, (nuint)pitch, (nuint)d, ref to, (nuint)stride, (nuint)i, (nuint)n);
        for (int j = 0; j < d; j++) rows[(j * stride + n)..(j * stride + padded)].Clear();
    }

    /// <summary>Scatters d rows into samples of d values.</summary>
    public static void FromRows<T>(ReadOnlySpan<T> rows, int stride, Span<T> samples, int d, int n)
        where T : unmanaged => FromRows(rows, stride, samples, d, d, n);

    /// <summary>As above; a sample's d values are the first of <paramref name="pitch"/>.</summary>
    public static void FromRows<T>(ReadOnlySpan<T> rows, int stride, Span<T> samples, int pitch, int d, int n)
        where T : unmanaged
    {
        // The loops below have no bounds checks.
        _ = rows.Slice((d - 1) * stride, n);
        _ = samples.Slice((n - 1) * pitch, d);
        ref T from = ref MemoryMarshal.GetReference(rows), to = ref MemoryMarshal.GetReference(samples);
        int i = 0;
        if (pitch == 1) rows[..n].CopyTo(samples);
        else if (IsPairs<T>(pitch, d)) i = Zip(ref Unsafe.As<T, float>(ref from), (nuint)stride, ref Unsafe.As<T, float>(ref to), n);
        if (pitch > 1) Scatter(ref from, (nuint)stride, (nuint)d, ref to, (nuint)pitch, (nuint)i, (nuint)n);
    }

    private static bool IsPairs<T>(int pitch, int d) => typeof(T) == typeof(float) && pitch == 2 && d == 2 && BitConverter.IsLittleEndian;

    // Pairs of floats as 64-bit integers: the halves are the coordinates. Returns the number of samples that whole vectors cover.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Unzip(ref float samples, ref float rows, nuint stride, int n)
    {
        nuint width = (nuint)Vector<float>.Count, i = 0;
        for (; i + width <= (nuint)n; i += width)
        {
            Vector<ulong> low = Vector.AsVectorUInt64(Vector.LoadUnsafe(ref samples, 2 * i)),
                high = Vector.AsVectorUInt64(Vector.LoadUnsafe(ref samples, 2 * i + width));
            Vector.AsVectorSingle(Vector.Narrow(low, high)).StoreUnsafe(ref rows, i);
            Vector.AsVectorSingle(Vector.Narrow(low >>> 32, high >>> 32)).StoreUnsafe(ref rows, stride + i);
        }
        return (int)i;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Zip(ref float rows, nuint stride, ref float samples, int n)
    {
        nuint width = (nuint)Vector<float>.Count, i = 0;
        for (; i + width <= (nuint)n; i += width)
        {
            Vector<uint> first = Vector.AsVectorUInt32(Vector.LoadUnsafe(ref rows, i)), second = Vector.AsVectorUInt32(Vector.LoadUnsafe(ref rows, stride + i));
            Vector.AsVectorSingle(Vector.WidenLower(first) | (Vector.WidenLower(second) << 32)).StoreUnsafe(ref samples, 2 * i);
            Vector.AsVectorSingle(Vector.WidenUpper(first) | (Vector.WidenUpper(second) << 32)).StoreUnsafe(ref samples, 2 * i + width);
        }
        return (int)i;
    }

    // Four coordinates of a sample at a time: they are in one cache line, and four rows are written side by side.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Gather<T>(ref T samples, nuint pitch, nuint d, ref T rows, nuint stride, nuint first, nuint n)
        where T : unmanaged
    {
        nuint j = 0;
        for (; j + 4 <= d; j += 4)
        {
            ref T from = ref Unsafe.Add(ref samples, first * pitch + j), to = ref Unsafe.Add(ref rows, j * stride);
            for (nuint i = first; i < n; i++, from = ref Unsafe.Add(ref from, pitch))
            {
                Unsafe.Add(ref to, i) = from;
                Unsafe.Add(ref to, stride + i) = Unsafe.Add(ref from, 1);
                Unsafe.Add(ref to, 2 * stride + i) = Unsafe.Add(ref from, 2);
                Unsafe.Add(ref to, 3 * stride + i) = Unsafe.Add(ref from, 3);
            }
        }
        for (; j < d; j++)
        {
            ref T from = ref Unsafe.Add(ref samples, first * pitch + j), to = ref Unsafe.Add(ref rows, j * stride);
            for (nuint i = first; i < n; i++, from = ref Unsafe.Add(ref from, pitch)) Unsafe.Add(ref to, i) = from;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Scatter<T>(ref T rows, nuint stride, nuint d, ref T samples, nuint pitch, nuint first, nuint n)
        where T : unmanaged
    {
        nuint j = 0;
        for (; j + 4 <= d; j += 4)
        {
            ref T from = ref Unsafe.Add(ref rows, j * stride), to = ref Unsafe.Add(ref samples, first * pitch + j);
            for (nuint i = first; i < n; i++, to = ref Unsafe.Add(ref to, pitch))
            {
                to = Unsafe.Add(ref from, i);
                Unsafe.Add(ref to, 1) = Unsafe.Add(ref from, stride + i);
                Unsafe.Add(ref to, 2) = Unsafe.Add(ref from, 2 * stride + i);
                Unsafe.Add(ref to, 3) = Unsafe.Add(ref from, 3 * stride + i);
            }
        }
        for (; j < d; j++)
        {
            ref T from = ref Unsafe.Add(ref rows, j * stride), to = ref Unsafe.Add(ref samples, first * pitch + j);
            for (nuint i = first; i < n; i++, to = ref Unsafe.Add(ref to, pitch)) to = Unsafe.Add(ref from, i);
        }
    }
}
