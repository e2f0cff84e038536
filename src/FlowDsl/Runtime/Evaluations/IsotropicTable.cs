using System.Numerics;
using System.Runtime.CompilerServices;
using FlowDsl.Mathematics.Fields;
using FlowDsl.Runtime.Arithmetic;

namespace FlowDsl.Runtime.Evaluations;

/// <summary>Isotropic covariances: the squares of the differences are summed before they are multiplied.</summary>
internal sealed class IsotropicTable<T> : SummedSquaresTable<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T[] _centres, _precisions;

    public IsotropicTable(EvaluationCoefficients coefficients, double reach)
        : base(coefficients, Sums(coefficients), reach)
    {
        ComponentCoefficients[] components = coefficients.Components;
        _precisions = Padded(components.Select(component => component.Root[0] * component.Root[0]));
        _centres = Interleaved(components.Length, 1, (k, j, _) => components[k].Centre[j]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override void Squares(ref T x, nuint stride, ref T energies, nuint pitch, ref T least, nuint lanes)
    {
        ref T offsets = ref First(Offsets), precisions = ref First(_precisions), centres = ref First(_centres);
        nuint d = (nuint)Dimension;
        int k = 0;
        for (; k + 4 <= Count; k += 4, centres = ref Unsafe.Add(ref centres, 4 * d))
            SquaredDistance.IsotropicFour(
                ref centres, d, ref x, stride, ref Unsafe.Add(ref precisions, k), ref Unsafe.Add(ref offsets, k),
                ref Unsafe.Add(ref energies, (nuint)k * pitch), pitch, ref least, lanes);
        if (k < Count)
            SquaredDistance.IsotropicTwo(
                ref centres, d, ref x, stride, ref Unsafe.Add(ref precisions, k), ref Unsafe.Add(ref offsets, k),
                ref Unsafe.Add(ref energies, (nuint)k * pitch), pitch, ref least, lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override void Slopes(ref T x, nuint stride, ref T sums, nuint pitch, ref T share, ref T slope, nuint slopeStride, nuint lanes)
    {
        nuint factor = (nuint)Dimension * pitch;
        for (nuint j = 0; j < (nuint)Dimension; j++)
        {
            for (nuint i = 0; i < lanes; i += (nuint)Vector<T>.Count)
            {
                Vector<T> sum = SimdMath.MultiplyAdd(
                    Vector.LoadUnsafe(ref sums, factor + i), Vector.LoadUnsafe(ref x, j * stride + i), Vector.LoadUnsafe(ref sums, j * pitch + i));
                (sum * Vector.LoadUnsafe(ref share, i)).StoreUnsafe(ref slope, j * slopeStride + i);
            }
        }
    }

    private static PackedMatrix<T> Sums(EvaluationCoefficients coefficients)
    {
        ComponentCoefficients[] components = coefficients.Components;
        int d = coefficients.Dimension, count = components.Length;
        return new(d + 1, PackedMatrix<T>.Even(count), (i, k) => k >= count ? 0 : i < d ? components[k].Constant[i] : components[k].Factor[0]);
    }
}
