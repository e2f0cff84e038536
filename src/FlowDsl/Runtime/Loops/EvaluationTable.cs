using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Fields;
using FlowDsl.Mathematics.Structure;
using FlowDsl.Runtime.Arithmetic;

namespace FlowDsl.Runtime.Loops;

/// <summary>The data shared by all evaluations of one mixture.</summary>
/// <remarks>Means are relative to their mean, so their differences keep all digits even far from the origin.</remarks>
internal sealed class MeanTables<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public MeanTables(Mixture mixture)
    {
        ArgumentNullException.ThrowIfNull(mixture);
        double[] centre = [.. Enumerable.Range(0, mixture.Dimension).Select(j => mixture.Means.Average(mean => mean[j]))];
        Centre = centre;
        Offsets = [.. mixture.Means.Select(mean => (double[])[.. mean.Zip(centre, (value, middle) => value - middle)])];
    }

    /// <summary>The mean of the means.</summary>
    public double[] Centre { get; }

    /// <summary>The means minus their mean.</summary>
    public double[][] Offsets { get; }

    /// <summary>The offsets as K×d.</summary>
    public PackedMatrix<T> ByComponent => field ??= new PackedMatrix<T>(Offsets.Length, Centre.Length, (k, j) => Offsets[k][j]);

    /// <summary>The offsets as d×K, with the number of columns made even.</summary>
    public PackedMatrix<T> ByCoordinate
        => field ??= new PackedMatrix<T>(Centre.Length, PackedMatrix<T>.Even(Offsets.Length), (j, k) => k < Offsets.Length ? Offsets[k][j] : 0);
}

