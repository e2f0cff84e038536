namespace FlowDsl.Mathematics.ScoreNetworks;

/// <summary>Networks of ReLU and ReQU units under construction: sums, products and squares as units, each exact for all real numbers.</summary>
/// <remarks>
/// y² = ReQU(y) + ReQU(-y), ab = ¼((a + b)² - (a - b)²), y = ReLU(y) - ReLU(-y). If the sign of an argument is known, one unit instead of two
/// suffices. A constant argument gives a constant, so values that do not depend on the input need no units.
/// </remarks>
/// <param name="inputs">The ranges of the inputs.</param>
/// <param name="cancellationToken">Checked before each unit.</param>
internal sealed class NetworkBuilder((double Low, double High)[] inputs, CancellationToken cancellationToken = default)
{
    private readonly List<NetworkUnit> _units = [.. inputs.Select((_, i) => new NetworkUnit(i, 0, UnitKind.ReLU, AffineForm.Of(0)))];

    private readonly Dictionary<(UnitKind, int, double, (int, double), int), List<NetworkUnit>> _known = [];

    public IReadOnlyList<NetworkUnit> Units => _units;

    /// <summary>New units are on this level or later.</summary>
    public int Floor { get; set; }

    /// <summary>What new units are a part of, for readers: a noun such as <c>gap</c>.</summary>
    public string Purpose { get; set; } = "unit";

    public AffineForm Input(int index) => new(0, [(index, 1)], inputs[index].Low, inputs[index].High);

    /// <summary>The layer after which a function is known.</summary>
    public int LevelOf(AffineForm form) => form.Terms.Count == 0 ? 0 : form.Terms.Max(term => _units[term.Unit].Level);

    /// <summary>max(0, y).</summary>
    public AffineForm Rectify(AffineForm y)
        => y.IsConstant ? AffineForm.Of(Math.Max(0, y.Constant)) : Add(UnitKind.ReLU, y, Math.Max(0, y.Low), Math.Max(0, y.High));

    /// <summary>The same value one layer later, in as few units as its sign allows.</summary>
    public AffineForm Keep(AffineForm y)
    {
        if (y.IsConstant) return y;
        if (y.Low >= 0) return Rectify(y);
        if (y.High <= 0) return -1 * Rectify(-1 * y);
        return (Rectify(y) - Rectify(-1 * y)).Within(y.Low, y.High);
    }

    /// <summary>The same value in one unit per sign; a sum of several units moves one layer later, because layers between would carry each of them.</summary>
    public AffineForm Condense(AffineForm y) => y.Terms.Count > 1 ? Keep(y) : y;

    /// <summary>y².</summary>
    public AffineForm Square(AffineForm y)
    {
        if (y.IsConstant) return AffineForm.Of(y.Constant * y.Constant);
        double low = y.Low > 0 ? y.Low * y.Low : y.High < 0 ? y.High * y.High : 0, high = y.Reach * y.Reach;
        if (y.Low >= 0) return Add(UnitKind.ReQU, y, low, high);
        if (y.High <= 0) return Add(UnitKind.ReQU, -1 * y, low, high);
        return (Add(UnitKind.ReQU, y, 0, high) + Add(UnitKind.ReQU, -1 * y, 0, high)).Within(low, high);
    }

    /// <summary>max(0, y)².</summary>
    public AffineForm RectifiedSquare(AffineForm y)
    {
        double positive = Math.Max(0, y.High);
        return y.IsConstant ? AffineForm.Of(positive * positive) : Add(UnitKind.ReQU, y, Math.Max(0, y.Low) * Math.Max(0, y.Low), positive * positive);
    }

    /// <summary>ab: three units if neither factor is negative, else four, whatever else is known about their ranges.</summary>
    /// <param name="a">The first factor.</param>
    /// <param name="b">The second factor.</param>
    /// <param name="reach">The largest typical absolute value of a factor without bounds.</param>
    public AffineForm Product(AffineForm a, AffineForm b, double reach = 1)
    {
        if (a.IsConstant) return a.Constant * b;
        if (b.IsConstant) return b.Constant * a;
        // Scale the factors to one size: if very different, the difference of squares would lose the smaller to rounding.
        return ScaledProduct(a, b, Math.Sqrt(PowerOfTwo(Size(b) / Size(a))));

        double Size(AffineForm form) => double.IsInfinity(form.Reach) ? reach : form.Reach;
    }

    /// <summary>ab for a ≥ b ≥ 0: two units.</summary>
    public AffineForm OrderedProduct(AffineForm a, AffineForm b)
    {
        if (a.IsConstant || b.IsConstant) return Product(a, b);
        return 0.25 * (Square(a + b) - Square((a - b).Within(0, double.PositiveInfinity)));
    }

    private AffineForm ScaledProduct(AffineForm a, AffineForm b, double scale)
    {
        AffineForm left = scale * a, right = 1 / scale * b;
        double[] ends = [a.Low * b.Low, a.Low * b.High, a.High * b.Low, a.High * b.High];
        AffineForm sum = left + right, difference = Anywhere(left - right);
        AffineForm product = 0.25 * (Square(a.Low >= 0 && b.Low >= 0 ? sum : Anywhere(sum)) - Square(difference));
        return ends.Any(double.IsNaN)
            ? product with { Low = double.NegativeInfinity, High = double.PositiveInfinity }
            : product with { Low = ends.Min(), High = ends.Max() };
    }

    private static AffineForm Anywhere(AffineForm form) => form with { Low = double.NegativeInfinity, High = double.PositiveInfinity };

    private AffineForm Add(UnitKind kind, AffineForm argument, double low, double high)
    {
        cancellationToken.ThrowIfCancellationRequested();
        int level = Math.Max(Floor, 1 + LevelOf(argument));
        // Equal units on one layer are merged: polygons of a variance's reciprocal and logarithm share their ramps.
        var key = (kind, level, argument.Constant, argument.Terms[0], argument.Terms.Count);
        if (!_known.TryGetValue(key, out List<NetworkUnit>? same)) _known[key] = same = [];
        NetworkUnit? unit = same.Find(own => own.Argument.Terms.SequenceEqual(argument.Terms));
        if (unit is null)
        {
            unit = new NetworkUnit(_units.Count, level, kind, argument) { Purpose = Purpose };
            _units.Add(unit);
            same.Add(unit);
        }
        return new AffineForm(0, [(unit.Index, 1)], low, high);
    }

    // An even power: its root is also a power of two, so scaling is exact.
    private static double PowerOfTwo(double ratio)
    {
        ratio = Math.Min(Math.Max(ratio, 1e-300), 1e300);
        double power = 1;
        while (power * 2 <= ratio) power *= 4;
        while (power > 2 * ratio) power /= 4;
        return power;
    }
}
