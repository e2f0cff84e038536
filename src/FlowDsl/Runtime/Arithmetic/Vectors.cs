using System.Numerics;

namespace FlowDsl.Runtime.Arithmetic;

/// <summary>Products and sums of vectors of d values.</summary>
/// <remarks>The order of summation of products depends on the vector width; bounds hold for any width.</remarks>
internal static class Vectors
{
    public static double Dot(ReadOnlySpan<double> left, ReadOnlySpan<double> right)
    {
        int width = Vector<double>.Count, i = 0;
        double sum = 0;
        if (left.Length >= 2 * width)
        {
            Vector<double> sums = Vector<double>.Zero;
            for (; i <= left.Length - width; i += width) sums += new Vector<double>(left[i..]) * new Vector<double>(right[i..]);
            sum = Vector.Sum(sums);
        }
        for (; i < left.Length; i++) sum += left[i] * right[i];
        return sum;
    }

    /// <summary>Whether all values are finite.</summary>
    public static bool AreFinite<T>(ReadOnlySpan<T> values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // 0 times a value that is not finite is NaN, and so is the sum from there on.
        int width = Vector<T>.Count, i = 0;
        T sum = T.Zero;
        if (values.Length >= width)
        {
            Vector<T> sums = Vector<T>.Zero;
            for (; i <= values.Length - width; i += width) sums += new Vector<T>(values[i..]) * Vector<T>.Zero;
            sum = Vector.Sum(sums);
        }
        for (; i < values.Length; i++) sum += values[i] * T.Zero;
        return sum == T.Zero;
    }

    public static double Norm(ReadOnlySpan<double> vector) => Math.Sqrt(Dot(vector, vector));

    public static double Distance(ReadOnlySpan<double> left, ReadOnlySpan<double> right)
    {
        int width = Vector<double>.Count, i = 0;
        double sum = 0;
        if (left.Length >= 2 * width)
        {
            Vector<double> sums = Vector<double>.Zero;
            for (; i <= left.Length - width; i += width)
            {
                Vector<double> difference = new Vector<double>(left[i..]) - new Vector<double>(right[i..]);
                sums += difference * difference;
            }
            sum = Vector.Sum(sums);
        }
        for (; i < left.Length; i++) sum += (left[i] - right[i]) * (left[i] - right[i]);
        return Math.Sqrt(sum);
    }

    /// <summary>sum += factor·vector, with the same bits for every vector width.</summary>
    public static void AddScaled(double factor, ReadOnlySpan<double> vector, Span<double> sum)
    {
        int width = Vector<double>.Count, i = 0;
        var factors = new Vector<double>(factor);
        for (; i <= vector.Length - width; i += width) (new Vector<double>(sum[i..]) + factors * new Vector<double>(vector[i..])).CopyTo(sum[i..]);
        for (; i < vector.Length; i++) sum[i] += factor * vector[i];
    }
}
