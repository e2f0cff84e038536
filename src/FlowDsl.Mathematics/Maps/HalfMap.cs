using FlowDsl.Mathematics.Numerics;

namespace FlowDsl.Mathematics.Maps;

/// <summary>The exact map on one side of an anchor: distances above the source's anchor to distances above the target's.</summary>
/// <remarks>
/// The two anchors have the same mass below them, so the mass between the anchor and a point is that between the other anchor and its image. Where less mass
/// lies above the point, that is compared instead. Either way the logarithms of two small masses with all their digits are made equal.
/// </remarks>
/// <param name="source">The law of the points, seen from its anchor.</param>
/// <param name="target">The law of their images, seen from the other anchor.</param>
/// <param name="isOuter">Whether no other anchor lies above, so that points may lie in the tail.</param>
/// <param name="budget">What the proof may take; null where nothing is proved.</param>
internal sealed class HalfMap(LineComponents source, LineComponents target, bool isOuter, ProofBudget? budget = null)
{
    // Relative errors of masses: of a sum of them, and of one in a tail for each unit of its logarithm.
    private const double MassError = 6e-14, TailError = 8e-15;

    private const int MaxSteps = 200, MaxWidenings = 20;

    // What the coefficients of a tail take, in units of those elsewhere.
    private const int TailUnits = 20;

    /// <summary>The law of the points.</summary>
    public LineComponents Source => source;

    /// <summary>The law of the images.</summary>
    public LineComponents Target => target;

    /// <summary>The image of a point and a bound on its error.</summary>
    /// <param name="distance">The distance of the point from its anchor, not negative.</param>
    /// <param name="guess">A guess of the image's.</param>
    public (double Image, double Radius) At(double distance, double guess)
    {
        if (distance <= 0) return (0, 0);
        double level = source.LogMass(distance, out _);
        bool above = false;
        if (isOuter)
        {
            double tail = source.LogTail(distance, out _);
            if (tail < level) (level, above) = (tail, true);
        }
        double low = 0, high = double.PositiveInfinity, image = guess > 0 ? guess : Start();
        double uncertainty = 2 * (MassError + TailError * Math.Abs(level)), rate = 0, excess = 0;
        for (int step = 0; step < MaxSteps; step++)
        {
            excess = Excess(image, out rate);
            if (excess > 0) high = Math.Min(high, image);
            else low = Math.Max(low, image);
            if (Math.Abs(excess) <= 0.1 * uncertainty) break;
            double next = image - excess / rate;
            if (!(next > low && next < high)) next = double.IsInfinity(high) ? 2 * image + Start() : 0.5 * (low + high);
            if (next == image) break;
            image = next;
        }
        double radius = 2 * (Math.Abs(excess) + uncertainty) / rate + 4e-16 * Math.Abs(image);
        for (int widening = 0; widening < MaxWidenings; widening++)
        {
            if ((image - radius <= 0 || Excess(image - radius, out _) < -uncertainty) && Excess(image + radius, out _) > uncertainty) return (image, radius);
            radius *= 4;
        }
        return (image, double.PositiveInfinity);

        double Excess(double at, out double rate)
            => above ? level - target.LogTail(at, out rate) : target.LogMass(at, out rate) - level;

        double Start() => 1e-3 * target.Deviations.Min();
    }

    /// <summary>A bound, for every point between two, on the map's n-th Taylor coefficient in units of a width, and its first.</summary>
    /// <param name="first">The distance of the first point.</param>
    /// <param name="last">The distance of the last one.</param>
    /// <param name="images">The images of both, and what lies between.</param>
    /// <param name="unit">The width.</param>
    /// <param name="order">n, at least 2.</param>
    public (double First, double Last) Coefficients(double first, double last, Interval images, double unit, int order)
    {
        bool isTail = isOuter && IsAboveAll(source, first) && IsAboveAll(target, images.Low);
        if (budget?.Spend(source.Count * (isTail ? TailUnits : 1)) == false) return (double.PositiveInfinity, double.PositiveInfinity);
        return isTail ? TailCoefficients(new Interval(first, last), images, unit, order) : InnerCoefficients(first, last, images, unit, order);
    }

