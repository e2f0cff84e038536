using System.Numerics;
using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Numerics;

namespace FlowDsl.Data;

/// <summary>Measures a data set: its moments.</summary>
internal static class DataStatistics
{
    // Columns are transposed so many rows at a time, which stay in the cache.
    private const int RowsTogether = 512;

    /// <summary>The moments of a data set.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="mean">Their mean.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public static DataMoments Moments(DataRows rows, double[] mean, CancellationToken cancellationToken = default)
    {
        int d = rows.Dimension;
        double[] covariance = new double[d * d], buffer = new double[RowsTogether * d], columns = new double[RowsTogether * d];
        double radius2 = 0;
        for (int first = 0; first < rows.Count; first += RowsTogether)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int n = Math.Min(RowsTogether, rows.Count - first);
            rows.Read(first, buffer.AsSpan(0, n * d));
            for (int i = 0; i < n; i++)
            {
                double square = 0;
                for (int j = 0; j < d; j++)
                {
                    double value = buffer[i * d + j] - mean[j];
                    columns[j * n + i] = value;
                    square += value * value;
                }
                radius2 = Math.Max(radius2, square);
            }
            Parallel.For(0, d, j =>
            {
                for (int l = 0; l <= j; l++) covariance[j * d + l] += Dot(columns.AsSpan(j * n, n), columns.AsSpan(l * n, n));
            });
        }
        for (int j = 0; j < d; j++)
            for (int l = 0; l <= j; l++) covariance[l * d + j] = covariance[j * d + l] /= rows.Count;
        double[] along = (double[])mean.Clone(), variances = PrincipalAxes.Decompose(covariance, along, cancellationToken);
        // Rounding leaves a variance of 0 a little above or below it.
        for (int j = 0; j < d; j++) variances[j] = variances[j] < 1e-12 * variances[^1] ? 0 : variances[j];
        return new DataMoments(rows.Count, [.. along], [.. variances], Math.Sqrt(radius2));
    }

    private static double Dot(ReadOnlySpan<double> left, ReadOnlySpan<double> right)
    {
        Vector<double> sums = Vector<double>.Zero;
        int i = 0;
        for (; i <= left.Length - Vector<double>.Count; i += Vector<double>.Count)
            sums += new Vector<double>(left[i..]) * new Vector<double>(right[i..]);
        double sum = Vector.Sum(sums);
        for (; i < left.Length; i++) sum += left[i] * right[i];
        return sum;
    }
}
