using System.Numerics;
using System.Runtime.CompilerServices;
using FlowDsl.Mathematics.Mixtures;
using FlowDsl.Mathematics.Numerics;
using FlowDsl.Runtime.Arithmetic;

namespace FlowDsl.Data;

/// <summary>Measures a data set: its moments, and how far its rows are apart.</summary>
internal static class DataStatistics
{
    // Columns are transposed so many rows at a time, which stay in the cache.
    private const int RowsTogether = 512;

    // Rows whose neighbours are looked for.
    private const int RowsTried = 512;

    /// <summary>The moments of a data set.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="mean">Their mean.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public static DataMoments Measure(DataRows rows, double[] mean, CancellationToken cancellationToken = default)
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

    /// <summary>The distances from some rows to their nearest other ones, ascending: 0 for rows that are repeated; none for a single row.</summary>
    /// <param name="data">The rows.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public static double[] Nearest(DataDirections data, CancellationToken cancellationToken = default)
    {
        PackedRows rows = data.Rows;
        if (rows.Count < 2) return [];
        int tried = Math.Min(rows.Count, RowsTried), d = rows.Dimension, panels = (tried + PanelProducts.Lanes - 1) / PanelProducts.Lanes;
        double[] distances = new double[tried];
        float[] halves = Array.ConvertAll(rows.HalfSquares, value => (float)value);
        Parallel.For(0, panels, new ParallelOptions { CancellationToken = cancellationToken }, panel =>
        {
            float[] samples = new float[d * PanelProducts.Lanes], energies = new float[PanelProducts.Rows * PanelProducts.Lanes];
            int first = panel * PanelProducts.Lanes;
            int[] own = [.. Enumerable.Range(first, PanelProducts.Lanes).Select(i => (int)((long)Math.Min(i, tried - 1) * rows.Count / tried))];
            double[] row = new double[d], other = new double[d];
            for (int i = 0; i < own.Length; i++)
            {
                rows.CopyRow(own[i], row);
                for (int j = 0; j < d; j++) samples[j * PanelProducts.Lanes + i] = (float)row[j];
            }
            float[] least = new float[PanelProducts.Lanes];
            int[] nearest = new int[PanelProducts.Lanes];
            Array.Fill(least, float.PositiveInfinity);
            for (int group = 0; group < rows.Groups; group++)
            {
                for (int chunk = 0; chunk < rows.Chunks; chunk++)
                {
                    RowPart part = rows.Part(group, chunk);
                    PanelProducts.Energies(
                        ref part.Values, ref part.Coordinates, part.Count, ref samples[chunk * PackedRows.ChunkCoordinates * PanelProducts.Lanes],
                        ref (chunk == 0 ? ref halves[group * PanelProducts.Rows] : ref Unsafe.NullRef<float>()), ref energies[0]);
                }
                for (int c = 0; c < PanelProducts.Rows; c++)
                {
                    int place = group * PanelProducts.Rows + c;
                    for (int i = 0; i < own.Length; i++)
                    {
                        float energy = energies[c * PanelProducts.Lanes + i];
                        if (energy < least[i] && place != own[i]) (least[i], nearest[i]) = (energy, place);
                    }
                }
            }
            for (int i = 0; i < own.Length && panel * PanelProducts.Lanes + i < tried; i++)
            {
                rows.CopyRow(own[i], row);
                rows.CopyRow(nearest[i], other);
                double square = 0;
                for (int j = 0; j < d; j++) square += (row[j] - other[j]) * (row[j] - other[j]);
                distances[panel * PanelProducts.Lanes + i] = Math.Sqrt(square);
            }
        });
        Array.Sort(distances);
        return distances;
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