    // A deviation above every mean.
    private static bool IsAboveAll(LineComponents law, double distance)
    {
        for (int k = 0; k < law.Count; k++)
            if (!(law.Place(k, distance) > 1)) return false;
        return true;
    }

    /// <summary>From the equality of the masses above.</summary>
    private (double First, double Last) TailCoefficients(Interval distances, Interval images, double unit, int order)
    {
        double own = target.Deviations[target.Outermost];
        Interval[] map = IntervalSeries.Solve(target.TailSeries(images, own, order + 1), source.TailSeries(distances, unit, order + 1));
        return (map[1].Size * own * (1 + 1e-15), map[order].Size * own * (1 + 1e-15));
    }

    /// <summary>From the differential equation of the map in x: g' = p(x)/q(g).</summary>
    private (double First, double Last) InnerCoefficients(double first, double last, Interval images, double unit, int order)
    {
        int count = source.Count;
        double middle = 0.5 * (first + last), imageMiddle = 0.5 * (images.Low + images.High), from = double.NegativeInfinity, to = double.NegativeInfinity;
        for (int k = 0; k < count; k++)
        {
            from = Math.Max(from, -0.5 * source.Place(k, middle) * source.Place(k, middle));
            to = Math.Max(to, -0.5 * target.Place(k, imageMiddle) * target.Place(k, imageMiddle));
        }
        Interval[] density = SourceDensity(new Interval(first, last), unit, order, from);
        // e of each component along the map, ζ its place and q = ζ²/2.
        var e = new Interval[count][];
        var q = new Interval[count][];
        var sums = new Interval[order];
        for (int k = 0; k < count; k++)
        {
            (e[k], q[k]) = (new Interval[order], new Interval[order + 1]);
            Interval place = Interval.Around(target.Place(k, 0), 4e-16 * Math.Abs(target.Place(k, 0))) + images / target.Deviations[k];
            (e[k][0], q[k][0]) = ((Interval)(target.Weights[k] / target.Deviations[k]) * ((Interval)0 - (place.Square() * 0.5 + to)).Exp(), place);
            sums[0] += e[k][0];
        }
        var map = new Interval[order + 1];
        Interval scale = Interval.Around(from - to, 1e-14 * (1 + Math.Abs(from) + Math.Abs(to))).Exp() * unit;
        for (int n = 0; n < order; n++)
        {
            Interval rest = density[n] * scale;
            for (int j = 0; j < n; j++) rest -= map[j + 1] * sums[n - j] * (j + 1);
            map[n + 1] = rest / (sums[0] * (n + 1));
            if (n + 1 < order)
            {
                for (int k = 0; k < count; k++) sums[n + 1] += Next(e[k], q[k], map, n, target.Deviations[k]);
            }
        }
        return (map[1].Size, map[order].Size);
    }

    private Interval[] SourceDensity(Interval distances, double unit, int order, double reference)
    {
        var sums = new Interval[order];
        for (int k = 0; k < source.Count; k++)
        {
            double offset = source.Place(k, 0);
            Interval place = Interval.Around(offset, 4e-16 * Math.Abs(offset)) + distances / source.Deviations[k], step = (Interval)unit / source.Deviations[k];
            Interval before = 0, own = (Interval)(source.Weights[k] / source.Deviations[k]) * ((Interval)0 - (place.Square() * 0.5 + reference)).Exp();
            for (int n = 0; n < order; n++)
            {
                sums[n] += own;
                // E' = -z E.
                (before, own) = (own, (Interval)0 - step * (place * own + step * before) / (n + 1));
            }
        }
        return sums;
    }

    /// <summary>Coefficient n + 1 of e^{-q} along the map: e' = -q' e.</summary>
    private static Interval Next(Interval[] e, Interval[] q, Interval[] map, int n, double deviation)
    {
        // The place has the map's coefficients by the deviation; q[0] keeps the place itself, which is all of it that is used.
        Interval twice = 0;
        for (int i = 1; i <= n; i++) twice += map[i] * map[n + 1 - i];
        q[n + 1] = (q[0] * map[n + 1] + twice * 0.5 / deviation) / deviation;
        Interval sum = 0;
        for (int j = 0; j <= n; j++) sum += q[j + 1] * e[n - j] * (j + 1);
        return e[n + 1] = ((Interval)0 - sum) / (n + 1);
    }
}
