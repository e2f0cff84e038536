using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FlowDsl.Fitting;

/// <summary>
/// Sums Σ_i r_i y_i y_iᵀ of weighted outer products, gathered in batches and computed in tiles of four rows. Every entry is summed in the order of
/// the points, so its bits do not depend on the vector width.
/// </summary>
internal sealed class WeightedScatter
{
    private const int Batch = 64;

    private readonly int _d;
    private readonly int _stride;
    private readonly double[] _rows;
    private readonly double[] _weighted;
    private readonly double[] _sum;
    private int _count;

    /// <summary>An empty sum.</summary>
    /// <param name="d">The number of coordinates.</param>
    public WeightedScatter(int d)
    {
        int unit = Math.Max(4, Vector<double>.Count);
        (_d, _stride) = (d, (d + unit - 1) / unit * unit);
        _rows = new double[Batch * _stride];
        _weighted = new double[Batch * _stride];
        _sum = new double[_stride * _stride];
    }

    /// <summary>Adds r (x - centre)(x - centre)ᵀ.</summary>
    /// <param name="share">r.</param>
    /// <param name="x">d values.</param>
    /// <param name="centre">d values.</param>
    public void Add(double share, ReadOnlySpan<double> x, ReadOnlySpan<double> centre)
    {
        Span<double> row = _rows.AsSpan(_count * _stride, _d), weighted = _weighted.AsSpan(_count * _stride, _d);
        for (int j = 0; j < row.Length; j++)
        {
            row[j] = x[j] - centre[j];
            weighted[j] = share * row[j];
        }
        if (++_count == Batch) Flush();
    }

    /// <summary>The sum, row-major d×d.</summary>
    public double[] ToMatrix()
    {
        Flush();
        double[] matrix = new double[_d * _d];
        for (int i = 0; i < _d; i++)
            for (int j = 0; j <= i; j++) matrix[i * _d + j] = matrix[j * _d + i] = _sum[i * _stride + j];
        return matrix;
    }

    private void Flush()
    {
        ref double rows = ref MemoryMarshal.GetArrayDataReference(_rows);
        ref double weighted = ref MemoryMarshal.GetArrayDataReference(_weighted);
        ref double sum = ref MemoryMarshal.GetArrayDataReference(_sum);
        int stride = _stride, count = _count;
        for (int i = 0; i < _d; i += 4)
        {
            // Only the lower triangle is needed, in whole vectors.
            for (int j = 0; j < Math.Min(i + 4, _d); j += Vector<double>.Count)
            {
                nuint at = (nuint)(i * stride + j), step = (nuint)stride;
                Vector<double> s0 = Vector.LoadUnsafe(ref sum, at), s1 = Vector.LoadUnsafe(ref sum, at + step);
                Vector<double> s2 = Vector.LoadUnsafe(ref sum, at + 2 * step), s3 = Vector.LoadUnsafe(ref sum, at + 3 * step);
                for (int p = 0; p < count * stride; p += stride)
                {
                    Vector<double> value = Vector.LoadUnsafe(ref rows, (nuint)(p + j));
                    ref double factor = ref Unsafe.Add(ref weighted, p + i);
                    s0 += new Vector<double>(factor) * value;
                    s1 += new Vector<double>(Unsafe.Add(ref factor, 1)) * value;
                    s2 += new Vector<double>(Unsafe.Add(ref factor, 2)) * value;
                    s3 += new Vector<double>(Unsafe.Add(ref factor, 3)) * value;
                }
                s0.StoreUnsafe(ref sum, at);
                s1.StoreUnsafe(ref sum, at + step);
                s2.StoreUnsafe(ref sum, at + 2 * step);
                s3.StoreUnsafe(ref sum, at + 3 * step);
            }
        }
        _count = 0;
    }
}
