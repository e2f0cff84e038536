using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using FlowDsl.Mathematics;
using FlowDsl.Runtime.Arithmetic;

namespace FlowDsl.Flows;

/// <summary>
/// Isotropic components of different widths. G_k is a number, so with b_k = c(λ_k/v - 1)/G_k the slope is z Σ r_k b_k + Σ r_k m_k/G_k.
/// </summary>
/// <remarks>
/// The last coordinate may be a distance instead, that from the span of the means: all components agree on the direction there, and G_k is the variance
/// in more dimensions than there are coordinates.
/// </remarks>
internal sealed class IsotropicLaneField : LaneField
{
    private readonly double[] _variances, _offsets, _means;
    private readonly double _halfDimension;

    /// <summary>Makes the field.</summary>
    /// <param name="mixture">The mixture in the coordinates.</param>
    /// <param name="centre">μ̄.</param>
    /// <param name="variance">v, positive.</param>
    /// <param name="lastCount">The number of dimensions that the last coordinate stands for.</param>
    public IsotropicLaneField(Mixture mixture, double[] centre, double variance, int lastCount)
        : base(mixture, centre, variance, lastCount)
    {
        _variances = [.. mixture.Covariances.Select(covariance => covariance.MinVariance / variance)];
        _offsets = [.. mixture.LogWeights.Select(value => -LogTwoE * value)];
        _means = [.. Means.SelectMany(mean => mean)];
        _halfDimension = 0.5 * (Dimension - 1 + lastCount);
    }

    /// <inheritdoc/>
    /// <remarks>Energies and then weights, precisions 1/G_k times them, and logits' derivatives.</remarks>
    public override int ScratchRows(bool tangent) => (tangent ? 3 : 2) * Count;

