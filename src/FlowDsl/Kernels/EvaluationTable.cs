using System.Numerics;
using FlowDsl.Analysis;

namespace FlowDsl.Kernels;

/// <summary>One evaluation of a field by loops over tables, for one vector of samples at a time.</summary>
/// <remarks>
/// Three passes: energies of all components with the least one; weights 2^(least - energy) with their total; slopes. Four
/// components, then four coordinates, advance together, so that no multiply-add waits for the one before it.
/// </remarks>
internal sealed class EvaluationTable<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int _d, _count;
    private readonly CovarianceKind _kind;
    private readonly T[] _offsets, _roots, _centres, _factors, _constants;

    public EvaluationTable(Mixture mixture, in MixtureField field)
    {
        var coefficients = new EvaluationCoefficients(mixture, field);
        (_d, _count, _kind) = (mixture.Dimension, mixture.Count, coefficients.Kind);
        _offsets = Convert(coefficients.Components.Select(c => c.Offset));
        _centres = Convert(coefficients.Components.SelectMany(c => c.Centre));
        _constants = Convert(coefficients.Components.SelectMany(c => c.Constant));
        _roots = Convert(coefficients.Components.SelectMany(c => Shape(c, c.Root)));
        _factors = Convert(coefficients.Components.SelectMany(c => Shape(c, c.Factor)));
    }

    /// <summary>Evaluates for one vector of samples.</summary>
    /// <param name="x">The vector's first coordinate; the others follow at the stride.</param>
    /// <param name="stride">The length of a row.</param>
    /// <param name="energies">Scratch of one vector a component.</param>
    /// <param name="slope">Receives d coordinates at the stride.</param>
    public void Evaluate(ref T x, nuint stride, ref T energies, ref T slope)
    {
        Vector<T> least = _kind == CovarianceKind.Full ? FullEnergies(ref x, stride, ref energies) : AxisEnergies(ref x, stride, ref energies);

        nuint width = (nuint)Vector<T>.Count;
        Vector<T> total = Vector<T>.Zero;
        for (int k = 0; k < _count; k++)
        {
            Vector<T> weight = SimdMath.Exp2(least - Vector.LoadUnsafe(ref energies, (nuint)k * width));
            weight.StoreUnsafe(ref energies, (nuint)k * width);
            total += weight;
        }
        Vector<T> share = Vector<T>.One / total;

        switch (_kind)
        {
            case CovarianceKind.Isotropic:
                IsotropicSlope(ref x, stride, ref energies, share, ref slope);
                break;
            case CovarianceKind.Diagonal:
                DiagonalSlope(ref x, stride, ref energies, share, ref slope);
                break;
            default:
                FullSlope(ref x, stride, ref energies, share, ref slope);
                break;
        }
    }

    private Vector<T> AxisEnergies(ref T x, nuint stride, ref T energies)
    {
        nuint width = (nuint)Vector<T>.Count;
        Vector<T> least = Vector.Create(T.PositiveInfinity);
        int k = 0;
        for (; k + 4 <= _count; k += 4)
        {
            Vector<T> e0 = Vector.Create(_offsets[k]), e1 = Vector.Create(_offsets[k + 1]);
            Vector<T> e2 = Vector.Create(_offsets[k + 2]), e3 = Vector.Create(_offsets[k + 3]);
            for (int j = 0, at = k * _d; j < _d; j++, at++)
            {
                Vector<T> xj = Vector.LoadUnsafe(ref x, (nuint)j * stride);
                e0 = Add(e0, xj, at);
                e1 = Add(e1, xj, at + _d);
                e2 = Add(e2, xj, at + 2 * _d);
                e3 = Add(e3, xj, at + 3 * _d);
            }
            e0.StoreUnsafe(ref energies, (nuint)k * width);
            e1.StoreUnsafe(ref energies, (nuint)(k + 1) * width);
            e2.StoreUnsafe(ref energies, (nuint)(k + 2) * width);
            e3.StoreUnsafe(ref energies, (nuint)(k + 3) * width);
            least = Vector.MinNative(least, Vector.MinNative(Vector.MinNative(e0, e1), Vector.MinNative(e2, e3)));
        }
        for (; k < _count; k++)
        {
            Vector<T> energy = Vector.Create(_offsets[k]);
            for (int j = 0; j < _d; j++) energy = Add(energy, Vector.LoadUnsafe(ref x, (nuint)j * stride), k * _d + j);
            energy.StoreUnsafe(ref energies, (nuint)k * width);
            least = Vector.MinNative(least, energy);
        }
        return least;

        Vector<T> Add(Vector<T> energy, Vector<T> xj, int at)
        {
            Vector<T> scaled = (xj - Vector.Create(_centres[at])) * Vector.Create(_roots[at]);
            return SimdMath.MultiplyAdd(scaled, scaled, energy);
        }
    }

    private Vector<T> FullEnergies(ref T x, nuint stride, ref T energies)
    {
        Vector<T> least = Vector.Create(T.PositiveInfinity);
        for (int k = 0; k < _count; k++)
        {
            Vector<T> energy = Vector.Create(_offsets[k]);
            for (int i = 0; i < _d; i++)
            {
                Vector<T> sum = Vector<T>.Zero;
                int row = (k * _d + i) * _d;
                for (int j = i; j < _d; j++)
                {
                    Vector<T> y = Vector.LoadUnsafe(ref x, (nuint)j * stride) - Vector.Create(_centres[k * _d + j]);
                    sum = SimdMath.MultiplyAdd(y, Vector.Create(_roots[row + j]), sum);
                }
                energy = SimdMath.MultiplyAdd(sum, sum, energy);
            }
            energy.StoreUnsafe(ref energies, (nuint)k * (nuint)Vector<T>.Count);
            least = Vector.MinNative(least, energy);
        }
        return least;
    }

    private void IsotropicSlope(ref T x, nuint stride, ref T weights, Vector<T> share, ref T slope)
    {
        nuint width = (nuint)Vector<T>.Count;
        Vector<T> factor = Vector<T>.Zero;
        for (int k = 0; k < _count; k++)
            factor = SimdMath.MultiplyAdd(Vector.LoadUnsafe(ref weights, (nuint)k * width), Vector.Create(_factors[k * _d]), factor);
        int j = 0;
        for (; j + 4 <= _d; j += 4)
        {
            Vector<T> s0 = Vector<T>.Zero, s1 = s0, s2 = s0, s3 = s0;
            for (int k = 0; k < _count; k++)
            {
                Vector<T> weight = Vector.LoadUnsafe(ref weights, (nuint)k * width);
                int at = k * _d + j;
                s0 = SimdMath.MultiplyAdd(weight, Vector.Create(_constants[at]), s0);
                s1 = SimdMath.MultiplyAdd(weight, Vector.Create(_constants[at + 1]), s1);
                s2 = SimdMath.MultiplyAdd(weight, Vector.Create(_constants[at + 2]), s2);
                s3 = SimdMath.MultiplyAdd(weight, Vector.Create(_constants[at + 3]), s3);
            }
            Store(ref x, s0, j, ref slope);
            Store(ref x, s1, j + 1, ref slope);
            Store(ref x, s2, j + 2, ref slope);
            Store(ref x, s3, j + 3, ref slope);
        }
        for (; j < _d; j++)
        {
            Vector<T> sum = Vector<T>.Zero;
            for (int k = 0; k < _count; k++)
                sum = SimdMath.MultiplyAdd(Vector.LoadUnsafe(ref weights, (nuint)k * width), Vector.Create(_constants[k * _d + j]), sum);
            Store(ref x, sum, j, ref slope);
        }

        void Store(ref T x, Vector<T> sum, int j, ref T slope)
        {
            Vector<T> value = SimdMath.MultiplyAdd(factor, Vector.LoadUnsafe(ref x, (nuint)j * stride), sum) * share;
            value.StoreUnsafe(ref slope, (nuint)j * stride);
        }
    }

    private void DiagonalSlope(ref T x, nuint stride, ref T weights, Vector<T> share, ref T slope)
    {
        for (int j = 0; j < _d; j++)
        {
            Vector<T> factor = Vector<T>.Zero, constant = Vector<T>.Zero;
            for (int k = 0; k < _count; k++)
            {
                Vector<T> weight = Vector.LoadUnsafe(ref weights, (nuint)k * (nuint)Vector<T>.Count);
                factor = SimdMath.MultiplyAdd(weight, Vector.Create(_factors[k * _d + j]), factor);
                constant = SimdMath.MultiplyAdd(weight, Vector.Create(_constants[k * _d + j]), constant);
            }
            Vector<T> value = SimdMath.MultiplyAdd(factor, Vector.LoadUnsafe(ref x, (nuint)j * stride), constant) * share;
            value.StoreUnsafe(ref slope, (nuint)j * stride);
        }
    }

    private void FullSlope(ref T x, nuint stride, ref T weights, Vector<T> share, ref T slope)
    {
        for (int i = 0; i < _d; i++)
        {
            Vector<T> sum = Vector<T>.Zero;
            for (int k = 0; k < _count; k++)
            {
                Vector<T> own = Vector.Create(_constants[k * _d + i]);
                int row = (k * _d + i) * _d;
                for (int j = 0; j < _d; j++)
                    own = SimdMath.MultiplyAdd(Vector.LoadUnsafe(ref x, (nuint)j * stride), Vector.Create(_factors[row + j]), own);
                sum = SimdMath.MultiplyAdd(Vector.LoadUnsafe(ref weights, (nuint)k * (nuint)Vector<T>.Count), own, sum);
            }
            (sum * share).StoreUnsafe(ref slope, (nuint)i * stride);
        }
    }

    /// <summary>Widens a component's diagonal to the mixture's shape.</summary>
    private double[] Shape(ComponentCoefficients component, double[] values)
    {
        if (_kind != CovarianceKind.Full || component.Kind == CovarianceKind.Full) return values;
        double[] matrix = new double[_d * _d];
        for (int j = 0; j < _d; j++) matrix[j * _d + j] = values[j];
        return matrix;
    }

    private static T[] Convert(IEnumerable<double> values) => values.Select(T.CreateTruncating).ToArray();
}
