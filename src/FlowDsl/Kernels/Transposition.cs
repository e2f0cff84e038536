namespace FlowDsl.Kernels;

/// <summary>Between samples as rows (sample by sample) and blocks (coordinate by coordinate).</summary>
internal static class Transposition
{
    /// <summary>Gathers samples of d values into d rows, and fills the lanes behind the last sample with zeros.</summary>
    public static void ToRows<T>(ReadOnlySpan<T> samples, int d, Span<T> rows, int stride, int n, int padded)
        where T : unmanaged => ToRows(samples, d, d, rows, stride, n, padded);

    /// <summary>As above, where a sample's d values are the first of <paramref name="pitch"/>.</summary>
    public static void ToRows<T>(ReadOnlySpan<T> samples, int pitch, int d, Span<T> rows, int stride, int n, int padded)
        where T : unmanaged
    {
        for (int j = 0; j < d; j++)
        {
            Span<T> row = rows.Slice(j * stride, padded);
            if (pitch == 1) samples[..n].CopyTo(row);
            else for (int i = 0, at = j; i < n; i++, at += pitch) row[i] = samples[at];
            row[n..].Clear();
        }
    }

    /// <summary>Scatters d rows into samples of d values.</summary>
    public static void FromRows<T>(ReadOnlySpan<T> rows, int stride, Span<T> samples, int d, int n)
        where T : unmanaged => FromRows(rows, stride, samples, d, d, n);

    /// <summary>As above, where a sample's d values are the first of <paramref name="pitch"/>.</summary>
    public static void FromRows<T>(ReadOnlySpan<T> rows, int stride, Span<T> samples, int pitch, int d, int n)
        where T : unmanaged
    {
        for (int j = 0; j < d; j++)
        {
            ReadOnlySpan<T> row = rows.Slice(j * stride, n);
            if (pitch == 1) row.CopyTo(samples);
            else for (int i = 0, at = j; i < n; i++, at += pitch) samples[at] = row[i];
        }
    }
}
