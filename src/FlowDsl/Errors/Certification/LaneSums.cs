using System.Numerics;

namespace FlowDsl.Errors.Certification;

/// <summary>Sums of products in lanes, four sums at a time: one alone would wait for its own last addition.</summary>
internal static class LaneSums
{
    /// <summary>A matrix of numbers times a vector.</summary>
    /// <param name="matrix">Column after column.</param>
    /// <param name="vector">One value per column.</param>
    /// <param name="result">Receives one value per row.</param>
    public static void Multiply(ReadOnlySpan<double> matrix, ReadOnlySpan<Vector<double>> vector, Span<Vector<double>> result)
    {
        int rows = result.Length, i = 0;
        for (; i + 4 <= rows; i += 4)
        {
            Vector<double> s0 = Vector<double>.Zero, s1 = s0, s2 = s0, s3 = s0;
            for (int j = 0; j < vector.Length; j++)
            {
                ReadOnlySpan<double> column = matrix.Slice(j * rows + i, 4);
                Vector<double> x = vector[j];
                s0 = Vector.MultiplyAddEstimate(new Vector<double>(column[0]), x, s0);
                s1 = Vector.MultiplyAddEstimate(new Vector<double>(column[1]), x, s1);
                s2 = Vector.MultiplyAddEstimate(new Vector<double>(column[2]), x, s2);
                s3 = Vector.MultiplyAddEstimate(new Vector<double>(column[3]), x, s3);
            }
            (result[i], result[i + 1], result[i + 2], result[i + 3]) = (s0, s1, s2, s3);
        }
        for (; i < rows; i++)
        {
            Vector<double> sum = Vector<double>.Zero;
            for (int j = 0; j < vector.Length; j++) sum = Vector.MultiplyAddEstimate(new Vector<double>(matrix[j * rows + i]), vector[j], sum);
            result[i] = sum;
        }
    }

    /// <summary>Σ_{m=1}^{n} left_m right_{n-m} of many series.</summary>
    /// <param name="n">n.</param>
    /// <param name="left">The first factors: term after term, in each of them one value per series.</param>
    /// <param name="right">The second factors.</param>
    /// <param name="result">Receives one value per series.</param>
    public static void Convolve(int n, ReadOnlySpan<Vector<double>> left, ReadOnlySpan<Vector<double>> right, Span<Vector<double>> result)
    {
        int count = result.Length, i = 0;
        for (; i + 4 <= count; i += 4)
        {
            Vector<double> s0 = Vector<double>.Zero, s1 = s0, s2 = s0, s3 = s0;
            for (int m = 1; m <= n; m++)
            {
                ReadOnlySpan<Vector<double>> a = left.Slice(m * count + i, 4), b = right.Slice((n - m) * count + i, 4);
                s0 = Vector.MultiplyAddEstimate(a[0], b[0], s0);
                s1 = Vector.MultiplyAddEstimate(a[1], b[1], s1);
                s2 = Vector.MultiplyAddEstimate(a[2], b[2], s2);
                s3 = Vector.MultiplyAddEstimate(a[3], b[3], s3);
            }
            (result[i], result[i + 1], result[i + 2], result[i + 3]) = (s0, s1, s2, s3);
        }
        for (; i < count; i++)
        {
            Vector<double> sum = Vector<double>.Zero;
            for (int m = 1; m <= n; m++) sum = Vector.MultiplyAddEstimate(left[m * count + i], right[(n - m) * count + i], sum);
            result[i] = sum;
        }
    }

    /// <summary>Σ_{n≥1} |term_n| power_n of many series.</summary>
    /// <param name="terms">Term after term, in each of them one value per series.</param>
    /// <param name="powers">The powers, the first of which is not used.</param>
    /// <param name="first">The first n.</param>
    /// <param name="result">Receives one value per series.</param>
    public static void Majorize(int first, ReadOnlySpan<Vector<double>> terms, ReadOnlySpan<Vector<double>> powers, Span<Vector<double>> result)
    {
        int count = result.Length, i = 0;
        for (; i + 4 <= count; i += 4)
        {
            Vector<double> s0 = Vector<double>.Zero, s1 = s0, s2 = s0, s3 = s0;
            for (int n = first; n < powers.Length; n++)
            {
                ReadOnlySpan<Vector<double>> a = terms.Slice(n * count + i, 4);
                Vector<double> power = powers[n];
                s0 = Vector.MultiplyAddEstimate(Vector.Abs(a[0]), power, s0);
                s1 = Vector.MultiplyAddEstimate(Vector.Abs(a[1]), power, s1);
                s2 = Vector.MultiplyAddEstimate(Vector.Abs(a[2]), power, s2);
                s3 = Vector.MultiplyAddEstimate(Vector.Abs(a[3]), power, s3);
            }
            (result[i], result[i + 1], result[i + 2], result[i + 3]) = (s0, s1, s2, s3);
        }
        for (; i < count; i++)
        {
            Vector<double> sum = Vector<double>.Zero;
            for (int n = first; n < powers.Length; n++) sum = Vector.MultiplyAddEstimate(Vector.Abs(terms[n * count + i]), powers[n], sum);
            result[i] = sum;
        }
    }
}
