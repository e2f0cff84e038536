using System.Numerics;
using System.Runtime.CompilerServices;
using FlowDsl.Mathematics.Fields;
using FlowDsl.Runtime.Arithmetic;

namespace FlowDsl.Runtime.Evaluations;

/// <summary>Covariances along the coordinates: sums and slopes are computed coordinate by coordinate, without rows for the sums.</summary>
internal sealed class DiagonalTable<T> : SquaresTable<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // Roots and shifts; constants and factors; the latter without constants, as they act on a direction.
    private readonly T[] _squares, _axes, _linearAxes;

    public DiagonalTable(EvaluationCoefficients coefficients, double reach)
        : base(coefficients, sums: null, reach)
    {
        ComponentCoefficients[] components = coefficients.Components;
        _squares = Interleaved(
            components.Length, 2, (k, j, part) => part == 0 ? components[k].Root[j] : -components[k].Centre[j] * components[k].Root[j]);
        _axes = Axes(components, constants: 1);
        _linearAxes = Axes(components, constants: 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override void Squares(ref T x, nuint stride, ref T energies, nuint pitch, ref T least, nuint lanes)
    {
        ref T offsets = ref First(Offsets), squares = ref First(_squares);
        nuint d = (nuint)Dimension;
        int k = 0;
        for (; k + 4 <= Count; k += 4, squares = ref Unsafe.Add(ref squares, 8 * d))
            SquaredDistance.DiagonalFour(
                ref squares, d, ref x, stride, ref Unsafe.Add(ref offsets, k), ref Unsafe.Add(ref energies, (nuint)k * pitch), pitch, ref least, lanes);
        if (k < Count)
            SquaredDistance.DiagonalTwo(
                ref squares, d, ref x, stride, ref Unsafe.Add(ref offsets, k), ref Unsafe.Add(ref energies, (nuint)k * pitch), pitch, ref least, lanes);
    }

    protected override void Slopes(ref T x, nuint stride, in EvaluationRows<T> rows, ref T slope)
        => WeightedAxes.Slopes(
            ref First(_axes), (nuint)Count, ref rows.Weights, rows.Pitch, ref rows.Share, ref x, ref slope, stride, (nuint)Dimension, rows.Lanes);

    protected override void SlopeChanges(ref T x, ref T direction, nuint stride, in EvaluationRows<T> rows, in TangentRows<T> tangent, ref T slope)
    {
        nuint pitch = rows.Pitch, lanes = rows.Lanes, d = (nuint)Dimension, count = (nuint)Count;
        WeightedAxes.Slopes(ref First(_axes), count, ref tangent.Changes, pitch, ref tangent.Ones, ref x, ref slope, stride, d, lanes);
        // Rows of the direction and of the scratch differ in length.
        for (nuint j = 0; j < d; j++) Copy(ref Unsafe.Add(ref direction, j * stride), ref Unsafe.Add(ref tangent.Copy, j * pitch), lanes);
        WeightedAxes.Slopes(ref First(_linearAxes), count, ref rows.Weights, pitch, ref rows.Share, ref tangent.Copy, ref tangent.Inputs, pitch, d, lanes);
        Add(ref tangent.Inputs, pitch, ref slope, stride, lanes);
    }

    /// <summary>Constants and factors, in the order of <see cref="WeightedAxes"/>.</summary>
    private T[] Axes(ComponentCoefficients[] components, int constants)
    {
        var values = new List<T>(2 * Dimension * Count);
        for (int first = 0; first < Dimension; first += 2)
        {
            for (int k = 0; k < Count; k++)
            {
                for (int j = first; j < Math.Min(first + 2, Dimension); j++)
                {
                    values.Add(k < components.Length ? T.CreateTruncating(constants * components[k].Constant[j]) : T.Zero);
                    values.Add(k < components.Length ? T.CreateTruncating(components[k].Factor[j]) : T.Zero);
                }
            }
        }
        return [.. values];
    }
}
