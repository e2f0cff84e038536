using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FlowDsl.Runtime.Arithmetic;

namespace FlowDsl.Fitting;

/// <summary>
/// Points in transposed blocks of 32: one coordinate of 32 points is contiguous, so vectors run over points. Each point's sums are taken in the order
/// of its coordinates, without fused multiply-add, so the bits do not depend on the vector width.
/// </summary>
internal sealed class PointBlocks
{
    /// <summary>The number of points in a block, a multiple of every vector's length.</summary>
    public const int Size = 32;

    private readonly AlignedNumbers<double> _values;

    /// <summary>Transposes points.</summary>
    /// <param name="points">Row-major n×d.</param>
    /// <param name="d">The number of coordinates.</param>
    public PointBlocks(double[] points, int d)
    {
        (Count, Dimension) = (points.Length / d, d);
        BlockCount = (Count + Size - 1) / Size;
        _values = new AlignedNumbers<double>(BlockCount * d * Size);
        for (int i = 0; i < Count; i++)
            for (int j = 0; j < d; j++) _values[(i / Size * d + j) * Size + i % Size] = points[i * d + j];
    }

    /// <summary>n.</summary>
    public int Count { get; }

    /// <summary>d.</summary>
    public int Dimension { get; }

    /// <summary>The number of blocks; the last is padded with zeros.</summary>
    public int BlockCount { get; }

    /// <summary>The number of points in a block.</summary>
    public int CountOf(int block) => Math.Min(Size, Count - block * Size);

    /// <summary>A block, d×32.</summary>
    public ReadOnlySpan<double> Block(int block) => _values.Span.Slice(block * Dimension * Size, Dimension * Size);

    /// <summary>A block minus one point.</summary>
    /// <param name="block">d×32.</param>
    /// <param name="centre">d values.</param>
    /// <param name="deviations">d×32, written.</param>
    public static void Subtract(ReadOnlySpan<double> block, ReadOnlySpan<double> centre, Span<double> deviations)
    {
        for (int j = 0; j < centre.Length; j++)
        {
            var shift = new Vector<double>(centre[j]);
            for (int p = j * Size; p < (j + 1) * Size; p += Vector<double>.Count)
                (new Vector<double>(block[p..]) - shift).CopyTo(deviations[p..]);
        }
    }

    /// <summary>Multiplies a block by a lower triangular matrix.</summary>
    /// <param name="lower">Row-major, d rounded up to a multiple of 4 rows of d values, zero above the diagonal and below row d.</param>
    /// <param name="block">d×32.</param>
    /// <param name="product">(d rounded up to a multiple of 4)×32, written.</param>
    public static void Multiply(ReadOnlySpan<double> lower, ReadOnlySpan<double> block, Span<double> product)
    {
        int d = block.Length / Size;
        ref double w = ref MemoryMarshal.GetReference(lower);
        ref double x = ref MemoryMarshal.GetReference(block);
        // Four rows at a time: each loaded value is used in four sums.
        for (int j = 0; j < d; j += 4)
        {
            int width = Math.Min(j + 4, d);
            for (int p = 0; p < Size; p += Vector<double>.Count)
            {
                Vector<double> z0 = default, z1 = default, z2 = default, z3 = default;
                for (int m = 0; m < width; m++)
                {
                    Vector<double> value = Vector.LoadUnsafe(ref x, (nuint)(m * Size + p));
                    ref double entry = ref Unsafe.Add(ref w, j * d + m);
                    z0 += new Vector<double>(entry) * value;
                    z1 += new Vector<double>(Unsafe.Add(ref entry, d)) * value;
                    z2 += new Vector<double>(Unsafe.Add(ref entry, 2 * d)) * value;
                    z3 += new Vector<double>(Unsafe.Add(ref entry, 3 * d)) * value;
                }
                z0.CopyTo(product[(j * Size + p)..]);
                z1.CopyTo(product[((j + 1) * Size + p)..]);
                z2.CopyTo(product[((j + 2) * Size + p)..]);
                z3.CopyTo(product[((j + 3) * Size + p)..]);
            }
        }
    }

    /// <summary>Σ_j scale_j² (x_j - centre_j)² of each point of a block.</summary>
    /// <param name="block">d×32.</param>
    /// <param name="centre">d values.</param>
    /// <param name="scale">d values; empty for ones.</param>
    /// <param name="squares">32 values, written.</param>
    public static void SquaredDistances(ReadOnlySpan<double> block, ReadOnlySpan<double> centre, ReadOnlySpan<double> scale, Span<double> squares)
    {
        ref double x = ref MemoryMarshal.GetReference(block);
        for (int p = 0; p < Size; p += Vector<double>.Count)
        {
            Vector<double> sum = default;
            for (int j = 0; j < centre.Length; j++)
            {
                Vector<double> z = Vector.LoadUnsafe(ref x, (nuint)(j * Size + p)) - new Vector<double>(centre[j]);
                if (scale.Length > 0) z *= new Vector<double>(scale[j]);
                sum += z * z;
            }
            sum.CopyTo(squares[p..]);
        }
    }
}
