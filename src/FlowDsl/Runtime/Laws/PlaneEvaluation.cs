using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Fields;
using FlowDsl.Runtime.Arithmetic;

namespace FlowDsl.Runtime.Laws;

/// <summary>The means of a mixture in the plane that has one isotropic covariance, about their mean, in fours.</summary>
/// <remarks>A mixture on the line lies in the plane too: in the other direction its means are 0.</remarks>
internal sealed class PlaneMeans<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Tabulates the means.</summary>
    /// <param name="mixture">A mixture in one or two dimensions with one isotropic covariance.</param>
    public PlaneMeans(Mixture mixture)
    {
        Mixture = mixture;
        Count = (mixture.Count + 3) / 4 * 4;
        X = Offsets(mixture, 0, out double x);
        (CentreX, CentreY, Y) = (x, 0, new double[mixture.Count]);
        if (mixture.Dimension == 2) (Y, CentreY) = (Offsets(mixture, 1, out double y), y);
        Offset = new T[2 * Count];
        for (int k = 0; k < X.Length; k++) (Offset[2 * k], Offset[2 * k + 1]) = (T.CreateTruncating(X[k]), T.CreateTruncating(Y[k]));
    }

    /// <summary>The mixture.</summary>
    public Mixture Mixture { get; }

    /// <summary>K, rounded up to fours.</summary>
    public int Count { get; }

    /// <summary>The mean of the means.</summary>
    public double CentreX { get; }

    /// <summary>Its other coordinate.</summary>
    public double CentreY { get; }

    /// <summary>The means' offsets from it.</summary>
    public double[] X { get; }

    /// <summary>Their other coordinates.</summary>
    public double[] Y { get; }

    /// <summary>The offsets in pairs.</summary>
    public T[] Offset { get; }

    private static double[] Offsets(Mixture mixture, int j, out double centre)
    {
        double middle = centre = mixture.Means.Average(mean => mean[j]);
        return [.. mixture.Means.Select(mean => mean[j] - middle)];
    }
}

/// <summary>A slope and its derivative, which is symmetric.</summary>
internal ref struct PlaneSlope<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public Vector<T> X, Y, XX, XY, YY;
}

