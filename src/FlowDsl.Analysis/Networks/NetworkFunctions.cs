namespace FlowDsl.Analysis;

/// <summary>Exponentials, reciprocals, logarithms and softmaxes as units, with their errors.</summary>
/// <remarks>
/// <para>
/// An exponential is squared up, as D - 1 = e^{-y} - 1 and not as D: q = 1 - e^{-y} for y of at most <see cref="GreatestArgument"/> is
/// y - y²/3 - (2y - y²)²/24, the Taylor polynomial of fourth degree in two layers, and each layer more is q ← 2q - q², which doubles y.
/// Squares of e^{-y} itself would double its rounding with each layer.
/// </para>
/// <para>
/// A reciprocal is a product: with the affine seed y of 1/s and ε = 1 - sy in [0, ε₁], 1/s = y(1 + ε)(1 + ε²)(1 + ε⁴)…, a layer a factor.
/// Newton's steps, which give the same values, take two layers each.
/// </para>
/// <para>A logarithm is Newton's y ← y - 1 + λe^{-y} from the polygon through octaves.</para>
/// </remarks>
internal static class NetworkFunctions
{
    /// <summary>The greatest argument of the polynomial under an exponential.</summary>
    public const double GreatestArgument = 1;

    /// <summary>By how much the polygon through octaves, moved up by it, is off a logarithm: half of the greatest gap.</summary>
    private const double PolygonError = 0.0298504;

    // The greatest ratio of variances for which the product in a logarithm takes its factors as they are.
    private const double GreatestOrdered = 2;

    private const double LogTwo = 0.69314718055994530942;

    /// <summary>1 - e^{-y} for y in [0, 2^doublings]: doublings + 2 layers.</summary>
    public static AffineForm Complement(NetworkBuilder builder, AffineForm y, int doublings) => Complement(builder, y, doublings, out _);

    private static AffineForm Complement(NetworkBuilder builder, AffineForm y, int doublings, out AffineForm keptArgument)
    {
        AffineForm small = Power(-doublings) * y;
        AffineForm square = builder.Square(small), keptSmall = builder.Keep(small);
        keptArgument = Power(doublings) * keptSmall;
        AffineForm doubled = (2 * keptSmall - square).Within(0, 1);
        // doubled is on the first layer; both of what follows are on the second.
        AffineForm kept = builder.Keep((0.5 * doubled + 1.0 / 6 * square).Within(0, 1));
        AffineForm q = (kept - 1.0 / 24 * builder.Square(doubled)).Within(0, 1);
        for (int i = 0; i < doublings; i++) q = (2 * builder.Keep(q) - builder.Square(q)).Within(0, 1);
        return q;
    }

    /// <summary>The relative error of y for which the network's e^{-y} is exact, at most h⁴e^h/120, h = reach/2^doublings; the network's y is the lesser.</summary>
    public static double ArgumentError(double reach, int doublings)
    {
        double h = reach * Power(-doublings);
        return h > GreatestArgument ? double.PositiveInfinity : h * h * h * h * PortableMath.Exp(h) / 120;
    }

    /// <summary>The fewest doublings whose polynomial's argument is small enough.</summary>
    public static int LeastDoublings(double reach)
    {
        int doublings = 1;
        while (reach * Power(-doublings) > GreatestArgument) doublings++;
        return doublings;
    }

    /// <summary>1/s for s in its range: factors + 1 layers.</summary>
    public static AffineForm Reciprocal(NetworkBuilder builder, AffineForm s, int factors)
    {
        if (s.IsConstant) return AffineForm.Of(1 / s.Constant);
        double least = s.Low;
        AffineForm ratio = 1 / least * s;
        (double alpha, double beta, double error) = Seed(s.High / least);
        AffineForm square = builder.Square(ratio), kept = builder.Keep(ratio);
        AffineForm seed = (alpha - beta * kept).Within(0, 1);
        AffineForm epsilon = (1 - alpha * kept + beta * square).Within(0, error);
        AffineForm product = seed;
        for (int i = 0; i < factors; i++)
        {
            product = builder.OrderedProduct(epsilon + 1, product).Within(0, 1);
            if (i < factors - 1) epsilon = builder.Square(epsilon);
        }
        return 1 / least * product with { Low = 0.5 / s.High * least, High = 1 };
    }

