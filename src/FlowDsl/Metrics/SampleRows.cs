using System.Numerics;

namespace FlowDsl.Metrics;

/// <summary>Checks of samples, and samples by coordinate: a vector then holds the same coordinate of neighbours.</summary>
internal static class SampleRows
{
    /// <summary>The number of samples.</summary>
    /// <param name="length">The number of values.</param>
    /// <param name="d">The number of coordinates.</param>
    /// <param name="least">The least number of samples that the metric needs.</param>
    /// <param name="name">The caller's name for the samples.</param>
    public static int Count(int length, int d, int least, string name)
    {
        if (d < 1) throw new ArgumentOutOfRangeException("dimension", d, $"The dimension is {d}; it must be at least 1.");
        if (length % d != 0) throw new ArgumentException($"{length} values are not a whole number of samples of {d}.", name);
        int n = length / d;
        if (n < least) throw new ArgumentException($"There {(n == 1 ? "is 1 sample" : $"are {n} samples")}; there must be at least {least}.", name);
        return n;
    }

    /// <summary>Throws if there are not as many values as there must be.</summary>
    public static void CheckEqual(int length, int expected, string name)
    {
        if (length != expected) throw new ArgumentException($"There are {length} values; there must be {expected}, as many as of the samples.", name);
    }

    /// <summary>The samples in double precision.</summary>
    public static double[] Widen<T>(ReadOnlySpan<T> values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double[] wide = GC.AllocateUninitializedArray<double>(values.Length);
        for (int i = 0; i < wide.Length; i++) wide[i] = double.CreateTruncating(values[i]);
        return wide;
    }

    /// <summary>n rounded up to whole vectors: the length of a coordinate's row.</summary>
    public static int Stride(int n) => (n + Vector<double>.Count - 1) / Vector<double>.Count * Vector<double>.Count;

    /// <summary>The samples by coordinate, d rows of <see cref="Stride"/> values; what fills up a row is 0.</summary>
    public static double[] Transpose(ReadOnlySpan<double> rows, int d)
    {
        int n = rows.Length / d, stride = Stride(n);
        double[] columns = new double[d * stride];
        for (int i = 0; i < n; i++)
            for (int j = 0; j < d; j++) columns[j * stride + i] = rows[i * d + j];
        return columns;
    }
}
