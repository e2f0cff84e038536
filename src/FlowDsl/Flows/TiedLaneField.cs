using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using FlowDsl.Mathematics;
using FlowDsl.Runtime.Arithmetic;

namespace FlowDsl.Flows;

/// <summary>
/// Components with one diagonal covariance λ: logits are affine in z, and the slope is (Σ r_k m_k + c(λ/v - 1) z)/G, so an evaluation takes two
/// products with the matrix of the means.
/// </summary>
internal sealed class TiedLaneField : LaneField
{
    // Four spreads within this and its inverse have a product that neither overflows nor vanishes. A spread is between λ/v and 1.
    private const double MaxSpread = 1e70;

    private readonly PackedMatrix<double> _byComponent, _byCoordinate;
    // Squares of the means; null if the covariance is isotropic, when their sums are enough.
    private readonly PackedMatrix<double>? _squares;
    private readonly double[] _offsets, _norms, _variances, _zeros;
    private readonly int _even, _evenDimension;
    // The number of coordinates whose spreads are inverted four at a time.
    private readonly int _inFours;

    public TiedLaneField(Mixture mixture, double[] centre, double variance)
        : base(mixture, centre, variance)
    {
        int r = Dimension;
        (_even, _evenDimension) = (PackedMatrix<double>.Even(Count), PackedMatrix<double>.Even(r));
        _variances = [.. mixture.Covariances[0].Variances.Select(value => value / variance)];
        _byComponent = new PackedMatrix<double>(Count, r, (k, j) => Means[k][j]);
        _byCoordinate = new PackedMatrix<double>(r, _even, (j, k) => k < Count ? Means[k][j] : 0);
        if (!mixture.Covariances[0].IsIsotropic && _variances.All(value => value is > 1 / MaxSpread and < MaxSpread)) _inFours = r / 4 * 4;
        if (!mixture.Covariances[0].IsIsotropic) _squares = new PackedMatrix<double>(Count, r, (k, j) => Means[k][j] * Means[k][j]);
        // The component that pads their number to an even one has no weight.
        (_offsets, _norms) = (new double[_even], new double[_even]);
        for (int k = 0; k < _even; k++) _offsets[k] = k < Count ? -LogTwoE * mixture.LogWeights[k] : double.PositiveInfinity;
        for (int k = 0; k < Count; k++) _norms[k] = Means[k].Sum(value => value * value);
        _zeros = new double[Math.Max(_even, _evenDimension)];
    }

    /// <inheritdoc/>
    /// <remarks>1/G by coordinate, inputs, energies, logits' derivatives, sums, the smallest energy and the share.</remarks>
    public override int ScratchRows(bool tangent) => Dimension + _evenDimension + 2 * _even + _evenDimension + 2;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Evaluate(ref double clock, ref double z, ref double slope, bool tangent, ref double scratch, nuint stride, nuint lanes)
    {
        int r = Dimension;
        ref double inverse = ref scratch, inputs = ref Row(ref scratch, r, stride), energies = ref Row(ref inputs, _evenDimension, stride);
        ref double changes = ref Row(ref energies, _even, stride), sums = ref Row(ref changes, _even, stride);
        ref double least = ref Row(ref sums, _evenDimension, stride), share = ref Row(ref least, 1, stride);
        Prepare(ref clock, ref z, ref inverse, ref sums, ref inputs, stride, lanes);
        Offsets(ref sums, ref energies, stride, lanes);
        MemoryMarshal.CreateSpan(ref least, (int)lanes).Fill(double.PositiveInfinity);
        _byComponent.Multiply(ref Unsafe.NullRef<double>(), ref inputs, stride, ref energies, stride, ref least, lanes);
        SoftMinimum.Weights(ref energies, stride, _even, ref least, ref share, lanes);
        _byCoordinate.Multiply(ref First(_zeros), ref energies, stride, ref sums, stride, ref Unsafe.NullRef<double>(), lanes);
        Slopes(ref clock, ref inverse, ref z, ref sums, ref share, ref slope, stride, lanes);
        if (!tangent) return;

        // The derivatives of the logits along the direction, then of the mean and of the slope.
        ref double direction = ref Row(ref z, r, stride);
        Scale(ref clock, ref inverse, ref direction, ref inputs, stride, lanes);
        _byComponent.Multiply(ref First(_zeros), ref inputs, stride, ref changes, stride, ref Unsafe.NullRef<double>(), lanes);
        Centre(ref energies, ref share, ref changes, stride, lanes);
        _byCoordinate.Multiply(ref First(_zeros), ref changes, stride, ref sums, stride, ref Unsafe.NullRef<double>(), lanes);
        Slopes(ref clock, ref inverse, ref direction, ref sums, ref share, ref Row(ref slope, r, stride), stride, lanes);
    }

