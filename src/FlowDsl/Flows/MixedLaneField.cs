using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FlowDsl.Mathematics;
using FlowDsl.Runtime.Arithmetic;

namespace FlowDsl.Flows;

/// <summary>
/// Components with different covariances, each along its principal axes, where G_k is diagonal at all times. An evaluation takes one product with the
/// axes of each component, and another with the axes of the components whose weight counts.
/// </summary>
internal sealed class MixedLaneField : LaneField
{
    // Weights below 2^-100 count as 0. This shows which components are far from all lanes, whichever lanes are processed together.
    private const double MinExponent = -100;

    // Variances within 2^±240: four are multiplied before the exponent is extracted.
    private const double FactorRange = 1.7e72;

    private const long MantissaBits = 0x000F_FFFF_FFFF_FFFF, OneBits = 0x3FF0_0000_0000_0000, WholeBits = 0x4330_0000_0000_0000;

    private readonly PackedMatrix<double>?[] _toAxes, _fromAxes;
    private readonly double[][] _axisMeans, _variances;
    private readonly double[] _offsets, _zeros;
    private readonly int _rows;
    private readonly bool _isBounded;

    public MixedLaneField(Mixture mixture, double[] centre, double variance)
        : base(mixture, centre, variance)
    {
        int r = Dimension;
        _rows = PackedMatrix<double>.Even(r);
        _zeros = new double[_rows];
        (_toAxes, _fromAxes) = (new PackedMatrix<double>?[Count], new PackedMatrix<double>?[Count]);
        (_axisMeans, _variances, _offsets) = (new double[Count][], new double[Count][], new double[Count]);
        for (int k = 0; k < Count; k++)
        {
            _variances[k] = [.. mixture.Covariances[k].Variances.Select(value => value / variance)];
            _offsets[k] = -LogTwoE * mixture.LogWeights[k];
            _axisMeans[k] = Means[k];
            if (mixture.Covariances[k].Basis is not { } basis) continue;
            _toAxes[k] = new PackedMatrix<double>(r, r, (i, j) => basis[j * r + i]);
            _fromAxes[k] = new PackedMatrix<double>(r, r, (i, j) => basis[i * r + j]);
            double[] mean = Means[k];
            _axisMeans[k] = [.. Enumerable.Range(0, r).Select(i => Enumerable.Range(0, r).Sum(j => basis[j * r + i] * mean[j]))];
        }
        _isBounded = _variances.All(own => own.All(value => value is > 1 / FactorRange and < FactorRange));
    }

