namespace FlowDsl.Mathematics.Numerics;

/// <summary>A closed interval. Operations round outwards, so the result contains every exact result from numbers within.</summary>
/// <param name="low">The lower end.</param>
/// <param name="high">The upper end.</param>
internal readonly struct Interval(double low, double high)
{
    // A result is off by half a unit in its last place, and so is the end that is moved: more than both together.
    private const double Unit = 2.5e-16;

    // More than what an operation loses below the normal numbers.
    private const double Tiny = 1e-307;

    // PortableMath.Exp is right to less than one unit in the last place.
    private const double ExpUnit = 1e-15;

    /// <summary>The lower end.</summary>
    public double Low { get; } = low;

    /// <summary>The upper end.</summary>
    public double High { get; } = high;

    /// <summary>The largest absolute value.</summary>
    public double Size => Math.Max(Math.Abs(Low), Math.Abs(High));

    /// <summary>The interval around a number.</summary>
    public static Interval Around(double value, double radius) => new(Down(value - radius), Up(value + radius));

    /// <summary>One number.</summary>
    public static implicit operator Interval(double value) => new(value, value);

    public static Interval operator +(Interval left, Interval right) => new(Down(left.Low + right.Low), Up(left.High + right.High));

    public static Interval operator -(Interval left, Interval right) => new(Down(left.Low - right.High), Up(left.High - right.Low));

    public static Interval operator *(Interval left, Interval right)
    {
        double a = left.Low * right.Low, b = left.Low * right.High, c = left.High * right.Low, d = left.High * right.High;
        return new(Down(Math.Min(Math.Min(a, b), Math.Min(c, d))), Up(Math.Max(Math.Max(a, b), Math.Max(c, d))));
    }

    /// <summary>The quotient by positive numbers.</summary>
    public static Interval operator /(Interval left, Interval right)
        => right.Low > 0
            ? left * new Interval(Down(1 / right.High), Up(1 / right.Low))
            : new(double.NegativeInfinity, double.PositiveInfinity);

    /// <summary>The squares.</summary>
    public Interval Square()
    {
        double a = Low * Low, b = High * High;
        return new(Low <= 0 && High >= 0 ? 0 : Math.Max(0, Down(Math.Min(a, b))), Up(Math.Max(a, b)));
    }

    /// <summary>e to the power of the numbers.</summary>
    public Interval Exp()
    {
        double low = PortableMath.Exp(Low), high = PortableMath.Exp(High);
        return new(Math.Max(0, low - low * ExpUnit - Tiny), high + high * ExpUnit + Tiny);
    }

    private static double Down(double value) => value - Math.Abs(value) * Unit - Tiny;

    private static double Up(double value) => value + Math.Abs(value) * Unit + Tiny;
}