    // 1/G, c²/(2G) log2 e, which the energies take for each |m|², and -c z/G log2 e, which they take for each m
    private void Prepare(ref double clock, ref double z, ref double inverse, ref double halves, ref double inputs, nuint stride, nuint lanes)
    {
        nuint wide = WideVectors<double>.Lanes(lanes);
        if (wide > 0) Prepare<Vector512<double>, WideVectors<double>>(ref clock, ref z, ref inverse, ref halves, ref inputs, stride, 0, wide);
        if (wide < lanes) Prepare<Vector<double>, UsualVectors<double>>(ref clock, ref z, ref inverse, ref halves, ref inputs, stride, wide, lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Prepare<TVector, TOps>(
        ref double clock, ref double z, ref double inverse, ref double halves, ref double inputs, nuint stride, nuint from, nuint to)
        where TVector : struct
        where TOps : IVectors<TVector, double>
    {
        ref double variance = ref First(_variances);
        for (nuint i = from; i < to; i += TOps.Count)
        {
            TVector square = TOps.Load(ref clock, stride + i), noise = TOps.Load(ref clock, 2 * stride + i);
            TVector half = TOps.Multiply(TOps.Create(0.5 * LogTwoE), square), factor = TOps.Multiply(TOps.Create(-LogTwoE), TOps.Load(ref clock, i));
            nuint at = i;
            if (_squares is null)
            {
                TVector same = TOps.Reciprocal(Spread<TVector, TOps>(ref variance, 0, square, noise));
                for (int row = 0; row < Dimension; row++, at += stride) Put(same, half, factor, ref z, ref inverse, ref halves, ref inputs, at);
                continue;
            }
            int j = 0;
            for (; j < _inFours; j += 4)
            {
                TVector g0 = Spread<TVector, TOps>(ref variance, j, square, noise), g1 = Spread<TVector, TOps>(ref variance, j + 1, square, noise);
                TVector g2 = Spread<TVector, TOps>(ref variance, j + 2, square, noise), g3 = Spread<TVector, TOps>(ref variance, j + 3, square, noise);
                _ = Invert<TVector, TOps>(ref g0, ref g1, ref g2, ref g3);
                Put(g0, half, factor, ref z, ref inverse, ref halves, ref inputs, at);
                Put(g1, half, factor, ref z, ref inverse, ref halves, ref inputs, at += stride);
                Put(g2, half, factor, ref z, ref inverse, ref halves, ref inputs, at += stride);
                Put(g3, half, factor, ref z, ref inverse, ref halves, ref inputs, at += stride);
                at += stride;
            }
            for (; j < Dimension; j++, at += stride)
            {
                TVector own = TOps.Reciprocal(Spread<TVector, TOps>(ref variance, j, square, noise));
                Put(own, half, factor, ref z, ref inverse, ref halves, ref inputs, at);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static void Put(
            TVector value, TVector half, TVector factor, ref double z, ref double inverse, ref double halves, ref double inputs, nuint at)
        {
            TOps.Store(value, ref inverse, at);
            TOps.Store(TOps.Multiply(half, value), ref halves, at);
            TOps.Store(TOps.Multiply(TOps.Multiply(factor, value), TOps.Load(ref z, at)), ref inputs, at);
        }
    }

    // c x/G
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Scale(ref double clock, ref double inverse, ref double x, ref double result, nuint stride, nuint lanes)
    {
        for (nuint i = 0; i < lanes; i += (nuint)Vector<double>.Count)
        {
            Vector<double> cosine = Vector.LoadUnsafe(ref clock, i);
            nuint at = i;
            for (int j = 0; j < Dimension; j++, at += stride)
                (cosine * Vector.LoadUnsafe(ref inverse, at) * Vector.LoadUnsafe(ref x, at)).StoreUnsafe(ref result, at);
        }
    }

    // The energies' parts without z: -log2 w + c²|m|²/(2G) log2 e
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Offsets(ref double halves, ref double energies, nuint stride, nuint lanes)
    {
        for (int k = 0; k < _even; k++)
        {
            Vector<double> offset = Vector.Create(_offsets[k]), norm = Vector.Create(_squares is null ? _norms[k] : 0);
            for (nuint i = 0; i < lanes; i += (nuint)Vector<double>.Count)
                SimdMath.MultiplyAdd(Vector.LoadUnsafe(ref halves, i), norm, offset).StoreUnsafe(ref energies, (nuint)k * stride + i);
        }
        _squares?.Multiply(ref Unsafe.NullRef<double>(), ref halves, stride, ref energies, stride, ref Unsafe.NullRef<double>(), lanes);
    }

    // rate (mean + c(λ/v - 1) x)/G
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Slopes(ref double clock, ref double inverse, ref double x, ref double sums, ref double share, ref double slope, nuint stride, nuint lanes)
    {
        for (nuint i = 0; i < lanes; i += (nuint)Vector<double>.Count)
        {
            Vector<double> cosine = Vector.LoadUnsafe(ref clock, i), rate = Vector.LoadUnsafe(ref clock, 3 * stride + i);
            Vector<double> total = Vector.LoadUnsafe(ref share, i);
            nuint at = i;
            for (int j = 0; j < Dimension; j++, at += stride)
            {
                Vector<double> linear = cosine * Vector.Create(_variances[j] - 1) * Vector.LoadUnsafe(ref x, at);
                (rate * Vector.LoadUnsafe(ref inverse, at) * SimdMath.MultiplyAdd(Vector.LoadUnsafe(ref sums, at), total, linear)).StoreUnsafe(ref slope, at);
            }
        }
    }

    // changes ← weights (changes - their mean)
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Centre(ref double weights, ref double share, ref double changes, nuint stride, nuint lanes)
    {
        for (nuint i = 0; i < lanes; i += (nuint)Vector<double>.Count)
        {
            Vector<double> mean = Vector<double>.Zero;
            nuint at = i;
            for (int k = 0; k < _even; k++, at += stride)
                mean = SimdMath.MultiplyAdd(Vector.LoadUnsafe(ref weights, at), Vector.LoadUnsafe(ref changes, at), mean);
            mean *= Vector.LoadUnsafe(ref share, i);
            at = i;
            for (int k = 0; k < _even; k++, at += stride)
                (Vector.LoadUnsafe(ref weights, at) * (Vector.LoadUnsafe(ref changes, at) - mean)).StoreUnsafe(ref changes, at);
        }
    }
}
