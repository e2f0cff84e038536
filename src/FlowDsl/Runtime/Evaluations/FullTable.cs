using System.Numerics;
using System.Runtime.CompilerServices;
using FlowDsl.Mathematics.Fields;
using FlowDsl.Runtime.Arithmetic;

namespace FlowDsl.Runtime.Evaluations;

/// <summary>Covariances of which one at least is full: triangular roots, and symmetric factors of which the upper half is summed.</summary>
internal sealed class FullTable<T> : SummedSquaresTable<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T[] _triangles;

    public FullTable(EvaluationCoefficients coefficients, double reach)
        : base(coefficients, Sums(coefficients), reach)
        => _triangles = Triangles(coefficients);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override void Squares(ref T x, nuint stride, ref T energies, nuint pitch, ref T least, nuint lanes)
    {
        ref T offsets = ref First(Offsets), squares = ref First(_triangles);
        nuint d = (nuint)Dimension;
        for (int k = 0; k < Count; k++)
        {
            ref T own = ref squares;
            for (nuint i = 0; i < lanes; i += 2 * (nuint)Vector<T>.Count)
                squares = ref SquaredDistance.Full(
                    ref own, d, ref Unsafe.Add(ref x, i), stride, Unsafe.Add(ref offsets, k), ref Unsafe.Add(ref energies, (nuint)k * pitch + i),
                    ref Unsafe.Add(ref least, i));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override void Slopes(ref T x, nuint stride, ref T sums, nuint pitch, ref T share, ref T slope, nuint slopeStride, nuint lanes)
    {
        nuint d = (nuint)Dimension, width = (nuint)Vector<T>.Count;
        for (nuint lane = 0; lane < lanes; lane += 2 * width)
        {
            ref T first = ref Unsafe.Add(ref x, lane), matrix = ref Unsafe.Add(ref sums, d * pitch + lane);
            Vector<T> shareA = Vector.LoadUnsafe(ref share, lane), shareB = Vector.LoadUnsafe(ref share, lane + width);
            for (nuint i = 0; i < d; i++)
            {
                nuint at = i * pitch;
                Vector<T> a = Vector.LoadUnsafe(ref sums, at + lane), b = Vector.LoadUnsafe(ref sums, at + lane + width);
                // Down the column of the upper half to the diagonal, then along the row.
                for (nuint j = 0; j < d; j++)
                {
                    ref T xj = ref Unsafe.Add(ref first, j * stride);
                    a = SimdMath.MultiplyAdd(Vector.LoadUnsafe(ref matrix, at), Vector.LoadUnsafe(ref xj), a);
                    b = SimdMath.MultiplyAdd(Vector.LoadUnsafe(ref matrix, at + width), Vector.LoadUnsafe(ref xj, width), b);
                    at += j < i ? (d - j - 1) * pitch : pitch;
                }
                (a * shareA).StoreUnsafe(ref slope, i * slopeStride + lane);
                (b * shareB).StoreUnsafe(ref slope, i * slopeStride + lane + width);
            }
        }
    }

    private static PackedMatrix<T> Sums(EvaluationCoefficients coefficients)
    {
        ComponentCoefficients[] components = coefficients.Components;
        int d = coefficients.Dimension, count = components.Length;
        double[][] factors = [.. components.Select(component => Matrix(component, component.Factor))];
        // Upper halves, row by row.
        int[] places = [.. from i in Enumerable.Range(0, d) from j in Enumerable.Range(i, d - i) select i * d + j];
        return new(
            d + places.Length, PackedMatrix<T>.Even(count), (i, k) => k >= count ? 0 : i < d ? components[k].Constant[i] : factors[k][places[i - d]]);
    }

    /// <summary>The rows of the upper triangular roots, in groups of four or two, each with -(root · centre), for the columns from their first on.</summary>
    private T[] Triangles(EvaluationCoefficients coefficients)
    {
        int d = Dimension;
        ComponentCoefficients[] components = coefficients.Components;
        double[][] roots = [.. components.Select(component => Matrix(component, component.Root))];
        var values = new List<T>();
        for (int k = 0; k < Count; k++)
        {
            for (int first = 0; first < d;)
            {
                int height = first + 2 < d ? 4 : 2;
                for (int row = first; row < first + height; row++)
                {
                    double sum = 0;
                    for (int j = row; j < d; j++) sum -= Root(k, row, j) * components[Math.Min(k, components.Length - 1)].Centre[j];
                    values.Add(T.CreateTruncating(sum));
                }
                for (int j = first; j < d; j++)
                    for (int row = first; row < first + height; row++) values.Add(T.CreateTruncating(Root(k, row, j)));
                first += height;
            }
        }
        return [.. values];

        double Root(int k, int row, int column) => k < roots.Length && row <= column ? roots[k][row * d + column] : 0;
    }

    /// <summary>A component's values as a matrix, whatever their own shape.</summary>
    private static double[] Matrix(ComponentCoefficients component, double[] values)
    {
        if (component.Kind == CovarianceType.Full) return values;
        int d = component.Centre.Length;
        double[] matrix = new double[d * d];
        for (int j = 0; j < d; j++) matrix[j * d + j] = values[j];
        return matrix;
    }
}
