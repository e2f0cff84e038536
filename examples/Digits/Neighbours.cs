namespace FlowDsl.Examples;

/// <summary>How far digits are from each other.</summary>
internal static class Neighbours
{
    /// <summary>The number of the digit that is nearest to another one, and the root mean square difference of their pixels.</summary>
    public static (int Index, double Distance) Nearest(double[] digits, ReadOnlySpan<double> digit, int except = -1)
    {
        (int index, double first, _) = NearestTwo(digits, digit, except);
        return (index, first);
    }

    /// <summary>The number of the nearest digit, and the root mean square differences of pixels from it and from the second nearest.</summary>
    public static (int Index, double First, double Second) NearestTwo(ReadOnlySpan<double> digits, ReadOnlySpan<double> digit, int except = -1)
    {
        (int nearest, double first, double second) = (-1, double.PositiveInfinity, double.PositiveInfinity);
        for (int i = 0; i < digits.Length / digit.Length; i++)
        {
            if (i == except) continue;
            ReadOnlySpan<double> other = digits.Slice(i * digit.Length, digit.Length);
            double square = 0;
            for (int j = 0; j < other.Length; j++) square += (other[j] - digit[j]) * (other[j] - digit[j]);
            if (square < first) (nearest, first, second) = (i, square, first);
            else if (square < second) second = square;
        }
        return (nearest, Math.Sqrt(first / digit.Length), Math.Sqrt(second / digit.Length));
    }

    /// <summary>The mean distance of a digit from the nearest other one, over every tenth digit.</summary>
    public static double TypicalDistance(double[] digits) => Enumerable.Range(0, digits.Length / Digits.Dimension).Where(i => i % 10 == 0)
        .Average(i => Nearest(digits, digits[(i * Digits.Dimension)..((i + 1) * Digits.Dimension)], except: i).Distance);
}
