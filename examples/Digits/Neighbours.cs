namespace FlowDsl.Examples;

/// <summary>How far digits are from each other.</summary>
internal static class Neighbours
{
    /// <summary>The number of the digit that is nearest to another one, and the root mean square difference of their pixels.</summary>
    public static (int Index, double Distance) Nearest(double[] digits, double[] digit, int except = -1)
    {
        (int Index, double Square) best = (-1, double.PositiveInfinity);
        for (int i = 0; i < digits.Length / digit.Length; i++)
        {
            double square = 0;
            for (int j = 0; j < digit.Length; j++) square += Math.Pow(digits[i * digit.Length + j] - digit[j], 2);
            if (i != except && square < best.Square) best = (i, square);
        }
        return (best.Index, Math.Sqrt(best.Square / digit.Length));
    }

    /// <summary>The mean distance of a digit from the nearest other one, over every tenth digit.</summary>
    public static double TypicalDistance(double[] digits) => Enumerable.Range(0, digits.Length / Digits.Dimension).Where(i => i % 10 == 0)
        .Average(i => Nearest(digits, digits[(i * Digits.Dimension)..((i + 1) * Digits.Dimension)], except: i).Distance);
}
