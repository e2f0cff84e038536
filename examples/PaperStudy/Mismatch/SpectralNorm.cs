namespace FlowDsl.Examples;

/// <summary>Keeps the spectral norm of a matrix within a bound, by power iteration on WᵀW that goes on where it was.</summary>
/// <param name="rows">The number of rows.</param>
/// <param name="columns">The number of columns.</param>
internal sealed class SpectralNorm(int rows, int columns)
{
    // Until the norm changes by less than this share.
    private const double Tolerance = 1e-7;
    private const int MaxIterations = 10_000;

    private readonly double[] _right = Start(columns), _left = new double[rows];

    /// <summary>The norm, converged.</summary>
    /// <param name="matrix">Row-major.</param>
    public double Of(ReadOnlySpan<float> matrix)
    {
        double norm = 0;
        for (int i = 0; i < MaxIterations; i++)
        {
            double next = Iterate(matrix);
            if (Math.Abs(next - norm) <= Tolerance * next) return next;
            norm = next;
        }
        return norm;
    }

    /// <summary>Scales the matrix down if its norm is greater than a bound.</summary>
    /// <param name="matrix">Row-major.</param>
    /// <param name="bound">The bound.</param>
    /// <param name="iterations">Of power iteration; 0 until it has converged. The norm is then never too great by more than the tolerance.</param>
    public void Project(Span<float> matrix, double bound, int iterations = 0)
    {
        double norm = 0;
        for (int i = 0; i < iterations; i++) norm = Iterate(matrix);
        if (iterations == 0) norm = Of(matrix);
        if (norm <= bound) return;
        float scale = (float)(bound / norm);
        for (int i = 0; i < matrix.Length; i++) matrix[i] *= scale;
    }

    // v ← WᵀWv/|WᵀWv|; returns |Wv| before, a lower bound of the norm.
    private double Iterate(ReadOnlySpan<float> matrix)
    {
        double square = 0;
        for (int i = 0; i < rows; i++)
        {
            ReadOnlySpan<float> row = matrix.Slice(i * columns, columns);
            double sum = 0;
            for (int j = 0; j < columns; j++) sum += row[j] * _right[j];
            _left[i] = sum;
            square += sum * sum;
        }
        if (square == 0) return 0;
        Array.Clear(_right);
        for (int i = 0; i < rows; i++)
        {
            ReadOnlySpan<float> row = matrix.Slice(i * columns, columns);
            for (int j = 0; j < columns; j++) _right[j] += _left[i] * row[j];
        }
        double length = Math.Sqrt(_right.Sum(value => value * value));
        for (int j = 0; j < columns; j++) _right[j] /= length;
        return Math.Sqrt(square);
    }

    // Not orthogonal to the directions that matter: no two entries alike.
    private static double[] Start(int columns)
    {
        double[] start = [.. Enumerable.Range(1, columns).Select(j => 0.5 + j * 0.6180339887498949 % 1)];
        double length = Math.Sqrt(start.Sum(value => value * value));
        return Array.ConvertAll(start, value => value / length);
    }
}
