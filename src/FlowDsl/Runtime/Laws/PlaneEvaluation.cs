using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Fields;
using FlowDsl.Runtime.Arithmetic;

namespace FlowDsl.Runtime.Laws;

/// <summary>The means of a mixture in the plane that has one isotropic covariance, about their mean, in pairs.</summary>
/// <remarks>A mixture on the line lies in the plane too: in the other direction its means are 0.</remarks>
internal sealed class PlaneMeans<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const double LeastSum = 1e-24;

    /// <summary>Tabulates the means.</summary>
    /// <param name="mixture">A mixture in one or two dimensions with one isotropic covariance.</param>
    public PlaneMeans(Mixture mixture)
    {
        Mixture = mixture;
        Count = (mixture.Count + 1) / 2 * 2;
        X = Offsets(mixture, 0, out double x);
        (CentreX, CentreY, Y) = (x, 0, new double[mixture.Count]);
        if (mixture.Dimension == 2) (Y, CentreY) = (Offsets(mixture, 1, out double y), y);
        Offset = new T[2 * Count];
        double reach = Math.Max(X.Max(Math.Abs), Y.Max(Math.Abs));
        Least = T.CreateTruncating(LeastSum * reach * reach);
        for (int k = 0; k < X.Length; k++) (Offset[2 * k], Offset[2 * k + 1]) = (T.CreateTruncating(X[k]), T.CreateTruncating(Y[k]));
    }

    /// <summary>The mixture.</summary>
    public Mixture Mixture { get; }

    /// <summary>K, made even.</summary>
    public int Count { get; }

    /// <summary>The mean of the means.</summary>
    public double CentreX { get; }

    /// <summary>Its other coordinate.</summary>
    public double CentreY { get; }

    /// <summary>The means' offsets from it.</summary>
    public double[] X { get; }

    /// <summary>Their other coordinates.</summary>
    public double[] Y { get; }

    /// <summary>What is nothing beside their squares.</summary>
    public T Least { get; }

    /// <summary>The offsets in pairs.</summary>
    public T[] Offset { get; }

    private static double[] Offsets(Mixture mixture, int j, out double centre)
    {
        double middle = centre = mixture.Means.Average(mean => mean[j]);
        return [.. mixture.Means.Select(mean => mean[j] - middle)];
    }
}

/// <summary>A point, or a slope and its derivative, which is symmetric.</summary>
internal struct PlaneSlope<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public Vector<T> X, Y, XX, XY, YY;
}