    /// <inheritdoc/>
    /// <remarks>
    /// For each component G⁻¹(z - cm) and the direction along its axes; then weights, roots of determinants, logits' derivatives, a component's
    /// contribution, the smallest energy and the share.
    /// </remarks>
    public override int ScratchRows => 2 * Count * _rows + 3 * Count + 2 * _rows + 2;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Evaluate(ref double clock, ref double z, ref double slope, bool tangent, ref double scratch, nuint stride, nuint lanes)
    {
        int r = Dimension;
        ref double whitened = ref scratch, directions = ref Row(ref whitened, Count * _rows, stride), weights = ref Row(ref directions, Count * _rows, stride);
        ref double roots = ref Row(ref weights, Count, stride), changes = ref Row(ref roots, Count, stride), own = ref Row(ref changes, Count, stride);
        ref double result = ref Row(ref own, _rows, stride), least = ref Row(ref result, _rows, stride), share = ref Row(ref least, 1, stride);
        MemoryMarshal.CreateSpan(ref least, (int)lanes).Fill(double.PositiveInfinity);
        for (int k = 0; k < Count; k++)
        {
            ref double along = ref Row(ref whitened, k * _rows, stride);
            ref double source = ref ToAxes(k, ref z, ref along, stride, lanes);
            Energy(k, ref clock, ref source, ref along, ref Row(ref weights, k, stride), ref Row(ref roots, k, stride), ref least, stride, lanes);
        }
        Weights(ref weights, ref roots, ref least, ref share, stride, lanes);
        Clear(ref result, stride, lanes);
        for (int k = 0; k < Count; k++)
        {
            ref double weight = ref Row(ref weights, k, stride);
            if (IsZero(ref weight, lanes)) continue;
            Contribute(k, ref clock, ref weight, ref Row(ref whitened, k * _rows, stride), ref Target(k, ref own, ref result, stride, lanes), stride, lanes);
            FromAxes(k, ref own, ref result, stride, lanes);
        }
        Finish(ref clock, ref share, ref result, ref slope, stride, lanes);
        if (!tangent) return;

        ref double direction = ref Row(ref z, r, stride);
        MemoryMarshal.CreateSpan(ref least, (int)lanes).Clear();
        for (int k = 0; k < Count; k++)
        {
            ref double weight = ref Row(ref weights, k, stride);
            if (IsZero(ref weight, lanes)) continue;
            ref double along = ref ToAxes(k, ref direction, ref Row(ref directions, k * _rows, stride), stride, lanes);
            Change(ref weight, ref Row(ref whitened, k * _rows, stride), ref along, ref Row(ref changes, k, stride), ref least, stride, lanes);
        }
        Clear(ref result, stride, lanes);
        for (int k = 0; k < Count; k++)
        {
            ref double weight = ref Row(ref weights, k, stride);
            if (IsZero(ref weight, lanes)) continue;
            ref double along = ref _toAxes[k] is null ? ref direction : ref Row(ref directions, k * _rows, stride);
            ContributeChange(
                k, ref clock, ref weight, ref Row(ref whitened, k * _rows, stride), ref along, ref Row(ref changes, k, stride),
                ref least, ref share, ref Target(k, ref own, ref result, stride, lanes), stride, lanes);
            FromAxes(k, ref own, ref result, stride, lanes);
        }
        Finish(ref clock, ref share, ref result, ref Row(ref slope, r, stride), stride, lanes);
    }

    /// <summary>Coordinates along the axes of a component: in the result, or in place if they already are.</summary>
    private ref double ToAxes(int k, ref double x, ref double result, nuint stride, nuint lanes)
    {
        if (_toAxes[k] is not { } matrix) return ref x;
        matrix.Multiply(ref First(_zeros), ref x, stride, ref result, stride, ref Unsafe.NullRef<double>(), lanes);
        return ref result;
    }

    /// <summary>The rows that a component adds to: the result, or separate cleared rows if its axes are different.</summary>
    private ref double Target(int k, ref double own, ref double result, nuint stride, nuint lanes)
    {
        if (_fromAxes[k] is null) return ref result;
        Clear(ref own, stride, lanes);
        return ref own;
    }

    private void FromAxes(int k, ref double own, ref double result, nuint stride, nuint lanes)
        => _fromAxes[k]?.Multiply(ref Unsafe.NullRef<double>(), ref own, stride, ref result, stride, ref Unsafe.NullRef<double>(), lanes);