/// <summary>One evaluation of a field in the plane with its derivative: F = A x + κμ and ∇F = A I + κ(a/λ) cov(μ), μ by the responsibilities.</summary>
internal sealed class PlaneEvaluation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const double LogTwoE = 1.4426950408889634074;

    private readonly PlaneMeans<T> _means;
    // By component: the factors of x and y in the logit, in bits, and its constant.
    private readonly T[] _logits;
    private readonly T _axis, _mean, _spread, _centreX, _centreY, _constantX, _constantY;

    /// <summary>Tabulates a field.</summary>
    /// <param name="means">The means.</param>
    /// <param name="field">The field at its time.</param>
    public PlaneEvaluation(PlaneMeans<T> means, in MixtureField field)
    {
        _means = means;
        Mixture mixture = means.Mixture;
        double variance = mixture.MeanVariance, a = field.Point.A, slope = a / field.Point.Spread(variance), axis = field.Axis.At(variance);
        double mean = field.MeanFactor - axis * a;
        (_axis, _mean, _spread) = (T.CreateTruncating(axis), T.CreateTruncating(mean), T.CreateTruncating(mean * slope));
        (_centreX, _centreY) = (T.CreateTruncating(a * means.CentreX), T.CreateTruncating(a * means.CentreY));
        (_constantX, _constantY) = (T.CreateTruncating(mean * means.CentreX), T.CreateTruncating(mean * means.CentreY));
        _logits = new T[3 * means.Count];
        double[] constants = [.. mixture.LogWeights.Select((weight, k) => LogTwoE * (weight - 0.5 * slope * a * (means.X[k] * means.X[k] + means.Y[k] * means.Y[k])))];
        double greatest = constants.Max();
        for (int k = 0; k < means.Count; k++)
        {
            bool isReal = k < mixture.Count;
            _logits[3 * k] = T.CreateTruncating(isReal ? LogTwoE * slope * means.X[k] : 0);
            _logits[3 * k + 1] = T.CreateTruncating(isReal ? LogTwoE * slope * means.Y[k] : 0);
            _logits[3 * k + 2] = isReal ? T.CreateTruncating(constants[k] - greatest) : T.NegativeInfinity;
        }
    }

    /// <summary>Evaluates at a vector of points.</summary>
    /// <param name="x">Their first coordinates.</param>
    /// <param name="y">Their second coordinates.</param>
    /// <param name="weights">Memory for one vector per component.</param>
    /// <param name="slope">Receives the slope and its derivative.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Evaluate(Vector<T> x, Vector<T> y, Span<Vector<T>> weights, ref PlaneSlope<T> slope)
    {
        ref Vector<T> weight = ref MemoryMarshal.GetReference(weights);
        ref T offset = ref MemoryMarshal.GetArrayDataReference(_means.Offset);
        int count = _means.Count;
        Vector<T> greatest = Logits(x - new Vector<T>(_centreX), y - new Vector<T>(_centreY), ref weight, count);

        Vector<T> total = Vector<T>.Zero, meanX = total, meanY = total;
        for (int k = 0; k < count; k += 4)
        {
            ref Vector<T> own = ref Unsafe.Add(ref weight, k);
            ref T place = ref Unsafe.Add(ref offset, 2 * k);
            Vector<T> a = own - greatest, b = Unsafe.Add(ref own, 1) - greatest, c = Unsafe.Add(ref own, 2) - greatest, d = Unsafe.Add(ref own, 3) - greatest;
            if (typeof(T) == typeof(float))
            {
                Vector<float> e = a.As<T, float>(), f = b.As<T, float>(), g = c.As<T, float>(), h = d.As<T, float>();
                SimdMath.Exp2(ref e, ref f, ref g, ref h);
                (a, b, c, d) = (e.As<float, T>(), f.As<float, T>(), g.As<float, T>(), h.As<float, T>());
            }
            else (a, b, c, d) = (SimdMath.Exp2(a), SimdMath.Exp2(b), SimdMath.Exp2(c), SimdMath.Exp2(d));
            (own, Unsafe.Add(ref own, 1), Unsafe.Add(ref own, 2), Unsafe.Add(ref own, 3)) = (a, b, c, d);
            total += a + b + (c + d);
            Vector<T> x0 = SimdMath.MultiplyAdd(a, new(place), b * new Vector<T>(Unsafe.Add(ref place, 2)));
            Vector<T> x1 = SimdMath.MultiplyAdd(c, new(Unsafe.Add(ref place, 4)), d * new Vector<T>(Unsafe.Add(ref place, 6)));
            Vector<T> y0 = SimdMath.MultiplyAdd(a, new(Unsafe.Add(ref place, 1)), b * new Vector<T>(Unsafe.Add(ref place, 3)));
            Vector<T> y1 = SimdMath.MultiplyAdd(c, new(Unsafe.Add(ref place, 5)), d * new Vector<T>(Unsafe.Add(ref place, 7)));
            (meanX, meanY) = (meanX + (x0 + x1), meanY + (y0 + y1));
        }
        Vector<T> share = Vector<T>.One / total;
        meanX *= share;
        meanY *= share;
        Vector<T> axis = new(_axis), mean = new(_mean);
        slope.X = SimdMath.MultiplyAdd(axis, x, SimdMath.MultiplyAdd(mean, meanX, new(_constantX)));
        slope.Y = SimdMath.MultiplyAdd(axis, y, SimdMath.MultiplyAdd(mean, meanY, new(_constantY)));
        (slope.XX, slope.XY, slope.YY) = (axis, Vector<T>.Zero, axis);
        // The greatest weight is 1. Where the others are lost beside it there is no covariance; for each lane by itself, so that it does not matter which
        // samples are together.
        if (!Vector.GreaterThanAny(total, Vector<T>.One)) return;
        Vector<T> factor = SimdMath.KeepIfLess(Vector<T>.One, total, new Vector<T>(_spread) * share);
        AddCovariance(meanX, meanY, ref weight, factor, ref slope);
    }

    private Vector<T> Logits(Vector<T> x, Vector<T> y, ref Vector<T> logits, int count)
    {
        ref T numbers = ref MemoryMarshal.GetArrayDataReference(_logits);
        Vector<T> even = new(T.NegativeInfinity), odd = even;
        for (int k = 0; k < count; k += 2, numbers = ref Unsafe.Add(ref numbers, 6))
        {
            Vector<T> first = SimdMath.MultiplyAdd(x, new(numbers), SimdMath.MultiplyAdd(y, new(Unsafe.Add(ref numbers, 1)), new(Unsafe.Add(ref numbers, 2))));
            Vector<T> second = SimdMath.MultiplyAdd(
                x, new(Unsafe.Add(ref numbers, 3)), SimdMath.MultiplyAdd(y, new(Unsafe.Add(ref numbers, 4)), new(Unsafe.Add(ref numbers, 5))));
            (even, odd) = (Vector.MaxNative(even, first), Vector.MaxNative(odd, second));
            (Unsafe.Add(ref logits, k), Unsafe.Add(ref logits, k + 1)) = (first, second);
        }
        return Vector.MaxNative(even, odd);
    }

    // About the mean, so that nothing cancels.
    private void AddCovariance(Vector<T> meanX, Vector<T> meanY, ref Vector<T> weights, Vector<T> factor, ref PlaneSlope<T> slope)
    {
        ref T offset = ref MemoryMarshal.GetArrayDataReference(_means.Offset);
        Vector<T> xx = Vector<T>.Zero, xy = xx, yy = xx;
        for (int k = 0; k < _means.Count; k++, offset = ref Unsafe.Add(ref offset, 2))
        {
            Vector<T> weight = Unsafe.Add(ref weights, k), x = new Vector<T>(offset) - meanX, y = new Vector<T>(Unsafe.Add(ref offset, 1)) - meanY;
            Vector<T> along = weight * x;
            xx = SimdMath.MultiplyAdd(along, x, xx);
            xy = SimdMath.MultiplyAdd(along, y, xy);
            yy = SimdMath.MultiplyAdd(weight * y, y, yy);
        }
        slope.XX = SimdMath.MultiplyAdd(factor, xx, slope.XX);
        slope.XY = factor * xy;
        slope.YY = SimdMath.MultiplyAdd(factor, yy, slope.YY);
    }
}
