using FlowDsl.Mathematics.Numerics;

namespace FlowDsl.Mathematics.ScoreNetworks;

/// <summary>Exponentials, reciprocals, logarithms and softmaxes as units, with their errors.</summary>
/// <remarks>
/// <para>
/// An exponential is squared repeatedly in the form e^{-y} - 1, not e^{-y}: for y of at most <see cref="MaxArgument"/>, q = 1 - e^{-y} is y - y²/3 -
/// (2y - y²)²/24, the Taylor polynomial of fourth degree in two layers, and each further layer is q ← 2q - q², which doubles y. Squaring e^{-y}
/// itself would double its rounding error with each layer.
/// </para>
/// <para>
/// A reciprocal is a product: with a polygon y below 1/s and ε = 1 - sy in [0, ε₁], 1/s = y(1 + ε)(1 + ε²)(1 + ε⁴)…, one layer per factor. Newton's
/// steps give the same values but take two layers each. With knots at most a factor of 2 apart, ε₁ is at most 1/9, whatever the range of s.
/// </para>
/// <para>A logarithm is Newton's y ← y - 1 + λe^{-y} from a polygon with the same knots.</para>
/// </remarks>
internal static class NetworkFunctions
{
    /// <summary>The maximum argument of the polynomial in an exponential.</summary>
    public const double MaxArgument = 1;

    /// <summary>The error of a polygon with knots a factor of 2 apart, shifted up by this value, against a logarithm: half of the largest gap.</summary>
    private const double PolygonError = 0.0298504;

    // Each Newton step squares the error: four reach rounding.
    private const int MaxSteps = 8;

    // The maximum ratio of variances for which the product in a logarithm uses unscaled factors.
    private const double MaxOrdered = 2;

    /// <summary>1 - e^{-y} for y in [0, 2^doublings]: doublings + 2 layers.</summary>
    public static AffineForm Complement(NetworkBuilder builder, AffineForm y, int doublings) => Complement(builder, y, doublings, out _);

    private static AffineForm Complement(NetworkBuilder builder, AffineForm y, int doublings, out AffineForm keptArgument)
    {
        AffineForm small = Power(-doublings) * y;
        AffineForm keptSmall = builder.Keep(small), square = builder.Square(small);
        keptArgument = Power(doublings) * keptSmall;
        AffineForm doubled = (2 * keptSmall - square).Within(0, 1);
        // doubled is on the first layer; the next two are on the second.
        AffineForm kept = builder.Keep((0.5 * doubled + 1.0 / 6 * square).Within(0, 1));
        AffineForm q = (kept - 1.0 / 24 * builder.Square(doubled)).Within(0, 1);
        for (int i = 0; i < doublings; i++) q = (2 * builder.Keep(q) - builder.Square(q)).Within(0, 1);
        return q;
    }

    /// <summary>
    /// The relative error of y for which the network's e^{-y} is exact, at most h⁴e^h/120, h = reach/2^doublings; the network's y is the smaller one.
    /// </summary>
    public static double ArgumentError(double reach, int doublings)
    {
        double h = reach * Power(-doublings);
        return h > MaxArgument ? double.PositiveInfinity : h * h * h * h * PortableMath.Exp(h) / 120;
    }

    /// <summary>The minimum number of doublings that makes the polynomial's argument small enough.</summary>
    public static int MinDoublings(double reach)
    {
        int doublings = 1;
        for (double rest = 0.5 * reach; rest > MaxArgument; rest *= 0.5) doublings++;
        return doublings;
    }