    // whitened ← G⁻¹(z - cm); the energy -log2 w + ((z - cm)·G⁻¹(z - cm) log2 e + exponent of det G)/2, and the root of 1/mantissa of det G.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Energy(
        int k, ref double clock, ref double z, ref double whitened, ref double energy, ref double root, ref double least, nuint stride, nuint lanes)
    {
        double[] means = _axisMeans[k], variances = _variances[k];
        int fours = _isBounded ? means.Length / 4 * 4 : 0;
        for (nuint i = 0; i < lanes; i += (nuint)Vector<double>.Count)
        {
            Vector<double> cosine = -Vector.LoadUnsafe(ref clock, i);
            Vector<double> square = Vector.LoadUnsafe(ref clock, stride + i), noise = Vector.LoadUnsafe(ref clock, 2 * stride + i);
            Vector<double> sum = Vector<double>.Zero, mantissa = Vector<double>.One;
            Vector<long> exponent = Vector<long>.Zero;
            nuint at = i;
            int j = 0, taken = 0;
            for (; j < fours; j += 4, taken++)
            {
                // One division for four values: each inverse is the inverse of the product times the other three.
                Vector<double> g0 = Spread(j), g1 = Spread(j + 1), g2 = Spread(j + 2), g3 = Spread(j + 3);
                Vector<double> first = g0 * g1, last = g2 * g3, product = first * last, inverse = Vector<double>.One / product;
                mantissa *= product;
                (first, last) = (inverse * last, inverse * first);
                Whiten(j, first * g1, ref z, ref whitened);
                Whiten(j + 1, first * g0, ref z, ref whitened);
                Whiten(j + 2, last * g3, ref z, ref whitened);
                Whiten(j + 3, last * g2, ref z, ref whitened);
                Split();
            }
            for (; j < means.Length; j++, taken++)
            {
                Vector<double> spread = Spread(j);
                mantissa *= spread;
                Whiten(j, Vector<double>.One / spread, ref z, ref whitened);
                Split();
            }
            // The sum of exponents is less than 2^52, so it fits in the low bits of 2^52.
            Vector<long> bias = Vector.Create(WholeBits);
            Vector<double> whole = Vector.AsVectorDouble(exponent | bias) - Vector.AsVectorDouble(bias) - Vector.Create(1023.0 * taken);
            Vector<double> value = SimdMath.MultiplyAdd(Vector.Create(0.5), whole, Vector.Create(_offsets[k]));
            value = SimdMath.MultiplyAdd(Vector.Create(0.5 * LogTwoE), sum, value);
            value.StoreUnsafe(ref energy, i);
            (Vector<double>.One / Vector.SquareRoot(mantissa)).StoreUnsafe(ref root, i);
            Vector.MinNative(Vector.LoadUnsafe(ref least, i), value).StoreUnsafe(ref least, i);

            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            Vector<double> Spread(int axis) => SimdMath.MultiplyAdd(square, Vector.Create(variances[axis]), noise);

            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            void Whiten(int axis, Vector<double> inverse, ref double from, ref double to)
            {
                Vector<double> p = SimdMath.MultiplyAdd(cosine, Vector.Create(means[axis]), Vector.LoadUnsafe(ref from, at)), scaled = p * inverse;
                scaled.StoreUnsafe(ref to, at);
                sum = SimdMath.MultiplyAdd(p, scaled, sum);
                at += stride;
            }

            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            void Split()
            {
                Vector<long> bits = Vector.AsVectorInt64(mantissa);
                exponent += Vector.ShiftRightLogical(bits, 52);
                mantissa = Vector.AsVectorDouble((bits & Vector.Create(MantissaBits)) | Vector.Create(OneBits));
            }
        }
    }

    // energies ← 2^(least - energies) root; share ← 1/their sum
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Weights(ref double energies, ref double roots, ref double least, ref double share, nuint stride, nuint lanes)
    {
        Vector<double> cut = Vector.Create(MinExponent);
        for (nuint i = 0; i < lanes; i += (nuint)Vector<double>.Count)
        {
            Vector<double> total = Vector<double>.Zero, lowest = Vector.LoadUnsafe(ref least, i);
            nuint at = i;
            for (int k = 0; k < Count; k++, at += stride)
            {
                Vector<double> exponent = lowest - Vector.LoadUnsafe(ref energies, at);
                Vector<double> weight = SimdMath.KeepIfLess(cut, exponent, SimdMath.Exp2(exponent) * Vector.LoadUnsafe(ref roots, at));
                weight.StoreUnsafe(ref energies, at);
                total += weight;
            }
            (Vector<double>.One / total).StoreUnsafe(ref share, i);
        }
    }

    // target += w (m + c(λ/v - 1) G⁻¹(z - cm)), along the axes
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Contribute(int k, ref double clock, ref double weight, ref double whitened, ref double target, nuint stride, nuint lanes)
    {
        double[] means = _axisMeans[k], variances = _variances[k];
        for (nuint i = 0; i < lanes; i += (nuint)Vector<double>.Count)
        {
            Vector<double> factor = Vector.LoadUnsafe(ref weight, i), cosine = Vector.LoadUnsafe(ref clock, i);
            nuint at = i;
            for (int j = 0; j < means.Length; j++, at += stride)
            {
                Vector<double> slope = cosine * Vector.Create(variances[j] - 1);
                Vector<double> value = SimdMath.MultiplyAdd(slope, Vector.LoadUnsafe(ref whitened, at), Vector.Create(means[j]));
                SimdMath.MultiplyAdd(factor, value, Vector.LoadUnsafe(ref target, at)).StoreUnsafe(ref target, at);
            }
        }
    }

    // The derivative of a logit along the direction, and its contribution to their mean.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Change(ref double weight, ref double whitened, ref double along, ref double change, ref double mean, nuint stride, nuint lanes)
    {
        for (nuint i = 0; i < lanes; i += (nuint)Vector<double>.Count)
        {
            Vector<double> sum = Vector<double>.Zero;
            nuint at = i;
            for (int j = 0; j < Dimension; j++, at += stride)
                sum = SimdMath.MultiplyAdd(Vector.LoadUnsafe(ref whitened, at), Vector.LoadUnsafe(ref along, at), sum);
            (-sum).StoreUnsafe(ref change, i);
            SimdMath.MultiplyAdd(-sum, Vector.LoadUnsafe(ref weight, i), Vector.LoadUnsafe(ref mean, i)).StoreUnsafe(ref mean, i);
        }
    }

    // target += w (c(λ/v - 1) G⁻¹ direction + (change - mean) f), along the axes
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ContributeChange(
        int k, ref double clock, ref double weight, ref double whitened, ref double along, ref double change, ref double mean, ref double share,
        ref double target, nuint stride, nuint lanes)
    {
        double[] means = _axisMeans[k], variances = _variances[k];
        for (nuint i = 0; i < lanes; i += (nuint)Vector<double>.Count)
        {
            Vector<double> factor = Vector.LoadUnsafe(ref weight, i), cosine = Vector.LoadUnsafe(ref clock, i);
            Vector<double> square = Vector.LoadUnsafe(ref clock, stride + i), noise = Vector.LoadUnsafe(ref clock, 2 * stride + i);
            Vector<double> difference = Vector.LoadUnsafe(ref change, i) - Vector.LoadUnsafe(ref mean, i) * Vector.LoadUnsafe(ref share, i);
            nuint at = i;
            for (int j = 0; j < means.Length; j++, at += stride)
            {
                Vector<double> slope = cosine * Vector.Create(variances[j] - 1);
                Vector<double> value = SimdMath.MultiplyAdd(slope, Vector.LoadUnsafe(ref whitened, at), Vector.Create(means[j]));
                Vector<double> linear = slope * Vector.LoadUnsafe(ref along, at) / SimdMath.MultiplyAdd(square, Vector.Create(variances[j]), noise);
                SimdMath.MultiplyAdd(factor, SimdMath.MultiplyAdd(difference, value, linear), Vector.LoadUnsafe(ref target, at)).StoreUnsafe(ref target, at);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Finish(ref double clock, ref double share, ref double result, ref double slope, nuint stride, nuint lanes)
    {
        for (nuint i = 0; i < lanes; i += (nuint)Vector<double>.Count)
        {
            Vector<double> factor = Vector.LoadUnsafe(ref clock, 3 * stride + i) * Vector.LoadUnsafe(ref share, i);
            nuint at = i;
            for (int j = 0; j < Dimension; j++, at += stride) (factor * Vector.LoadUnsafe(ref result, at)).StoreUnsafe(ref slope, at);
        }
    }

    private void Clear(ref double rows, nuint stride, nuint lanes)
    {
        for (int j = 0; j < _rows; j++) MemoryMarshal.CreateSpan(ref Row(ref rows, j, stride), (int)lanes).Clear();
    }

    private static bool IsZero(ref double row, nuint lanes)
    {
        for (nuint i = 0; i < lanes; i += (nuint)Vector<double>.Count)
            if (!Vector.EqualsAll(Vector.LoadUnsafe(ref row, i), Vector<double>.Zero)) return false;
        return true;
    }
}
