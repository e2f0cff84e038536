using System.Numerics;
using System.Runtime.CompilerServices;
using FlowDsl.Mathematics.Fields;
using FlowDsl.Runtime.Arithmetic;

namespace FlowDsl.Runtime.Evaluations;

/// <summary>One full covariance: slopes are A(x - c - aδ) + m(mean + δ), δ the expected mean without the mean of the means.</summary>
internal sealed class SharedFullTable<T> : SharedTable<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T[] _shifts, _constants, _noConstants;
    private readonly T _centreFactor, _meanFactor;
    private readonly PackedMatrix<T> _matrix;

    public SharedFullTable(EvaluationCoefficients coefficients, MeanTables<T> means, in MixtureField field)
        : this(coefficients, means, field, [.. means.Offsets.Select(offset => Precise(coefficients.Components[0].Root, offset))])
    {
    }

    private SharedFullTable(EvaluationCoefficients coefficients, MeanTables<T> means, in MixtureField field, double[][] precise)
        : base(coefficients.Dimension, Constants(coefficients, means, field.Point.A, precise), Matrix(precise, field.Point.A), means)
    {
        int d = coefficients.Dimension;
        double a = field.Point.A, m = field.MeanFactor;
        double[] factor = coefficients.Components[0].Factor;
        _matrix = new PackedMatrix<T>(d, d, (i, j) => factor[i * d + j]);
        _shifts = Convert(means.Centre.Select(value => -(a * value)));
        (_centreFactor, _meanFactor) = (T.CreateTruncating(a), T.CreateTruncating(m));
        _constants = Padded(means.Centre.Select(value => m * value));
        _noConstants = new T[_constants.Length];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override void Inputs(ref T x, nuint stride, in EvaluationRows<T> rows)
    {
        ref T inputs = ref rows.Inputs;
        nuint pitch = rows.Pitch, lanes = rows.Lanes;
        for (int j = 0; j < Dimension; j++)
        {
            Vector<T> shift = Vector.Create(_shifts[j]);
            for (nuint i = 0; i < lanes; i += (nuint)Vector<T>.Count)
                (Vector.LoadUnsafe(ref x, (nuint)j * stride + i) + shift).StoreUnsafe(ref inputs, (nuint)j * pitch + i);
        }
    }

    protected override void Slopes(ref T x, nuint stride, in EvaluationRows<T> rows, ref T slope)
        => Slopes(ref rows.Inputs, ref rows.Sums, rows.Pitch, ref rows.Share, _constants, ref slope, stride, rows.Lanes);

    protected override void EnergyChanges(ref T x, ref T direction, nuint stride, in EvaluationRows<T> rows, in TangentRows<T> tangent)
    {
        for (nuint j = 0; j < (nuint)Dimension; j++)
            Copy(ref Unsafe.Add(ref direction, j * stride), ref Unsafe.Add(ref tangent.Inputs, j * rows.Pitch), rows.Lanes);
        EnergyMatrix.Multiply(ref Zeros, ref tangent.Inputs, rows.Pitch, ref tangent.Changes, rows.Pitch, ref Unsafe.NullRef<T>(), rows.Lanes);
    }

    protected override void SlopeChanges(ref T x, ref T direction, nuint stride, in EvaluationRows<T> rows, in TangentRows<T> tangent, ref T slope)
        => Slopes(ref tangent.Inputs, ref tangent.Sums, rows.Pitch, ref tangent.Ones, _noConstants, ref slope, stride, rows.Lanes);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Slopes(ref T inputs, ref T sums, nuint pitch, ref T share, T[] constants, ref T slope, nuint stride, nuint lanes)
    {
        Vector<T> centreFactor = Vector.Create(_centreFactor), meanFactor = Vector.Create(_meanFactor);
        for (int j = 0; j < PackedMatrix<T>.Even(Dimension); j++)
        {
            Vector<T> constant = Vector.Create(constants[j]);
            for (nuint i = 0; i < lanes; i += (nuint)Vector<T>.Count)
            {
                Vector<T> mean = Vector.LoadUnsafe(ref sums, (nuint)j * pitch + i) * Vector.LoadUnsafe(ref share, i);
                if (j < Dimension) (Vector.LoadUnsafe(ref inputs, (nuint)j * pitch + i) - centreFactor * mean).StoreUnsafe(ref inputs, (nuint)j * pitch + i);
                SimdMath.MultiplyAdd(meanFactor, mean, constant).StoreUnsafe(ref sums, (nuint)j * pitch + i);
            }
        }
        _matrix.Multiply(ref Unsafe.NullRef<T>(), ref inputs, pitch, ref sums, pitch, ref Unsafe.NullRef<T>(), lanes);
        for (nuint j = 0; j < (nuint)Dimension; j++) Copy(ref Unsafe.Add(ref sums, j * pitch), ref Unsafe.Add(ref slope, j * stride), lanes);
    }

    private static PackedMatrix<T> Matrix(double[][] precise, double a)
        => new(precise.Length, precise[0].Length, (k, j) => -2 * a * precise[k][j]);

    /// <summary>rootᵀroot δ, for an upper triangular root.</summary>
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
}
