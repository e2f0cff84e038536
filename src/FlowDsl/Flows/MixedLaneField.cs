using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
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

    // What a product of spreads may reach, or its inverse.
    private const double MaxProduct = 1e300;

    private readonly PackedMatrix<double>?[] _toAxes, _fromAxes;
    // λ/v, and λ/v - 1.
    private readonly double[][] _axisMeans, _variances, _excesses;
    // The ends of groups of axes whose spreads can be multiplied.
    private readonly int[][] _groups;
    private readonly double[] _offsets, _zeros;
    private readonly int _rows;

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
        _excesses = [.. _variances.Select(own => own.Select(value => value - 1).ToArray())];
        _groups = [.. _variances.Select(Groups)];
    }

    /// <inheritdoc/>
    /// <remarks>
    /// For each component G⁻¹(z - cm); then weights, a component's contribution, the sum, the smallest energy and the share. If there is a direction,
    /// that along each component's axes and the logits' derivatives.
    /// </remarks>
    public override int ScratchRows(bool tangent) => Count * _rows + Count + 2 * _rows + 2 + (tangent ? Count * (_rows + 1) : 0);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Evaluate(ref double clock, ref double z, ref double slope, bool tangent, ref double scratch, nuint stride, nuint lanes)
    {
        int r = Dimension;
        ref double whitened = ref scratch, weights = ref Row(ref whitened, Count * _rows, stride), own = ref Row(ref weights, Count, stride);
        ref double result = ref Row(ref own, _rows, stride), least = ref Row(ref result, _rows, stride), share = ref Row(ref least, 1, stride);
        MemoryMarshal.CreateSpan(ref least, (int)lanes).Fill(double.PositiveInfinity);
        for (int k = 0; k < Count; k++)
        {
            ref double along = ref Row(ref whitened, k * _rows, stride);
            ref double source = ref ToAxes(k, ref z, ref along, stride, lanes);
            Energy(k, ref clock, ref source, ref along, ref Row(ref weights, k, stride), ref least, stride, lanes);
        }
        Weights(ref weights, ref least, ref share, stride, lanes);
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

        ref double direction = ref Row(ref z, r, stride), directions = ref Row(ref share, 1, stride), changes = ref Row(ref directions, Count * _rows, stride);
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

    // whitened ← G⁻¹(z - cm); the energy -log2 w + ((z - cm)·G⁻¹(z - cm) log2 e + log2 det G)/2
    private void Energy(int k, ref double clock, ref double z, ref double whitened, ref double energy, ref double least, nuint stride, nuint lanes)
    {
        nuint wide = WideVectors<double>.Lanes(lanes);
        if (wide > 0) Energy<Vector512<double>, WideVectors<double>>(k, ref clock, ref z, ref whitened, ref energy, ref least, stride, 0, wide);
        if (wide < lanes) Energy<Vector<double>, UsualVectors<double>>(k, ref clock, ref z, ref whitened, ref energy, ref least, stride, wide, lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Energy<TVector, TOps>(
        int k, ref double clock, ref double z, ref double whitened, ref double energy, ref double least, nuint stride, nuint from, nuint to)
        where TVector : struct
        where TOps : IVectors<TVector, double>
    {
        ref double mean = ref First(_axisMeans[k]), variance = ref First(_variances[k]);
        int[] groups = _groups[k];
        TVector one = TOps.Create(1);
        for (nuint i = from; i < to; i += TOps.Count)
        {
            TVector cosine = TOps.Subtract(default, TOps.Load(ref clock, i)), square = TOps.Load(ref clock, stride + i),
                noise = TOps.Load(ref clock, 2 * stride + i);
            TVector sum = default, bits = default;
            ref double from0 = ref Unsafe.Add(ref z, i), to0 = ref Unsafe.Add(ref whitened, i);
            int j = 0;
            foreach (int end in groups)
            {
                TVector determinant = one;
                for (; j + 4 <= end; j += 4)
                {
                    TVector g0 = Spread<TVector, TOps>(ref variance, j, square, noise), g1 = Spread<TVector, TOps>(ref variance, j + 1, square, noise);
                    TVector g2 = Spread<TVector, TOps>(ref variance, j + 2, square, noise), g3 = Spread<TVector, TOps>(ref variance, j + 3, square, noise);
                    determinant = TOps.Multiply(determinant, Invert<TVector, TOps>(ref g0, ref g1, ref g2, ref g3));
                    sum = Whiten(ref mean, j, g0, cosine, ref from0, ref to0, sum);
                    from0 = ref Unsafe.Add(ref from0, stride);
                    to0 = ref Unsafe.Add(ref to0, stride);
                    sum = Whiten(ref mean, j + 1, g1, cosine, ref from0, ref to0, sum);
                    from0 = ref Unsafe.Add(ref from0, stride);
                    to0 = ref Unsafe.Add(ref to0, stride);
                    sum = Whiten(ref mean, j + 2, g2, cosine, ref from0, ref to0, sum);
                    from0 = ref Unsafe.Add(ref from0, stride);
                    to0 = ref Unsafe.Add(ref to0, stride);
                    sum = Whiten(ref mean, j + 3, g3, cosine, ref from0, ref to0, sum);
                    from0 = ref Unsafe.Add(ref from0, stride);
                    to0 = ref Unsafe.Add(ref to0, stride);
                }
                for (; j < end; j++)
                {
                    TVector spread = Spread<TVector, TOps>(ref variance, j, square, noise);
                    determinant = TOps.Multiply(determinant, spread);
                    sum = Whiten(ref mean, j, TOps.Reciprocal(spread), cosine, ref from0, ref to0, sum);
                    from0 = ref Unsafe.Add(ref from0, stride);
                    to0 = ref Unsafe.Add(ref to0, stride);
                }
                bits = TOps.Add(bits, TOps.Log2(determinant));
            }
            TVector value = TOps.MultiplyAdd(TOps.Create(0.5), bits, TOps.Create(_offsets[k]));
            value = TOps.MultiplyAdd(TOps.Create(0.5 * LogTwoE), sum, value);
            TOps.Store(value, ref energy, i);
            TOps.Store(TOps.Min(TOps.Load(ref least, i), value), ref least, i);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static TVector Whiten(ref double mean, int axis, TVector inverse, TVector cosine, ref double source, ref double target, TVector sum)
        {
            TVector p = TOps.MultiplyAdd(cosine, TOps.Create(Unsafe.Add(ref mean, axis)), TOps.Load(ref source, 0)), scaled = TOps.Multiply(p, inverse);
            TOps.Store(scaled, ref target, 0);
            return TOps.MultiplyAdd(p, scaled, sum);
        }
    }

    // energies ← 2^(least - energies); share ← 1/their sum
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Weights(ref double energies, ref double least, ref double share, nuint stride, nuint lanes)
    {
        Vector<double> cut = Vector.Create(MinExponent);
        for (nuint i = 0; i < lanes; i += (nuint)Vector<double>.Count)
        {
            Vector<double> total = Vector<double>.Zero, lowest = Vector.LoadUnsafe(ref least, i);
            nuint at = i;
            for (int k = 0; k < Count; k++, at += stride)
            {
                Vector<double> exponent = lowest - Vector.LoadUnsafe(ref energies, at);
                Vector<double> weight = SimdMath.KeepIfLess(cut, exponent, SimdMath.Exp2(exponent));
                weight.StoreUnsafe(ref energies, at);
                total += weight;
            }
            (Vector<double>.One / total).StoreUnsafe(ref share, i);
        }
    }

    // target += w (m + c(λ/v - 1) G⁻¹(z - cm)), along the axes
    private void Contribute(int k, ref double clock, ref double weight, ref double whitened, ref double target, nuint stride, nuint lanes)
    {
        nuint wide = WideVectors<double>.Lanes(lanes);
        if (wide > 0) Contribute<Vector512<double>, WideVectors<double>>(k, ref clock, ref weight, ref whitened, ref target, stride, 0, wide);
        if (wide < lanes) Contribute<Vector<double>, UsualVectors<double>>(k, ref clock, ref weight, ref whitened, ref target, stride, wide, lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Contribute<TVector, TOps>(
        int k, ref double clock, ref double weight, ref double whitened, ref double target, nuint stride, nuint from, nuint to)
        where TVector : struct
        where TOps : IVectors<TVector, double>
    {
        ref double mean = ref First(_axisMeans[k]), excess = ref First(_excesses[k]);
        for (nuint i = from; i < to; i += TOps.Count)
        {
            TVector factor = TOps.Load(ref weight, i), slope = TOps.Multiply(factor, TOps.Load(ref clock, i));
            nuint at = i;
            for (nuint j = 0; j < (nuint)Dimension; j++, at += stride)
            {
                TVector value = TOps.MultiplyAdd(factor, TOps.Create(Unsafe.Add(ref mean, j)), TOps.Load(ref target, at));
                TVector own = TOps.Multiply(slope, TOps.Create(Unsafe.Add(ref excess, j)));
                TOps.Store(TOps.MultiplyAdd(own, TOps.Load(ref whitened, at), value), ref target, at);
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

    /// <summary>
    /// Splits axes into groups, as few as possible, whose spreads have products that neither overflow nor vanish, nor has a part of them. A spread is
    /// between λ/v and 1.
    /// </summary>
    private static int[] Groups(double[] variances)
    {
        var ends = new List<int>();
        double greatest = 1, least = 1;
        for (int j = 0; j < variances.Length; j++)
        {
            (greatest, least) = (greatest * Math.Max(variances[j], 1), least * Math.Min(variances[j], 1));
            if (j == 0 || (greatest < MaxProduct && least > 1 / MaxProduct)) continue;
            ends.Add(j);
            (greatest, least) = (Math.Max(variances[j], 1), Math.Min(variances[j], 1));
        }
        ends.Add(variances.Length);
        return [.. ends];
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
