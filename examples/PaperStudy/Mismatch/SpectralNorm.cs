using FlowDsl.Fitting;

namespace FlowDsl.Examples;

/// <summary>The spectral norm of a matrix, and the nearest matrix whose norm is within a bound.</summary>
internal static class SpectralNorm
{
    // Power iteration ends when the norm changes by less than this share.
    private const double Tolerance = 1e-9;
    private const int MaxIterations = 10_000;

    /// <summary>The norm, from below, by power iteration.</summary>
    /// <param name="matrix">Row-major.</param>
    /// <param name="columns">The number of columns.</param>
    public static double Of(ReadOnlySpan<float> matrix, int columns)
    {
        int rows = matrix.Length / columns;
        // Not orthogonal to the directions that matter: no two entries alike.
        double[] right = Normalized([.. Enumerable.Range(1, columns).Select(j => 0.5 + j * 0.6180339887498949 % 1)]);
        double norm = 0;
        for (int iteration = 0; iteration < MaxIterations; iteration++)
        {
            double[] next = new double[columns];
            double square = 0;
            for (int i = 0; i < rows; i++)
            {
                ReadOnlySpan<float> row = matrix.Slice(i * columns, columns);
                double sum = 0;
                for (int j = 0; j < columns; j++) sum += row[j] * right[j];
                for (int j = 0; j < columns; j++) next[j] += sum * row[j];
                square += sum * sum;
            }
            double reached = Math.Sqrt(square);
            if (reached - norm <= Tolerance * reached) return reached;
            (norm, right) = (reached, Normalized(next));
        }
        return norm;
    }

    /// <summary>
    /// Cuts the singular values down to a bound, which gives the nearest matrix (Frobenius norm) within it. Scaling the whole matrix instead would shrink all
    /// other directions whenever one grows: training then forgets what it knows.
    /// </summary>
    /// <param name="matrix">Row-major.</param>
    /// <param name="columns">The number of columns.</param>
    /// <param name="bound">The bound.</param>
    public static void Clip(Span<float> matrix, int columns, double bound)
    {
        int rows = matrix.Length / columns;
        bool isTall = rows >= columns;
        int n = isTall ? columns : rows, length = isTall ? rows : columns;
        // The n shorter lines of the matrix, each of the given length.
        double[][] lines = [.. Enumerable.Range(0, n).Select(_ => new double[length])];
        for (int i = 0; i < rows; i++)
            for (int j = 0; j < columns; j++) lines[isTall ? j : i][isTall ? i : j] = matrix[i * columns + j];

        double[] gram = new double[n * n];
        for (int i = 0; i < n; i++)
            for (int j = 0; j <= i; j++) gram[i * n + j] = gram[j * n + i] = Dot(lines[i], lines[j]);
        double[] squares = TridiagonalEigen.TryDecompose(gram, n, out double[] vectors)
            ?? throw new InvalidOperationException("The singular values do not converge.");
        for (int axis = 0; axis < n; axis++)
        {
            double value = Math.Sqrt(Math.Max(0, squares[axis]));
            if (value <= bound) continue;
            // What is too much along one singular direction.
            double share = 1 - bound / value;
            double[] along = new double[length];
            for (int i = 0; i < n; i++) AddScaled(lines[i], vectors[axis * n + i], along);
            for (int i = 0; i < n; i++) AddScaled(along, -share * vectors[axis * n + i], lines[i]);
        }
        for (int i = 0; i < rows; i++)
            for (int j = 0; j < columns; j++) matrix[i * columns + j] = (float)lines[isTall ? j : i][isTall ? i : j];
    }

    private static double[] Normalized(double[] values)
    {
        double length = Math.Sqrt(values.Sum(value => value * value));
        return length == 0 ? values : Array.ConvertAll(values, value => value / length);
    }

    private static double Dot(double[] left, double[] right)
    {
        double sum = 0;
        for (int i = 0; i < left.Length; i++) sum += left[i] * right[i];
        return sum;
    }

    private static void AddScaled(double[] values, double factor, double[] sum)
    {
        for (int i = 0; i < sum.Length; i++) sum[i] += factor * values[i];
    }
}