    /// <summary>The relative error of a reciprocal, ε₁^(2^factors); the network's is the lesser.</summary>
    public static double ReciprocalError(double ratio, int factors)
    {
        double error = Seed(ratio).Error;
        for (int i = 0; i < factors; i++) error *= error;
        return error;
    }

    /// <summary>log λ for λ in its range.</summary>
    public static AffineForm Logarithm(NetworkBuilder builder, AffineForm lambda, int[] doublings)
    {
        if (lambda.IsConstant) return AffineForm.Of(PortableMath.Log(lambda.Constant));
        double least = lambda.Low, ratio = lambda.High / least;
        AffineForm scaled = (1 / least * lambda).Within(1, ratio);
        // From here on the logarithm of scaled, plus the shift that keeps the exponential's argument positive.
        double shift = 2 * PolygonError, reach = LogarithmReach(ratio);
        AffineForm y = AffineForm.Of(shift + PolygonError);
        double knot = 1, slope = 0;
        for (; knot < ratio; knot *= 2)
        {
            double next = LogTwo / knot;
            y += (next - slope) * (knot == 1 ? builder.Keep(scaled - 1) : builder.Rectify(scaled - knot));
            slope = next;
        }
        y = y.Within(0, reach);
        foreach (int count in doublings)
        {
            AffineForm power = (1 - Complement(builder, y, count, out AffineForm kept)).Within(0, 1);
            // scaled ≥ 1 ≥ power, but where they are of very different sizes a scaled product rounds less.
            AffineForm product = ratio <= GreatestOrdered ? builder.OrderedProduct(scaled, power) : builder.Product(scaled, power);
            y = (kept - 1 + PortableMath.Exp(shift) * product).Within(0, reach);
        }
        return y + (PortableMath.Log(least) - shift);
    }

    /// <summary>The greatest argument of the exponential under a logarithm.</summary>
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

    /// <summary>Newton's steps for a logarithm, each exponential as exact as its step needs.</summary>
    public static int[] LogarithmSteps(double ratio, double tolerance)
    {
        var steps = new List<int>();
        double error = PolygonError, reach = LogarithmReach(ratio);
        while (error > tolerance)
        {
            double exact = PortableMath.Expm1(error) - error, target = Math.Max(exact, 0.25 * tolerance);
            int count = LeastDoublings(reach);
            while (PortableMath.Expm1(reach * ArgumentError(reach, count)) > target) count++;
            steps.Add(count);
            error = LogarithmError(ratio, [.. steps]);
            if (steps.Count > 8) throw new InvalidOperationException("Newton's steps for a logarithm do not converge.");
        }
        return [.. steps];
    }

    /// <summary>The responsibilities of logits, each a share less one value that they have in common.</summary>
    public static (AffineForm[] Shares, AffineForm Common) Softmax(NetworkBuilder builder, AffineForm[] logits, double clip, int doublings, int factors)
    {
        int count = logits.Length;
        if (count == 1) return ([AffineForm.Of(1)], AffineForm.Of(0));
        AffineForm[] gaps = Gaps(builder, logits);
        // Beyond the clip, as at it.
        AffineForm[] complements = [.. gaps.Select(gap => Complement(builder, (clip - builder.Rectify(clip - gap)).Within(0, clip), doublings))];
        AffineForm sum = complements.Aggregate(AffineForm.Of(count), (partial, q) => partial - q).Within(1, count);
        AffineForm[] powers = [.. complements.Select(q => (1 - builder.Keep(q)).Within(0, 1))];
        AffineForm inverse = Reciprocal(builder, sum, factors), kept = builder.Keep(inverse);
        // (e + 1)/S - 1/S: its factors' order is known.
        return ([.. powers.Select(power => builder.OrderedProduct(power + 1, inverse))], kept);
    }

    /// <summary>The greatest logit less each, by a tree of pairs.</summary>
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

    // The affine function below 1/s on [1, ratio] with the least relative error ε₁, and that error: T₂ on the interval, moved down.
    private static (double Alpha, double Beta, double Error) Seed(double ratio)
    {
        double square = ratio * ratio + 6 * ratio + 1, error = (ratio - 1) * (ratio - 1) / square;
        return (8 * (ratio + 1) / square / (1 + error), 8 / square / (1 + error), 2 * error / (1 + error));
    }

    internal static double Power(int exponent)
    {
        double power = 1;
        for (int i = 0; i < Math.Abs(exponent); i++) power *= 2;
        return exponent < 0 ? 1 / power : power;
    }
}