    /// <inheritdoc/>
    public override void Evaluate(ref double clock, ref double z, ref double slope, bool tangent, ref double scratch, nuint stride, nuint lanes)
    {
        nuint wide = WideVectors<double>.Lanes(lanes);
        if (wide > 0) Evaluate<Vector512<double>, WideVectors<double>>(ref clock, ref z, ref slope, tangent, ref scratch, stride, 0, wide);
        if (wide < lanes) Evaluate<Vector<double>, UsualVectors<double>>(ref clock, ref z, ref slope, tangent, ref scratch, stride, wide, lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Evaluate<TVector, TOps>(
        ref double clock, ref double z, ref double slope, bool tangent, ref double scratch, nuint stride, nuint from, nuint to)
        where TVector : struct
        where TOps : IVectors<TVector, double>
    {
        nuint dimension = (nuint)Dimension, count = (nuint)Count;
        ref double variance = ref First(_variances), offset = ref First(_offsets), means = ref First(_means);
        TVector half = TOps.Create(_halfDimension), perSquare = TOps.Create(0.5 * LogTwoE);
        for (nuint i = from; i < to; i += TOps.Count)
        {
            TVector cosine = TOps.Load(ref clock, i), square = TOps.Load(ref clock, stride + i), noise = TOps.Load(ref clock, 2 * stride + i);
            ref double point = ref Unsafe.Add(ref z, i), weights = ref Unsafe.Add(ref scratch, i), pulls = ref Unsafe.Add(ref weights, count * stride);

            // -log2 w + (|z - cm|² log2 e/G + D log2 G)/2
            TVector least = TOps.Create(double.PositiveInfinity), minus = TOps.Subtract(default, cosine);
            for (nuint k = 0; k < count; k++)
            {
                ref double mean = ref Unsafe.Add(ref means, k * dimension);
                TVector spread = TOps.MultiplyAdd(square, TOps.Create(Unsafe.Add(ref variance, k)), noise), inverse = TOps.Reciprocal(spread), sum = default;
                for (nuint j = 0; j < dimension; j++)
                {
                    TVector p = TOps.MultiplyAdd(minus, TOps.Create(Unsafe.Add(ref mean, j)), TOps.Load(ref point, j * stride));
                    sum = TOps.MultiplyAdd(p, p, sum);
                }
                TVector energy = TOps.MultiplyAdd(half, TOps.Log2(spread), TOps.Create(Unsafe.Add(ref offset, k)));
                energy = TOps.MultiplyAdd(TOps.Multiply(perSquare, sum), inverse, energy);
                least = TOps.Min(least, energy);
                TOps.Store(energy, ref weights, k * stride);
                TOps.Store(inverse, ref pulls, k * stride);
            }

            TVector total = default, linear = default;
            for (nuint k = 0; k < count; k++)
            {
                TVector weight = TOps.Exp2(TOps.Subtract(least, TOps.Load(ref weights, k * stride)));
                TVector pull = TOps.Multiply(weight, TOps.Load(ref pulls, k * stride));
                total = TOps.Add(total, weight);
                linear = TOps.MultiplyAdd(TOps.Create(Unsafe.Add(ref variance, k) - 1), pull, linear);
                TOps.Store(weight, ref weights, k * stride);
                TOps.Store(pull, ref pulls, k * stride);
            }
            TVector share = TOps.Reciprocal(total), factor = TOps.Multiply(TOps.Load(ref clock, 3 * stride + i), share);
            linear = TOps.Multiply(cosine, linear);
            for (nuint j = 0; j < dimension; j++)
            {
                TVector sum = TOps.Multiply(linear, TOps.Load(ref point, j * stride));
                sum = Sum<TVector, TOps>(sum, ref Unsafe.Add(ref means, j), dimension, ref pulls, stride, count);
                TOps.Store(TOps.Multiply(factor, sum), ref slope, j * stride + i);
            }
            if (!tangent) continue;

            // The derivatives of the logits along the direction, less their mean; then that of the slope.
            ref double direction = ref Unsafe.Add(ref point, dimension * stride), changes = ref Unsafe.Add(ref pulls, count * stride);
            TVector middle = default;
            for (nuint k = 0; k < count; k++)
            {
                ref double mean = ref Unsafe.Add(ref means, k * dimension);
                TVector spread = TOps.MultiplyAdd(square, TOps.Create(Unsafe.Add(ref variance, k)), noise), sum = default;
                for (nuint j = 0; j < dimension; j++)
                {
                    TVector p = TOps.MultiplyAdd(cosine, TOps.Create(Unsafe.Add(ref mean, j)), TOps.Subtract(default, TOps.Load(ref point, j * stride)));
                    sum = TOps.MultiplyAdd(p, TOps.Load(ref direction, j * stride), sum);
                }
                sum = TOps.Multiply(sum, TOps.Reciprocal(spread));
                middle = TOps.MultiplyAdd(sum, TOps.Load(ref weights, k * stride), middle);
                TOps.Store(sum, ref changes, k * stride);
            }
            middle = TOps.Multiply(middle, share);
            TVector turned = default;
            for (nuint k = 0; k < count; k++)
            {
                TVector change = TOps.Multiply(TOps.Subtract(TOps.Load(ref changes, k * stride), middle), TOps.Load(ref pulls, k * stride));
                turned = TOps.MultiplyAdd(TOps.Create(Unsafe.Add(ref variance, k) - 1), change, turned);
                TOps.Store(change, ref changes, k * stride);
            }
            turned = TOps.Multiply(cosine, turned);
            for (nuint j = 0; j < dimension; j++)
            {
                TVector sum = TOps.MultiplyAdd(linear, TOps.Load(ref direction, j * stride), TOps.Multiply(turned, TOps.Load(ref point, j * stride)));
                sum = Sum<TVector, TOps>(sum, ref Unsafe.Add(ref means, j), dimension, ref changes, stride, count);
                TOps.Store(TOps.Multiply(factor, sum), ref slope, (dimension + j) * stride + i);
            }
        }
    }

    // start + Σ m_kj row_k
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Sum<TVector, TOps>(TVector start, ref double mean, nuint dimension, ref double rows, nuint stride, nuint count)
        where TVector : struct
        where TOps : IVectors<TVector, double>
    {
        for (nuint k = 0; k < count; k++)
            start = TOps.MultiplyAdd(TOps.Create(Unsafe.Add(ref mean, k * dimension)), TOps.Load(ref rows, k * stride), start);
        return start;
    }
}