/// <summary>One evaluation of a field by loops over tables, for some pairs of vectors of samples at a time.</summary>
/// <remarks>
/// <para>
/// Three passes: energies of all components and their minimum; weights 2^(minimum - energy) and their sum; sums of the components' contributions,
/// which give the slopes. Tables hold an even number of components; the last may be padding, with infinite energy and no contribution.
/// </para>
/// <para>
/// With one shared covariance, energies are affine in x: the common part is dropped, and
/// F(x) = A(x - aμ) + mμ with the expected mean μ = Σ r_k μ_k. Different covariances keep the squares (root (x - centre))², in which nothing cancels,
/// and sum Σ w_k A_k and Σ w_k Constant_k.
/// </para>
/// </remarks>
internal sealed partial class EvaluationTable<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private enum Form
    {
        Shared,
        SharedFull,
        Isotropic,
        Diagonal,
        Full,
    }

    private readonly int _d, _count;
    private readonly Form _form;

    private readonly T[] _offsets, _zeros, _noConstants;
    // Sums over the components; diagonal ones have them by coordinate.
    private readonly PackedMatrix<T>? _sums;
    private readonly T[] _axes;

    // One covariance: the energies' matrix is for scale x + shift, and slopes are factor x + meanFactor Σ r_k δ_k + constant with
    // the means' offsets δ_k. A full one has matrices for scale and factor.
    private readonly T[] _scales, _shifts, _factors, _meanFactors, _constants;
    private readonly T _centreFactor;
    private readonly PackedMatrix<T>? _energies, _matrix;

    // The length to which tangents are scaled, and the components' values without constants, which act on a tangent.
    private readonly double _reach;
    private readonly T[] _linearAxes;

    // Different covariances: the values to square, in the order in which they are read; isotropic ones multiply the sum of squares.
    private readonly T[] _squares, _precisions;

    public EvaluationTable(Mixture mixture, MeanTables<T> means, in MixtureField field)
    {
        var coefficients = new EvaluationCoefficients(mixture, field);
        ComponentCoefficients[] components = coefficients.Components;
        int d = _d = mixture.Dimension, count = mixture.Count;
        _count = PackedMatrix<T>.Even(count);
        (_scales, _shifts, _factors, _meanFactors, _constants, _precisions, _squares, _axes, _linearAxes) = ([], [], [], [], [], [], [], [], []);
        CovarianceType kind = coefficients.Kind;
        double a = field.Point.A, m = field.MeanFactor;
        var offsets = new double[count];
        for (int k = 0; k < count; k++) offsets[k] = components[k].Offset;

        Precision precision = typeof(T) == typeof(double) ? Precision.Double : Precision.Single;
        if (mixture.HasSharedCovariance && !LogitScales.AreLost(mixture, field.Point, precision))
        {
            bool full = kind == CovarianceType.Full;
            _form = full ? Form.SharedFull : Form.Shared;
            _sums = means.ByCoordinate;
            double[] root = components[0].Root, factor = components[0].Factor, centre = [.. means.Centre.Select(value => a * value)];
            // |root (x - aμ_k)|² = |root (x - c)|² + a²|root δ_k|² - 2a (rootᵀroot δ_k)·(x - c), δ_k = μ_k - their mean, c = a times it.
            double[][] precise =
                [.. means.Offsets.Select(offset => full ? Precise(root, offset) : [.. offset.Select((value, j) => root[j] * root[j] * value)])];
            for (int k = 0; k < count; k++) offsets[k] += a * a * Dot(precise[k], means.Offsets[k]);
            double least = offsets.Min();
            for (int k = 0; k < count; k++) offsets[k] -= least;
            if (full)
            {
                _energies = new PackedMatrix<T>(count, d, (k, j) => -2 * a * precise[k][j]);
                _matrix = new PackedMatrix<T>(d, d, (i, j) => factor[i * d + j]);
                _shifts = Convert(centre.Select(value => -value));
                _centreFactor = T.CreateTruncating(a);
                _meanFactors = [T.CreateTruncating(m)];
                _constants = Padded(means.Centre.Select(value => m * value));
            }
            else
            {
                _energies = means.ByComponent;
                _scales = Convert(root.Select(value => -2 * a * value * value));
                _shifts = Convert(root.Select((value, j) => 2 * a * value * value * centre[j]));
                _factors = Convert(factor);
                _meanFactors = Convert(factor.Select(value => m - value * a));
                _constants = Convert(factor.Select((value, j) => (m - value * a) * means.Centre[j]));
            }
        }
        else if (kind == CovarianceType.Isotropic)
        {
            _form = Form.Isotropic;
            _precisions = Padded(components.Select(c => c.Root[0] * c.Root[0]));
            _squares = Interleaved(count, 1, (k, j, _) => components[k].Centre[j]);
            _sums = new PackedMatrix<T>(d + 1, _count, (i, k) => k >= count ? 0 : i < d ? components[k].Constant[i] : components[k].Factor[0]);
        }
        else if (kind == CovarianceType.Diagonal)
        {
            _form = Form.Diagonal;
            _squares = Interleaved(count, 2, (k, j, part) => part == 0 ? components[k].Root[j] : -components[k].Centre[j] * components[k].Root[j]);
            _axes = Axes(components, constants: 1);
            _linearAxes = Axes(components, constants: 0);
        }
        else
        {
            _form = Form.Full;
            double[][] roots = [.. components.Select(c => Shape(c, c.Root))], factors = [.. components.Select(c => Shape(c, c.Factor))];
            _squares = Triangles(components, roots);
            // Factors are symmetric: their upper halves row by row.
            int[] places = [.. from i in Enumerable.Range(0, d) from j in Enumerable.Range(i, d - i) select i * d + j];
            _sums = new PackedMatrix<T>(d + places.Length, _count, (i, k) => k >= count ? 0 : i < d ? components[k].Constant[i] : factors[k][places[i - d]]);
        }
        _offsets = Padded(offsets, double.PositiveInfinity);
        _zeros = new T[Math.Max(SumRows, _count)];
        _noConstants = new T[_constants.Length];
        _reach = Math.Sqrt(field.Point.Spread(mixture.MeanVariance));
    }

    /// <summary>The number of rows of scratch: the minimum energy, the share, the energies, then the rows that the form needs.</summary>
    public int ScratchRows => 2 + _count + InputRows + SumRows;

    private int InputRows => _form is Form.Shared or Form.SharedFull ? PackedMatrix<T>.Even(_d) : 0;

    private int SumRows => _sums?.Rows ?? 0;

    /// <summary>The gap between the two smallest energies, in bits: the log-odds of the two likeliest components.</summary>
    /// <param name="x">The first coordinate; the others follow at the stride.</param>
    /// <param name="stride">The length of a row.</param>
    /// <param name="scratch"><see cref="ScratchRows"/> rows at the pitch; the first one receives the gap.</param>
    /// <param name="pitch">The length of a row of scratch.</param>
    /// <param name="lanes">The number of lanes, whole pairs of vectors.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Gap(ref T x, nuint stride, ref T scratch, nuint pitch, nuint lanes)
    {
        Energies(ref x, stride, ref scratch, pitch, lanes);
        Gap(ref Unsafe.Add(ref scratch, 2 * pitch), pitch, _count, ref scratch, lanes);
    }

    /// <summary>The gap between the two smallest values of some rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Gap(ref T energies, nuint pitch, int count, ref T gap, nuint lanes)
    {
        for (nuint i = 0; i < lanes; i += (nuint)Vector<T>.Count)
        {
            Vector<T> least = new(T.PositiveInfinity), second = least;
            ref T energy = ref Unsafe.Add(ref energies, i);
            for (int k = 0; k < count; k++, energy = ref Unsafe.Add(ref energy, pitch))
            {
                Vector<T> own = Vector.LoadUnsafe(ref energy);
                second = Vector.MinNative(second, Vector.MaxNative(least, own));
                least = Vector.MinNative(least, own);
            }
            (second - least).StoreUnsafe(ref gap, i);
        }
    }

    /// <summary>The energies of all components, after the row of the minimum and the row of the share.</summary>
    private void Energies(ref T x, nuint stride, ref T scratch, nuint pitch, nuint lanes)
    {
        ref T least = ref scratch, energies = ref Unsafe.Add(ref scratch, 2 * pitch), inputs = ref Unsafe.Add(ref energies, (nuint)_count * pitch);
        MemoryMarshal.CreateSpan(ref least, (int)lanes).Fill(T.PositiveInfinity);
        switch (_form)
        {
            case Form.Shared:
                Affine(ref x, stride, ref inputs, pitch, lanes);
                _energies!.Multiply(ref First(_offsets), ref inputs, pitch, ref energies, pitch, ref least, lanes);
                break;
            case Form.SharedFull:
                Shift(ref x, stride, ref inputs, pitch, lanes);
                _energies!.Multiply(ref First(_offsets), ref inputs, pitch, ref energies, pitch, ref least, lanes);
                break;
            default:
                Squares(ref x, stride, ref energies, pitch, ref least, lanes);
                break;
        }
    }

    /// <summary>Evaluates for some lanes.</summary>
    /// <param name="x">The first coordinate; the others follow at the stride.</param>
    /// <param name="stride">The length of a row.</param>
    /// <param name="scratch"><see cref="ScratchRows"/> rows at the pitch.</param>
    /// <param name="pitch">The length of a row of scratch.</param>
    /// <param name="slope">Receives d coordinates at the stride.</param>
    /// <param name="lanes">The number of lanes, whole pairs of vectors.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Evaluate(ref T x, nuint stride, ref T scratch, nuint pitch, ref T slope, nuint lanes)
    {
        ref T least = ref scratch, share = ref Unsafe.Add(ref scratch, pitch), energies = ref Unsafe.Add(ref scratch, 2 * pitch);
        ref T inputs = ref Unsafe.Add(ref energies, (nuint)_count * pitch);
        ref T sums = ref Unsafe.Add(ref inputs, (nuint)InputRows * pitch);
        Energies(ref x, stride, ref scratch, pitch, lanes);
        SoftMinimum.Weights(ref energies, pitch, _count, ref least, ref share, lanes);
        _sums?.Multiply(ref First(_zeros), ref energies, pitch, ref sums, pitch, ref Unsafe.NullRef<T>(), lanes);
        switch (_form)
        {
            case Form.Shared:
                SharedSlope(ref x, stride, ref sums, pitch, ref share, ref First(_constants), ref slope, lanes);
                break;
            case Form.SharedFull:
                SharedFullSlope(ref inputs, ref sums, pitch, ref share, ref First(_constants), ref slope, stride, lanes);
                break;
            case Form.Full:
                FullSlope(ref x, stride, ref sums, pitch, ref share, ref slope, stride, lanes);
                break;
            case Form.Diagonal:
                WeightedAxes.Slopes(ref First(_axes), (nuint)_count, ref energies, pitch, ref share, ref x, ref slope, stride, (nuint)_d, lanes);
                break;
            default:
                IsotropicSlope(ref x, stride, ref sums, pitch, ref share, ref slope, stride, lanes);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Squares(ref T x, nuint stride, ref T energies, nuint pitch, ref T least, nuint lanes)
    {
        ref T offsets = ref First(_offsets), squares = ref First(_squares);
        nuint d = (nuint)_d;
        int k = 0;
        switch (_form)
        {
            case Form.Isotropic:
                ref T precisions = ref First(_precisions);
                for (; k + 4 <= _count; k += 4, squares = ref Unsafe.Add(ref squares, 4 * d))
                    SquaredDistance.IsotropicFour(
                        ref squares, d, ref x, stride, ref Unsafe.Add(ref precisions, k), ref Unsafe.Add(ref offsets, k),
                        ref Unsafe.Add(ref energies, (nuint)k * pitch), pitch, ref least, lanes);
                if (k < _count)
                    SquaredDistance.IsotropicTwo(
                        ref squares, d, ref x, stride, ref Unsafe.Add(ref precisions, k), ref Unsafe.Add(ref offsets, k),
                        ref Unsafe.Add(ref energies, (nuint)k * pitch), pitch, ref least, lanes);
                break;
            case Form.Diagonal:
                for (; k + 4 <= _count; k += 4, squares = ref Unsafe.Add(ref squares, 8 * d))
                    SquaredDistance.DiagonalFour(
                        ref squares, d, ref x, stride, ref Unsafe.Add(ref offsets, k), ref Unsafe.Add(ref energies, (nuint)k * pitch), pitch, ref least, lanes);
                if (k < _count)
                    SquaredDistance.DiagonalTwo(
                        ref squares, d, ref x, stride, ref Unsafe.Add(ref offsets, k), ref Unsafe.Add(ref energies, (nuint)k * pitch), pitch, ref least, lanes);
                break;
            default:
                for (; k < _count; k++)
                {
                    ref T own = ref squares;
                    for (nuint i = 0; i < lanes; i += 2 * (nuint)Vector<T>.Count)
                        squares = ref SquaredDistance.Full(
                            ref own, d, ref Unsafe.Add(ref x, i), stride, Unsafe.Add(ref offsets, k), ref Unsafe.Add(ref energies, (nuint)k * pitch + i),
                            ref Unsafe.Add(ref least, i));
                }
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Affine(ref T x, nuint stride, ref T inputs, nuint pitch, nuint lanes)
    {
        for (int j = 0; j < _d; j++)
        {
            Vector<T> scale = Vector.Create(_scales[j]), shift = Vector.Create(_shifts[j]);
            for (nuint i = 0; i < lanes; i += (nuint)Vector<T>.Count)
                SimdMath.MultiplyAdd(Vector.LoadUnsafe(ref x, (nuint)j * stride + i), scale, shift).StoreUnsafe(ref inputs, (nuint)j * pitch + i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Shift(ref T x, nuint stride, ref T inputs, nuint pitch, nuint lanes)
    {
        for (int j = 0; j < _d; j++)
        {
            Vector<T> shift = Vector.Create(_shifts[j]);
            for (nuint i = 0; i < lanes; i += (nuint)Vector<T>.Count)
                (Vector.LoadUnsafe(ref x, (nuint)j * stride + i) + shift).StoreUnsafe(ref inputs, (nuint)j * pitch + i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void SharedSlope(ref T x, nuint stride, ref T sums, nuint pitch, ref T share, ref T constants, ref T slope, nuint lanes)
    {
        for (int j = 0; j < _d; j++)
        {
            Vector<T> factor = Vector.Create(_factors[j]), meanFactor = Vector.Create(_meanFactors[j]), constant = Vector.Create(Unsafe.Add(ref constants, j));
            for (nuint i = 0; i < lanes; i += (nuint)Vector<T>.Count)
            {
                Vector<T> mean = Vector.LoadUnsafe(ref sums, (nuint)j * pitch + i) * Vector.LoadUnsafe(ref share, i);
                Vector<T> value = SimdMath.MultiplyAdd(factor, Vector.LoadUnsafe(ref x, (nuint)j * stride + i),
                    SimdMath.MultiplyAdd(meanFactor, mean, constant));
                value.StoreUnsafe(ref slope, (nuint)j * stride + i);
            }
        }
    }

    // A(x - c - aδ) + m(mean + δ), δ the expected mean without the mean of the means.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void SharedFullSlope(ref T inputs, ref T sums, nuint pitch, ref T share, ref T constants, ref T slope, nuint stride, nuint lanes)
    {
        Vector<T> centreFactor = Vector.Create(_centreFactor), meanFactor = Vector.Create(_meanFactors[0]);
        for (int j = 0; j < PackedMatrix<T>.Even(_d); j++)
        {
            Vector<T> constant = Vector.Create(Unsafe.Add(ref constants, j));
            for (nuint i = 0; i < lanes; i += (nuint)Vector<T>.Count)
            {
                Vector<T> mean = Vector.LoadUnsafe(ref sums, (nuint)j * pitch + i) * Vector.LoadUnsafe(ref share, i);
                if (j < _d) (Vector.LoadUnsafe(ref inputs, (nuint)j * pitch + i) - centreFactor * mean).StoreUnsafe(ref inputs, (nuint)j * pitch + i);
                SimdMath.MultiplyAdd(meanFactor, mean, constant).StoreUnsafe(ref sums, (nuint)j * pitch + i);
            }
        }
        _matrix!.Multiply(ref Unsafe.NullRef<T>(), ref inputs, pitch, ref sums, pitch, ref Unsafe.NullRef<T>(), lanes);
        for (nuint j = 0; j < (nuint)_d; j++)
            for (nuint i = 0; i < lanes; i += (nuint)Vector<T>.Count) Vector.LoadUnsafe(ref sums, j * pitch + i).StoreUnsafe(ref slope, j * stride + i);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void IsotropicSlope(ref T x, nuint stride, ref T sums, nuint pitch, ref T share, ref T slope, nuint slopeStride, nuint lanes)
    {
        nuint factor = (nuint)_d * pitch;
        for (nuint j = 0; j < (nuint)_d; j++)
        {
            for (nuint i = 0; i < lanes; i += (nuint)Vector<T>.Count)
            {
                Vector<T> sum = SimdMath.MultiplyAdd(
                    Vector.LoadUnsafe(ref sums, factor + i), Vector.LoadUnsafe(ref x, j * stride + i), Vector.LoadUnsafe(ref sums, j * pitch + i));
                (sum * Vector.LoadUnsafe(ref share, i)).StoreUnsafe(ref slope, j * slopeStride + i);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void FullSlope(ref T x, nuint stride, ref T sums, nuint pitch, ref T share, ref T slope, nuint slopeStride, nuint lanes)
    {
        nuint d = (nuint)_d, width = (nuint)Vector<T>.Count;
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

    /// <summary>Values of each component and coordinate, interleaved for four or two components.</summary>
    private T[] Interleaved(int real, int parts, Func<int, int, int, double> value)
    {
        var values = new List<T>(_count * _d * parts);
        for (int k = 0; k < _count;)
        {
            int height = k + 4 <= _count ? 4 : 2;
            for (int j = 0; j < _d; j++)
                for (int row = k; row < k + height; row++)
                    for (int part = 0; part < parts; part++) values.Add(row < real ? T.CreateTruncating(value(row, j, part)) : T.Zero);
            k += height;
        }
        return [.. values];
    }

    /// <summary>Constants and factors, in the order of <see cref="WeightedAxes"/>.</summary>
    private T[] Axes(ComponentCoefficients[] components, int constants)
    {
        var values = new List<T>(2 * _d * _count);
        for (int first = 0; first < _d; first += 2)
        {
            for (int k = 0; k < _count; k++)
            {
                for (int j = first; j < Math.Min(first + 2, _d); j++)
                {
                    values.Add(k < components.Length ? T.CreateTruncating(constants * components[k].Constant[j]) : T.Zero);
                    values.Add(k < components.Length ? T.CreateTruncating(components[k].Factor[j]) : T.Zero);
                }
            }
        }
        return [.. values];
    }

    /// <summary>The rows of the upper triangular roots, in groups of four or two, each with -(root · centre), for the columns from their first on.</summary>
    private T[] Triangles(ComponentCoefficients[] components, double[][] roots)
    {
        int d = _d;
        var values = new List<T>();
        for (int k = 0; k < _count; k++)
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

    /// <summary>Widens a component's diagonal to a matrix.</summary>
    private double[] Shape(ComponentCoefficients component, double[] values)
    {
        if (component.Kind == CovarianceType.Full) return values;
        double[] matrix = new double[_d * _d];
        for (int j = 0; j < _d; j++) matrix[j * _d + j] = values[j];
        return matrix;
    }

    private static double[] Precise(double[] root, double[] offset)
    {
        int d = offset.Length;
        double[] result = new double[d];
        for (int i = 0; i < d; i++)
        {
            double sum = 0;
            for (int j = i; j < d; j++) sum += root[i * d + j] * offset[j];
            for (int j = i; j < d; j++) result[j] += root[i * d + j] * sum;
        }
        return result;
    }

    private static double Dot(double[] left, double[] right)
    {
        double sum = 0;
        for (int j = 0; j < left.Length; j++) sum += left[j] * right[j];
        return sum;
    }

    private static T[] Convert(IEnumerable<double> values) => [.. values.Select(T.CreateTruncating)];

    private static T[] Padded(IEnumerable<double> values, double padding = 0)
    {
        T[] converted = Convert(values);
        return converted.Length % 2 == 0 ? converted : [.. converted, T.CreateTruncating(padding)];
    }

    private static ref T First(T[] values) => ref MemoryMarshal.GetArrayDataReference(values);
}
