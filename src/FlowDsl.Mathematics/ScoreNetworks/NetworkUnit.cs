namespace FlowDsl.Mathematics;

/// <summary>The nonlinearity of a unit.</summary>
public enum UnitKind
{
    /// <summary>max(0, y).</summary>
    ReLU,

    /// <summary>max(0, y)².</summary>
    ReQU,
}

/// <summary>A unit of a network that is not yet layered: a nonlinearity of an affine function of inputs and earlier units.</summary>
/// <param name="Index">Its index among inputs and units; operands come first.</param>
/// <param name="Level">The layer that computes it, from 1; inputs are on level 0.</param>
/// <param name="Kind">Its nonlinearity; unused for inputs.</param>
/// <param name="Argument">The affine function; zero for inputs.</param>
internal sealed record NetworkUnit(int Index, int Level, UnitKind Kind, AffineForm Argument)
{
    /// <summary>What it is a part of, for readers: a noun such as <c>gap</c>.</summary>
    public string Purpose { get; init; } = "unit";
}

/// <summary>An affine function of inputs and units, with bounds on its values.</summary>
/// <param name="Constant">The constant.</param>
/// <param name="Terms">The units, in ascending order, with their nonzero factors.</param>
/// <param name="Low">A lower bound on the values.</param>
/// <param name="High">An upper bound on the values.</param>
internal sealed record AffineForm(double Constant, IReadOnlyList<(int Unit, double Factor)> Terms, double Low, double High)
{
    public bool IsConstant => Terms.Count == 0;

    /// <summary>The largest absolute value.</summary>
    public double Reach => Math.Max(Math.Abs(Low), Math.Abs(High));

    public static AffineForm Of(double constant) => new(constant, [], constant, constant);

    public static AffineForm operator +(AffineForm left, AffineForm right)
    {
        var terms = new List<(int, double)>(left.Terms.Count + right.Terms.Count);
        int i = 0, j = 0;
        while (i < left.Terms.Count || j < right.Terms.Count)
        {
            int unit = Math.Min(i < left.Terms.Count ? left.Terms[i].Unit : int.MaxValue, j < right.Terms.Count ? right.Terms[j].Unit : int.MaxValue);
            double factor = 0;
            if (i < left.Terms.Count && left.Terms[i].Unit == unit) factor += left.Terms[i++].Factor;
            if (j < right.Terms.Count && right.Terms[j].Unit == unit) factor += right.Terms[j++].Factor;
            if (factor != 0) terms.Add((unit, factor));
        }
        double constant = left.Constant + right.Constant;
        return terms.Count == 0 ? Of(constant) : new AffineForm(constant, terms, left.Low + right.Low, left.High + right.High);
    }

    public static AffineForm operator +(AffineForm left, double right)
        => left with { Constant = left.Constant + right, Low = left.Low + right, High = left.High + right };

    public static AffineForm operator -(AffineForm left, AffineForm right) => left + (-1 * right);

    public static AffineForm operator -(AffineForm left, double right) => left + (-right);

    public static AffineForm operator -(double left, AffineForm right) => (-1 * right) + left;

    public static AffineForm operator *(double factor, AffineForm form)
    {
        if (factor == 0) return Of(0);
        double low = factor * form.Low, high = factor * form.High;
        return new AffineForm(factor * form.Constant, [.. form.Terms.Select(term => (term.Unit, factor * term.Factor))],
            Math.Min(low, high), Math.Max(low, high));
    }

    /// <summary>The same function with tighter bounds than its terms imply.</summary>
    public AffineForm Within(double low, double high) => IsConstant ? this : this with { Low = Math.Max(Low, low), High = Math.Min(High, high) };
}
