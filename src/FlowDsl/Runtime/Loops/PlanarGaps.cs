using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Fields;
using FlowDsl.Mathematics.Structure;
using FlowDsl.Runtime.Arithmetic;
using FlowDsl.Runtime.Evaluations;

namespace FlowDsl.Runtime.Loops;

/// <summary>
/// The gap between the two smallest energies of components of one covariance, on the line or in the plane. There a component's energy takes no more
/// operations than finding its place among the others, so all is done in one pass, in registers.
/// </summary>
/// <typeparam name="T">float or double.</typeparam>
internal sealed class PlanarGaps<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int _count, _dimension;
    // Of each component: the constant term of its energy, and the gradient. The common quadratic term is left out.
    private readonly T[] _numbers;
    private readonly T[] _centre;

    private PlanarGaps(EvaluationCoefficients coefficients, MeanTables<T> means, double a)
    {
        (_count, _dimension) = (coefficients.Components.Length, coefficients.Dimension);
        ComponentCoefficients first = coefficients.Components[0];
        _centre = [.. means.Centre.Select(value => T.CreateTruncating(a * value))];
        _numbers = new T[_count * (_dimension + 1)];
        for (int k = 0; k < _count; k++)
        {
            double constant = coefficients.Components[k].Offset;
            for (int i = 0; i < _dimension; i++)
            {
                double gradient = 0;
                for (int j = 0; j < _dimension; j++) gradient += a * first.Precision(i, j) * means.Offsets[k][j];
                constant += gradient * a * means.Offsets[k][i];
                _numbers[k * (_dimension + 1) + 1 + i] = T.CreateTruncating(-2 * gradient);
            }
            _numbers[k * (_dimension + 1)] = T.CreateTruncating(constant);
        }
    }

    /// <summary>The gaps at a node; null where the mixture has other covariances or more coordinates.</summary>
    /// <param name="mixture">The mixture.</param>
    /// <param name="means">Its means.</param>
    /// <param name="field">A field at the node.</param>
    public static PlanarGaps<T>? TryCreate(Mixture mixture, MeanTables<T> means, in MixtureField field)
    {
        Precision precision = typeof(T) == typeof(double) ? Precision.Double : Precision.Single;
        if (mixture.Dimension > 2 || !mixture.HasSharedCovariance || LogitScales.AreLost(mixture, field.Point, precision)) return null;
        return new PlanarGaps<T>(new EvaluationCoefficients(mixture, field), means, field.Point.A);
    }

    /// <summary>least ← min(least, unit · gap).</summary>
    /// <param name="x">The first coordinate.</param>
    /// <param name="stride">The length of a row.</param>
    /// <param name="unit">The factor.</param>
    /// <param name="least">A row.</param>
    /// <param name="lanes">The number of lanes, whole pairs of vectors.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Lower(ref T x, nuint stride, T unit, ref T least, nuint lanes)
    {
        nuint width = (nuint)Vector<T>.Count;
        ref T y = ref _dimension == 1 ? ref x : ref Unsafe.Add(ref x, stride);
        Vector<T> origin = Vector.Create(_centre[0]), last = Vector.Create(_centre[^1]), factor = Vector.Create(unit);
        for (nuint i = 0; i < lanes; i += 2 * width)
        {
            Vector<T> xa = Vector.LoadUnsafe(ref x, i) - origin, xb = Vector.LoadUnsafe(ref x, i + width) - origin;
            Vector<T> ya = Vector.LoadUnsafe(ref y, i) - last, yb = Vector.LoadUnsafe(ref y, i + width) - last;
            Vector<T> leastA = new(T.PositiveInfinity), leastB = leastA, secondA = leastA, secondB = leastA;
            ref T number = ref MemoryMarshal.GetArrayDataReference(_numbers);
            for (int k = 0; k < _count; k++)
            {
                Vector<T> constant = Vector.Create(number), gradient = Vector.Create(Unsafe.Add(ref number, 1));
                Vector<T> a = SimdMath.MultiplyAdd(gradient, xa, constant), b = SimdMath.MultiplyAdd(gradient, xb, constant);
                if (_dimension == 2)
                {
                    gradient = Vector.Create(Unsafe.Add(ref number, 2));
                    a = SimdMath.MultiplyAdd(gradient, ya, a);
                    b = SimdMath.MultiplyAdd(gradient, yb, b);
                }
                secondA = Vector.MinNative(secondA, Vector.MaxNative(leastA, a));
                secondB = Vector.MinNative(secondB, Vector.MaxNative(leastB, b));
                leastA = Vector.MinNative(leastA, a);
                leastB = Vector.MinNative(leastB, b);
                number = ref Unsafe.Add(ref number, _dimension + 1);
            }
            // NaN if the state is NaN.
            Vector.Min(Vector.LoadUnsafe(ref least, i), (secondA - leastA) * factor).StoreUnsafe(ref least, i);
            Vector.Min(Vector.LoadUnsafe(ref least, i + width), (secondB - leastB) * factor).StoreUnsafe(ref least, i + width);
        }
    }
}