    /// <summary>1/s for s in its range: factors + 1 layers.</summary>
    public static AffineForm Reciprocal(NetworkBuilder builder, AffineForm s, int factors)
    {
        if (s.IsConstant) return AffineForm.Of(1 / s.Constant);
        double least = s.Low;
        (double[] knots, double error) = Knots(s.High / least);
        double last = knots[knots.Length - 1];
        double[] bends = Bends(knots, knot => 1 / knot);
        // The polygon through 1/s at the knots, and s times it, s ReLU(k - s) = k ReLU(k - s) - ReQU(k - s); s itself is the last knot minus the
        // distance to it.
        AffineForm ratio = 1 / least * s, polygon = AffineForm.Of(1 / last), product = AffineForm.Of(1);
        for (int j = 1; j < knots.Length; j++)
        {
            AffineForm lacking = (knots[j] - ratio).Within(j == knots.Length - 1 ? 0 : double.NegativeInfinity, knots[j] - 1);
            AffineForm ramp = builder.Rectify(lacking), square = builder.RectifiedSquare(lacking);
            polygon += bends[j] * ramp;
            product += bends[j] * (knots[j] * ramp - square);
            if (j == knots.Length - 1) product -= 1 / last * ramp;
        }
        AffineForm epsilon = (1 - (1 - error) * product).Within(0, error), inverse = ((1 - error) * polygon).Within(0, 1);
        for (int i = 0; i < factors; i++)
        {
            inverse = builder.OrderedProduct(epsilon + 1, inverse).Within(0, 1);
            if (i < factors - 1) epsilon = builder.Square(epsilon);
        }
        return 1 / least * inverse with { Low = 0.5 / s.High * least, High = 1 };
    }

    /// <summary>The relative error of a reciprocal, ε₁^(2^factors); the network's value is the smaller one.</summary>
    public static double ReciprocalError(double ratio, int factors)
    {
        double error = Knots(ratio).Error;
        for (int i = 0; i < factors; i++) error *= error;
        return error;
    }

    /// <summary>log λ for λ in its range.</summary>
    public static AffineForm Logarithm(NetworkBuilder builder, AffineForm lambda, int[] doublings)
    {
        if (lambda.IsConstant) return AffineForm.Of(PortableMath.Log(lambda.Constant));
        double least = lambda.Low, ratio = lambda.High / least;
        AffineForm scaled = (1 / least * lambda).Within(1, ratio);
        // From here on: the logarithm of scaled, plus the shift that keeps the exponential's argument positive.
        double shift = 2 * PolygonError, reach = LogarithmReach(ratio);
        AffineForm y = AffineForm.Of(shift + PolygonError + PortableMath.Log(ratio));
        double[] knots = Knots(ratio).Values, bends = Bends(knots, PortableMath.Log);
        for (int j = 1; j < knots.Length; j++)
            y += bends[j] * builder.Rectify((knots[j] - scaled).Within(j == knots.Length - 1 ? 0 : double.NegativeInfinity, knots[j] - 1));
        y = y.Within(0, reach);
        foreach (int count in doublings)
        {
            AffineForm power = (1 - Complement(builder, y, count, out AffineForm kept)).Within(0, 1);
            // scaled ≥ 1 ≥ power, but if their sizes are very different, a scaled product has less rounding.
            AffineForm product = ratio <= MaxOrdered ? builder.OrderedProduct(scaled, power) : builder.Product(scaled, power);
            y = (kept - 1 + PortableMath.Exp(shift) * product).Within(0, reach);
        }
        return y + (PortableMath.Log(least) - shift);
    }

    /// <summary>The maximum argument of the exponential in a logarithm.</summary>
    public static double LogarithmReach(double ratio) => PortableMath.Log(ratio) + 4 * PolygonError;

    /// <summary>The absolute error of a logarithm.</summary>
    public static double LogarithmError(double ratio, int[] doublings)
    {
        double error = PolygonError, reach = LogarithmReach(ratio);
        foreach (int count in doublings)
        {
            double relative = PortableMath.Expm1(reach * ArgumentError(reach, count));
            error = (PortableMath.Exp(error) * (1 + relative)) - 1 - error;
            if (!(error < PolygonError)) return double.PositiveInfinity;
        }
        return error;
    }

    /// <summary>Newton's steps for a logarithm, each exponential as accurate as its step needs; null if rounding prevents the tolerance.</summary>
    public static int[]? LogarithmSteps(double ratio, double tolerance)
    {
        var steps = new List<int>();
        double error = PolygonError, reach = LogarithmReach(ratio);
        while (error > tolerance)
        {
            double exact = PortableMath.Expm1(error) - error, target = Math.Max(exact, 0.25 * tolerance);
            int count = MinDoublings(reach);
            while (PortableMath.Expm1(reach * ArgumentError(reach, count)) > target) count++;
            if (steps.Count == MaxSteps) return null;
            steps.Add(count);
            error = LogarithmError(ratio, [.. steps]);
        }
        return [.. steps];
    }

