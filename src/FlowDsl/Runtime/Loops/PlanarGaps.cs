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
    private readonly bool _isMirrored;

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
        if (Halves(means, coefficients) is not { } halves) return;
        _isMirrored = true;
        _count = halves.Length;
        _numbers = [.. halves.SelectMany(k => _numbers[(k * (_dimension + 1))..((k + 1) * (_dimension + 1))])];
    }

    // One of each pair of means mirrored at their mean, where all weigh alike and lie on a circle; null where that is not so. With two pairs or more the two
    // likeliest components are not of one pair, so each pair's nearer one is enough.
    private static int[]? Halves(MeanTables<T> means, EvaluationCoefficients coefficients)
    {
        int count = means.Offsets.Length, d = coefficients.Dimension;
        double[] squares = [.. means.Offsets.Select(offset => offset.Sum(value => value * value))];
        double rounding = 1e-13 * squares.Max();
        if (count < 4 || squares.Max() - squares.Min() > rounding || coefficients.Components.Any(component => component.Offset != 0)) return null;
        if (d > 1 && coefficients.Components[0].Kind != CovarianceType.Isotropic) return null;
        var halves = new List<int>();
        bool[] isTaken = new bool[count];
        for (int k = 0; k < count; k++)
        {
            if (isTaken[k]) continue;
            double[] own = means.Offsets[k];
            int opposite = Array.FindIndex(
                means.Offsets, k + 1, other => other.Zip(own, (left, right) => (left + right) * (left + right)).Sum() <= 1e-13 * rounding);
            if (opposite < 0 || isTaken[opposite]) return null;
            isTaken[opposite] = true;
            halves.Add(k);
        }
        return [.. halves];
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
    public void Lower(ref T x, nuint stride, T unit, ref T least, nuint lanes)
    {
        if (_isMirrored) LowerMirrored(ref x, stride, unit, ref least, lanes);
        else LowerAll(ref x, stride, unit, ref least, lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void LowerMirrored(ref T x, nuint stride, T unit, ref T least, nuint lanes)
    {
        nuint width = (nuint)Vector<T>.Count;
        ref T y = ref _dimension == 1 ? ref x : ref Unsafe.Add(ref x, stride);
        Vector<T> origin = Vector.Create(_centre[0]), last = Vector.Create(_centre[^1]), factor = Vector.Create(unit);
        for (nuint i = 0; i < lanes; i += 2 * width)
        {
            Vector<T> xa = Vector.LoadUnsafe(ref x, i) - origin, xb = Vector.LoadUnsafe(ref x, i + width) - origin;
            Vector<T> ya = Vector.LoadUnsafe(ref y, i) - last, yb = Vector.LoadUnsafe(ref y, i + width) - last;
            Vector<T> mostA = Vector<T>.Zero, mostB = mostA, secondA = mostA, secondB = mostA;
            ref T number = ref MemoryMarshal.GetArrayDataReference(_numbers);
            for (int k = 0; k < _count; k++)
            {
                Vector<T> gradient = Vector.Create(Unsafe.Add(ref number, 1)), a = gradient * xa, b = gradient * xb;
                if (_dimension == 2)
                {
                    gradient = Vector.Create(Unsafe.Add(ref number, 2));
                    a = SimdMath.MultiplyAdd(gradient, ya, a);
                    b = SimdMath.MultiplyAdd(gradient, yb, b);
                }
                (a, b) = (Vector.Abs(a), Vector.Abs(b));
                secondA = Vector.MaxNative(secondA, Vector.MinNative(mostA, a));
                secondB = Vector.MaxNative(secondB, Vector.MinNative(mostB, b));
                mostA = Vector.MaxNative(mostA, a);
                mostB = Vector.MaxNative(mostB, b);
                number = ref Unsafe.Add(ref number, _dimension + 1);
            }
            // NaN if the state is NaN.
            Vector.Min(Vector.LoadUnsafe(ref least, i), (mostA - secondA) * factor).StoreUnsafe(ref least, i);
            Vector.Min(Vector.LoadUnsafe(ref least, i + width), (mostB - secondB) * factor).StoreUnsafe(ref least, i + width);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void LowerAll(ref T x, nuint stride, T unit, ref T least, nuint lanes)
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
