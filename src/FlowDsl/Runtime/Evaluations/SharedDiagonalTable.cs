using System.Numerics;
using System.Runtime.CompilerServices;
using FlowDsl.Mathematics.Fields;
using FlowDsl.Runtime.Arithmetic;

namespace FlowDsl.Runtime.Evaluations;

/// <summary>One covariance along the coordinates: slopes are factor x + meanFactor Σ r_k δ_k + constant.</summary>
internal sealed class SharedDiagonalTable<T> : SharedTable<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // The energies' matrix is for scale x + shift.
    private readonly T[] _scales, _shifts, _factors, _meanFactors, _constants, _noConstants;

    public SharedDiagonalTable(EvaluationCoefficients coefficients, MeanTables<T> means, in MixtureField field)
        : base(coefficients.Dimension, Constants(coefficients, means, field.Point.A, Precise(coefficients, means)), means.ByComponent, means)
    {
        double a = field.Point.A, m = field.MeanFactor;
        double[] root = coefficients.Components[0].Root, factor = coefficients.Components[0].Factor;
        double[] centre = [.. means.Centre.Select(value => a * value)];
        _scales = Convert(root.Select(value => -2 * a * value * value));
        _shifts = Convert(root.Select((value, j) => 2 * a * value * value * centre[j]));
        _factors = Convert(factor);
        _meanFactors = Convert(factor.Select(value => m - value * a));
        _constants = Convert(factor.Select((value, j) => (m - value * a) * means.Centre[j]));
        _noConstants = new T[_constants.Length];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override void Inputs(ref T x, nuint stride, in EvaluationRows<T> rows)
    {
        ref T inputs = ref rows.Inputs;
        nuint pitch = rows.Pitch, lanes = rows.Lanes;
        for (int j = 0; j < Dimension; j++)
        {
            Vector<T> scale = Vector.Create(_scales[j]), shift = Vector.Create(_shifts[j]);
            for (nuint i = 0; i < lanes; i += (nuint)Vector<T>.Count)
                SimdMath.MultiplyAdd(Vector.LoadUnsafe(ref x, (nuint)j * stride + i), scale, shift).StoreUnsafe(ref inputs, (nuint)j * pitch + i);
        }
    }

    protected override void Slopes(ref T x, nuint stride, in EvaluationRows<T> rows, ref T slope)
        => Slopes(ref x, stride, ref rows.Sums, rows.Pitch, ref rows.Share, _constants, ref slope, rows.Lanes);

    protected override void EnergyChanges(ref T x, ref T direction, nuint stride, in EvaluationRows<T> rows, in TangentRows<T> tangent)
    {
        for (nuint j = 0; j < (nuint)Dimension; j++)
            for (nuint i = 0; i < rows.Lanes; i += (nuint)Vector<T>.Count)
                (Vector.LoadUnsafe(ref direction, j * stride + i) * _scales[j]).StoreUnsafe(ref tangent.Inputs, j * rows.Pitch + i);
        EnergyMatrix.Multiply(ref Zeros, ref tangent.Inputs, rows.Pitch, ref tangent.Changes, rows.Pitch, ref Unsafe.NullRef<T>(), rows.Lanes);
    }

    protected override void SlopeChanges(ref T x, ref T direction, nuint stride, in EvaluationRows<T> rows, in TangentRows<T> tangent, ref T slope)
        => Slopes(ref direction, stride, ref tangent.Sums, rows.Pitch, ref tangent.Ones, _noConstants, ref slope, rows.Lanes);

    private static double[][] Precise(EvaluationCoefficients coefficients, MeanTables<T> means)
    {
        double[] root = coefficients.Components[0].Root;
        return [.. means.Offsets.Select(offset => (double[])[.. offset.Select((value, j) => root[j] * root[j] * value)])];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Slopes(ref T x, nuint stride, ref T sums, nuint pitch, ref T share, T[] constants, ref T slope, nuint lanes)
    {
        for (int j = 0; j < Dimension; j++)
        {
            Vector<T> factor = Vector.Create(_factors[j]), meanFactor = Vector.Create(_meanFactors[j]), constant = Vector.Create(constants[j]);
            for (nuint i = 0; i < lanes; i += (nuint)Vector<T>.Count)
            {
                Vector<T> mean = Vector.LoadUnsafe(ref sums, (nuint)j * pitch + i) * Vector.LoadUnsafe(ref share, i);
                Vector<T> value = SimdMath.MultiplyAdd(factor, Vector.LoadUnsafe(ref x, (nuint)j * stride + i),
                    SimdMath.MultiplyAdd(meanFactor, mean, constant));
                value.StoreUnsafe(ref slope, (nuint)j * stride + i);
            }
        }
    }
}