    /// <summary>The responsibilities of logits, each minus one common value.</summary>
    public static (AffineForm[] Shares, AffineForm Common) Softmax(NetworkBuilder builder, AffineForm[] logits, double clip, int doublings, int factors)
    {
        int count = logits.Length;
        if (count == 1) return ([AffineForm.Of(1)], AffineForm.Of(0));
        builder.Purpose = "gap";
        AffineForm[] gaps = Gaps(builder, logits);
        builder.Purpose = "exponential";
        // Beyond the clip, the value at the clip.
        AffineForm[] complements = [.. gaps.Select(gap => Complement(builder, (clip - builder.Rectify(clip - gap)).Within(0, clip), doublings))];
        AffineForm sum = complements.Aggregate(AffineForm.Of(count), (partial, q) => partial - q).Within(1, count);
        AffineForm[] powers = [.. complements.Select(q => (1 - builder.Keep(q)).Within(0, 1))];
        builder.Purpose = "reciprocal";
        AffineForm inverse = Reciprocal(builder, sum, factors), kept = builder.Keep(inverse);
        builder.Purpose = "responsibility";
        // (e + 1)/S - 1/S: its factors' order is known.
        return ([.. powers.Select(power => builder.OrderedProduct(power + 1, inverse))], kept);
    }

    /// <summary>The largest logit minus each logit, by a tree of pairs.</summary>
    private static AffineForm[] Gaps(NetworkBuilder builder, AffineForm[] logits)
    {
        AffineForm[] gaps = [.. logits.Select(_ => AffineForm.Of(0))];
        List<(AffineForm Greatest, int[] Members)> groups = [.. logits.Select((logit, k) => (logit, new[] { k }))];
        while (groups.Count > 1)
        {
            var merged = new List<(AffineForm, int[])>();
            for (int i = 0; i < groups.Count; i += 2)
            {
                if (i + 1 == groups.Count)
                {
                    merged.Add((builder.Keep(groups[i].Greatest), groups[i].Members));
                    continue;
                }
                (AffineForm left, AffineForm right) = (groups[i].Greatest, groups[i + 1].Greatest);
                AffineForm leftExcess = builder.Rectify(left - right), rightExcess = builder.Rectify(right - left);
                foreach (int k in groups[i].Members) gaps[k] += rightExcess;
                foreach (int k in groups[i + 1].Members) gaps[k] += leftExcess;
                AffineForm greatest = (builder.Keep(right) + leftExcess).Within(double.NegativeInfinity, Math.Max(left.High, right.High));
                merged.Add((greatest, [.. groups[i].Members, .. groups[i + 1].Members]));
            }
            groups = merged;
        }
        return gaps;
    }

    /// <summary>Knots of polygons from 1 to a ratio, each at most twice the one before, and ε₁ of the reciprocal from them.</summary>
    private static (double[] Values, double Error) Knots(double ratio)
    {
        int count = 1;
        for (double power = 2; power < ratio; power *= 2) count++;
        double step = PortableMath.Exp(PortableMath.Log(ratio) / count);
        double[] knots = new double[count + 1];
        for (int j = 0; j <= count; j++) knots[j] = j == 0 ? 1 : j == count ? ratio : knots[j - 1] * step;
        // The chord of 1/s on [k, qk] times s is at most (1 + q)²/4q; because of rounding no two steps are exactly alike.
        double widest = step * (1 + 1e-12);
        return (knots, 1 - 4 * widest / ((1 + widest) * (1 + widest)));
    }

    /// <summary>
    /// The factors of ReLU(k - s) in a polygon through a function at knots, for each knot except the first. From the last knot down they all have one
    /// sign, and nothing cancels; ramps from the first knot would lose as many digits as the ratio has.
    /// </summary>
    private static double[] Bends(double[] knots, Func<double, double> function)
    {
        double[] bends = new double[knots.Length];
        double slope = 0;
        for (int j = knots.Length - 1; j >= 1; j--)
        {
            double own = (function(knots[j]) - function(knots[j - 1])) / (knots[j] - knots[j - 1]);
            bends[j] = slope - own;
            slope = own;
        }
        return bends;
    }

    internal static double Power(int exponent)
    {
        double power = 1;
        for (int i = 0; i < Math.Abs(exponent); i++) power *= 2;
        return exponent < 0 ? 1 / power : power;
    }
}