/// <summary>One evaluation of a field in the plane with its derivative: F = A x + κμ and ∇F = A I + κ(a/λ) cov(μ), μ by the responsibilities.</summary>
internal sealed class PlaneEvaluation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const double LogTwoE = 1.4426950408889634074;

    // Lesser weights, in bits, are lost beside the greatest in both precisions. Products of distances from a mean and of weights that it hardly depends on
    // would be subnormal, with which processors take a hundred times as long: so weights don't get less, and sums of products begin with a number that is
    // not 0.
    private const double LeastBits = -60;

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
        double[] constants =
            [.. mixture.LogWeights.Select((weight, k) => LogTwoE * (weight - 0.5 * slope * a * (means.X[k] * means.X[k] + means.Y[k] * means.Y[k])))];
        double greatest = constants.Max();
        for (int k = 0; k < means.Count; k++)
        {
            bool isReal = k < mixture.Count;
            _logits[3 * k] = T.CreateTruncating(isReal ? LogTwoE * slope * means.X[k] : 0);
            _logits[3 * k + 1] = T.CreateTruncating(isReal ? LogTwoE * slope * means.Y[k] : 0);
            _logits[3 * k + 2] = isReal ? T.CreateTruncating(constants[k] - greatest) : T.NegativeInfinity;
        }
    }

    /// <summary>Evaluates at two vectors of points: one alone would wait for its own results.</summary>
    /// <param name="first">The coordinates of the first vector of points; receives the slopes and their derivatives.</param>
    /// <param name="second">The second vector of points.</param>
    /// <param name="weights">Memory for two vectors per component.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Evaluate(ref PlaneSlope<T> first, ref PlaneSlope<T> second, ref Vector<T> weights)
    {
        int count = _means.Count;
        Vector<T> x0 = first.X - new Vector<T>(_centreX), y0 = first.Y - new Vector<T>(_centreY);
        Vector<T> x1 = second.X - new Vector<T>(_centreX), y1 = second.Y - new Vector<T>(_centreY);
        Vector<T> other0 = new(T.NegativeInfinity), other1 = other0, greatest0 = other0, greatest1 = other0;
        ref T numbers = ref MemoryMarshal.GetArrayDataReference(_logits);
        ref Vector<T> weight = ref weights;
        for (int k = 0; k < count; k += 2, numbers = ref Unsafe.Add(ref numbers, 6), weight = ref Unsafe.Add(ref weight, 4))
        {
            Vector<T> alongX = new(numbers), alongY = new(Unsafe.Add(ref numbers, 1)), constant = new(Unsafe.Add(ref numbers, 2));
            Vector<T> a = SimdMath.MultiplyAdd(x0, alongX, SimdMath.MultiplyAdd(y0, alongY, constant));
            Vector<T> b = SimdMath.MultiplyAdd(x1, alongX, SimdMath.MultiplyAdd(y1, alongY, constant));
            (alongX, alongY, constant) = (new(Unsafe.Add(ref numbers, 3)), new(Unsafe.Add(ref numbers, 4)), new(Unsafe.Add(ref numbers, 5)));
            Vector<T> c = SimdMath.MultiplyAdd(x0, alongX, SimdMath.MultiplyAdd(y0, alongY, constant));
            Vector<T> d = SimdMath.MultiplyAdd(x1, alongX, SimdMath.MultiplyAdd(y1, alongY, constant));
            (greatest0, greatest1) = (Vector.MaxNative(greatest0, a), Vector.MaxNative(greatest1, b));
            (other0, other1) = (Vector.MaxNative(other0, c), Vector.MaxNative(other1, d));
            (weight, Unsafe.Add(ref weight, 1), Unsafe.Add(ref weight, 2), Unsafe.Add(ref weight, 3)) = (a, b, c, d);
        }
        (greatest0, greatest1) = (Vector.MaxNative(greatest0, other0), Vector.MaxNative(greatest1, other1));

        Vector<T> leastBits = new(T.CreateTruncating(LeastBits));
        Vector<T> total0 = Vector<T>.Zero, total1 = total0, meanX0 = total0, meanY0 = total0, meanX1 = total0, meanY1 = total0;
        ref T offset = ref MemoryMarshal.GetArrayDataReference(_means.Offset);
        weight = ref weights;
        for (int k = 0; k < count; k += 2, offset = ref Unsafe.Add(ref offset, 4), weight = ref Unsafe.Add(ref weight, 4))
        {
            Vector<T> a = Vector.MaxNative(leastBits, weight - greatest0), b = Vector.MaxNative(leastBits, Unsafe.Add(ref weight, 1) - greatest1);
            Vector<T> c = Vector.MaxNative(leastBits, Unsafe.Add(ref weight, 2) - greatest0);
            Vector<T> d = Vector.MaxNative(leastBits, Unsafe.Add(ref weight, 3) - greatest1);
            Exp2(ref a, ref b, ref c, ref d);
            (weight, Unsafe.Add(ref weight, 1), Unsafe.Add(ref weight, 2), Unsafe.Add(ref weight, 3)) = (a, b, c, d);
            (total0, total1) = (total0 + (a + c), total1 + (b + d));
            Vector<T> x = new(offset), y = new(Unsafe.Add(ref offset, 1));
            (meanX0, meanX1) = (SimdMath.MultiplyAdd(a, x, meanX0), SimdMath.MultiplyAdd(b, x, meanX1));
            (meanY0, meanY1) = (SimdMath.MultiplyAdd(a, y, meanY0), SimdMath.MultiplyAdd(b, y, meanY1));
            (x, y) = (new(Unsafe.Add(ref offset, 2)), new(Unsafe.Add(ref offset, 3)));
            (meanX0, meanX1) = (SimdMath.MultiplyAdd(c, x, meanX0), SimdMath.MultiplyAdd(d, x, meanX1));
            (meanY0, meanY1) = (SimdMath.MultiplyAdd(c, y, meanY0), SimdMath.MultiplyAdd(d, y, meanY1));
        }
        Vector<T> share0 = Vector<T>.One / total0, share1 = Vector<T>.One / total1;
        (meanX0, meanY0, meanX1, meanY1) = (meanX0 * share0, meanY0 * share0, meanX1 * share1, meanY1 * share1);
        SetSlope(meanX0, meanY0, ref first);
        SetSlope(meanX1, meanY1, ref second);
        // The greatest weight is 1. Where the others are lost beside it there is no covariance; for each lane by itself, so that it does not matter which
        // samples are together.
        if (!Vector.GreaterThanAny(total0, Vector<T>.One) && !Vector.GreaterThanAny(total1, Vector<T>.One)) return;

        // About the mean, so that nothing cancels.
        Vector<T> xx0 = new(_means.Least), xy0 = xx0, yy0 = xx0, xx1 = xx0, xy1 = xx0, yy1 = xx0;
        offset = ref MemoryMarshal.GetArrayDataReference(_means.Offset);
        weight = ref weights;
        for (int k = 0; k < count; k++, offset = ref Unsafe.Add(ref offset, 2), weight = ref Unsafe.Add(ref weight, 2))
        {
            Vector<T> x = new(offset), y = new(Unsafe.Add(ref offset, 1)), a = x - meanX0, b = y - meanY0, c = x - meanX1, d = y - meanY1;
            Vector<T> own = weight, along = own * a;
            xx0 = SimdMath.MultiplyAdd(along, a, xx0);
            xy0 = SimdMath.MultiplyAdd(along, b, xy0);
            yy0 = SimdMath.MultiplyAdd(own * b, b, yy0);
            own = Unsafe.Add(ref weight, 1);
            along = own * c;
            xx1 = SimdMath.MultiplyAdd(along, c, xx1);
            xy1 = SimdMath.MultiplyAdd(along, d, xy1);
            yy1 = SimdMath.MultiplyAdd(own * d, d, yy1);
        }
        Vector<T> spread = new(_spread);
        Vector<T> factor0 = SimdMath.KeepIfLess(Vector<T>.One, total0, spread * share0), factor1 = SimdMath.KeepIfLess(Vector<T>.One, total1, spread * share1);
        first.XX = SimdMath.MultiplyAdd(factor0, xx0, first.XX);
        first.XY = factor0 * xy0;
        first.YY = SimdMath.MultiplyAdd(factor0, yy0, first.YY);
        second.XX = SimdMath.MultiplyAdd(factor1, xx1, second.XX);
        second.XY = factor1 * xy1;
        second.YY = SimdMath.MultiplyAdd(factor1, yy1, second.YY);
    }

    // The slope, and its derivative without the covariance.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void SetSlope(Vector<T> meanX, Vector<T> meanY, ref PlaneSlope<T> slope)
    {
        Vector<T> axis = new(_axis), mean = new(_mean);
        slope.X = SimdMath.MultiplyAdd(axis, slope.X, SimdMath.MultiplyAdd(mean, meanX, new(_constantX)));
        slope.Y = SimdMath.MultiplyAdd(axis, slope.Y, SimdMath.MultiplyAdd(mean, meanY, new(_constantY)));
        (slope.XX, slope.XY, slope.YY) = (axis, Vector<T>.Zero, axis);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Exp2(ref Vector<T> a, ref Vector<T> b, ref Vector<T> c, ref Vector<T> d)
    {
        if (typeof(T) == typeof(float))
        {
            Vector<float> e = a.As<T, float>(), f = b.As<T, float>(), g = c.As<T, float>(), h = d.As<T, float>();
            SimdMath.Exp2(ref e, ref f, ref g, ref h);
            (a, b, c, d) = (e.As<float, T>(), f.As<float, T>(), g.As<float, T>(), h.As<float, T>());
        }
        else (a, b, c, d) = (SimdMath.Exp2(a), SimdMath.Exp2(b), SimdMath.Exp2(c), SimdMath.Exp2(d));
    }
}
