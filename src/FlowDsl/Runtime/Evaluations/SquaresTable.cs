using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FlowDsl.Mathematics.Fields;
using FlowDsl.Runtime.Arithmetic;

namespace FlowDsl.Runtime.Evaluations;

/// <summary>Different covariances keep the squares (root (x - centre))², in which nothing cancels, and sum Σ w_k A_k and Σ w_k Constant_k.</summary>
/// <param name="coefficients">The components.</param>
/// <param name="sums">The matrix of the sums over components.</param>
/// <param name="reach">The length to which directions are scaled.</param>
internal abstract class SquaresTable<T>(EvaluationCoefficients coefficients, PackedMatrix<T>? sums, double reach)
    : EvaluationTable<T>(coefficients.Dimension, [.. coefficients.Components.Select(component => component.Offset)], sums)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The components' energies, and their minimum.</summary>
    protected abstract void Squares(ref T x, nuint stride, ref T energies, nuint pitch, ref T least, nuint lanes);

    protected override void Energies(ref T x, nuint stride, in EvaluationRows<T> rows)
        => Squares(ref x, stride, ref rows.Weights, rows.Pitch, ref rows.Least, rows.Lanes);

    /// <summary>
    /// The energies' derivatives along a direction. Energies are quadratic, so a central difference is exact at any distance; at the distance of the
    /// mixture's own spread it loses hardly any digits.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override void EnergyChanges(ref T x, ref T direction, nuint stride, in EvaluationRows<T> rows, in TangentRows<T> tangent)
    {
        ref T scale = ref tangent.Scale, inverse = ref tangent.Inverse, changes = ref tangent.Changes, spare = ref tangent.Spare;
        nuint pitch = rows.Pitch, lanes = rows.Lanes;
        Vector<T> length = Vector.Create(T.CreateTruncating(reach)), half = Vector.Create(T.CreateTruncating(0.5 / reach));
        for (nuint i = 0; i < lanes; i += (nuint)Vector<T>.Count)
        {
            Vector<T> square = Vector<T>.Zero;
            for (nuint j = 0; j < (nuint)Dimension; j++)
            {
                Vector<T> coordinate = Vector.LoadUnsafe(ref direction, j * stride + i);
                square = SimdMath.MultiplyAdd(coordinate, coordinate, square);
            }
            Vector<T> own = Vector.SquareRoot(square);
            Vector.ConditionalSelect(Vector.Equals(own, Vector<T>.Zero), Vector<T>.Zero, length / own).StoreUnsafe(ref scale, i);
            (own * half).StoreUnsafe(ref inverse, i);
        }
        Shifted(ref x, ref direction, stride, ref scale, Vector<T>.One, ref tangent.Inputs, pitch, lanes);
        Squares(ref tangent.Inputs, pitch, ref changes, pitch, ref tangent.Least, lanes);
        Shifted(ref x, ref direction, stride, ref scale, -Vector<T>.One, ref tangent.Inputs, pitch, lanes);
        Squares(ref tangent.Inputs, pitch, ref spare, pitch, ref tangent.Least, lanes);
        for (nuint k = 0; k < (nuint)Count; k++)
        {
            for (nuint i = 0; i < lanes; i += (nuint)Vector<T>.Count)
            {
                nuint at = k * pitch + i;
                Vector<T> difference = Vector.LoadUnsafe(ref changes, at) - Vector.LoadUnsafe(ref spare, at);
                // The energy of the padding component is infinite on both sides. A NaN in the state shows in the weights.
                difference = Vector.ConditionalSelect(Vector.Equals(difference, difference), difference, Vector<T>.Zero);
                (difference * Vector.LoadUnsafe(ref inverse, i)).StoreUnsafe(ref changes, at);
            }
        }
    }

    // x ± scale v
    private void Shifted(ref T x, ref T direction, nuint stride, ref T scale, Vector<T> sign, ref T inputs, nuint pitch, nuint lanes)
    {
        for (nuint j = 0; j < (nuint)Dimension; j++)
        {
            for (nuint i = 0; i < lanes; i += (nuint)Vector<T>.Count)
                SimdMath.MultiplyAdd(Vector.LoadUnsafe(ref direction, j * stride + i), Vector.LoadUnsafe(ref scale, i) * sign,
                    Vector.LoadUnsafe(ref x, j * stride + i))
                    .StoreUnsafe(ref inputs, j * pitch + i);
        }
    }

    /// <summary>Adds rows at the scratch's pitch to slopes.</summary>
    protected void Add(ref T values, nuint pitch, ref T slope, nuint stride, nuint lanes)
    {
        for (nuint j = 0; j < (nuint)Dimension; j++)
            for (nuint i = 0; i < lanes; i += (nuint)Vector<T>.Count)
                (Vector.LoadUnsafe(ref slope, j * stride + i) + Vector.LoadUnsafe(ref values, j * pitch + i)).StoreUnsafe(ref slope, j * stride + i);
    }

    /// <summary>Values of each component and coordinate, interleaved for four or two components.</summary>
    protected T[] Interleaved(int real, int parts, Func<int, int, int, double> value)
    {
        var values = new List<T>(Count * Dimension * parts);
        for (int k = 0; k < Count;)
        {
            int height = k + 4 <= Count ? 4 : 2;
            for (int j = 0; j < Dimension; j++)
                for (int row = k; row < k + height; row++)
                    for (int part = 0; part < parts; part++) values.Add(row < real ? T.CreateTruncating(value(row, j, part)) : T.Zero);
            k += height;
        }
        return [.. values];
    }
}

/// <summary>Squares whose sums are a matrix of constants, and below it one of factors.</summary>
internal abstract class SummedSquaresTable<T>(EvaluationCoefficients coefficients, PackedMatrix<T> sums, double reach)
    : SquaresTable<T>(coefficients, sums, reach)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    protected override void Slopes(ref T x, nuint stride, in EvaluationRows<T> rows, ref T slope)
        => Slopes(ref x, stride, ref rows.Sums, rows.Pitch, ref rows.Share, ref slope, stride, rows.Lanes);

    /// <summary>share (sum of constants + sum of factors x).</summary>
    protected abstract void Slopes(ref T x, nuint stride, ref T sums, nuint pitch, ref T share, ref T slope, nuint slopeStride, nuint lanes);

    /// <summary>The change of the weights times the components' contributions, plus the contributions' change along the direction.</summary>
    protected override void SlopeChanges(ref T x, ref T direction, nuint stride, in EvaluationRows<T> rows, in TangentRows<T> tangent, ref T slope)
    {
        nuint pitch = rows.Pitch, lanes = rows.Lanes;
        Slopes(ref x, stride, ref tangent.Sums, pitch, ref tangent.Ones, ref slope, stride, lanes);
        // Constants do not act on a direction.
        MemoryMarshal.CreateSpan(ref tangent.Sums, (int)((nuint)SumRows * pitch)).Clear();
        for (nuint row = (nuint)Dimension; row < (nuint)SumRows; row++)
            Copy(ref Unsafe.Add(ref rows.Sums, row * pitch), ref Unsafe.Add(ref tangent.Sums, row * pitch), lanes);
        Slopes(ref direction, stride, ref tangent.Sums, pitch, ref rows.Share, ref tangent.Inputs, pitch, lanes);
        Add(ref tangent.Inputs, pitch, ref slope, stride, lanes);
    }
}
