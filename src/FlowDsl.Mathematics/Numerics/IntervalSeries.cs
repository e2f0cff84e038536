namespace FlowDsl.Mathematics.Numerics;

/// <summary>Arithmetic on bounds of Taylor coefficients.</summary>
internal static class IntervalSeries
{
    public static Interval[] Multiply(Interval[] left, Interval[] right)
    {
        var product = new Interval[left.Length];
        for (int n = 0; n < product.Length; n++)
        {
            Interval sum = left[0] * right[n];
            for (int j = 1; j <= n; j++) sum += left[j] * right[n - j];
            product[n] = sum;
        }
        return product;
    }

    /// <summary>e to the power of a series: e' = q' e.</summary>
    public static Interval[] Exp(Interval[] exponent)
    {
        var result = new Interval[exponent.Length];
        result[0] = exponent[0].Exp();
        for (int n = 1; n < result.Length; n++)
        {
            Interval sum = 0;
            for (int j = 1; j <= n; j++) sum += exponent[j] * result[n - j] * j;
            result[n] = sum / n;
        }
        return result;
    }

    /// <summary>The logarithm of a positive series, without its constant: q l' = q'.</summary>
    public static Interval[] LogWithoutConstant(Interval[] values)
    {
        var result = new Interval[values.Length];
        for (int n = 1; n < result.Length; n++)
        {
            Interval sum = values[n] * n;
            for (int j = 1; j < n; j++) sum -= result[j] * values[n - j] * j;
            result[n] = sum / (values[0] * n);
        }
        return result;
    }

    /// <summary>The series g without constant for which outer(g) is a given series, both without their constants.</summary>
    public static Interval[] Solve(Interval[] outer, Interval[] values)
    {
        int length = values.Length;
        var result = new Interval[length];
        // Row j: the powers g^j.
        var powers = new Interval[length][];
        for (int j = 2; j < length; j++) powers[j] = new Interval[length];
        powers[1] = result;
        for (int n = 1; n < length; n++)
        {
            Interval rest = values[n];
            for (int j = 2; j <= n; j++)
            {
                Interval sum = 0;
                for (int i = 1; i <= n - j + 1; i++) sum += result[i] * powers[j - 1][n - i];
                powers[j][n] = sum;
                rest -= outer[j] * sum;
            }
            result[n] = rest / outer[1];
        }
        return result;
    }
}
