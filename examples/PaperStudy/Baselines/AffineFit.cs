using FlowDsl.Mathematics.Numerics;

namespace FlowDsl.Examples.Baselines;

/// <summary>The affine map A x + b with the least squared error on some samples, by its normal equations.</summary>
internal sealed class AffineFit
{
    private readonly int _d;
    // Row i has the coefficients of (x, 1) for result i.
    private readonly double[][] _rows;

    /// <summary>Fits a map.</summary>
    /// <param name="d">The number of coordinates.</param>
    /// <param name="starts">x, row-major; more samples than coordinates.</param>
    /// <param name="ends">y, row-major.</param>
    public AffineFit(int d, ReadOnlySpan<double> starts, ReadOnlySpan<double> ends)
    {
        _d = d;
        double[][] gram = Zeros(d + 1, d + 1), products = Zeros(d, d + 1);
        double[] x = new double[d + 1];
        x[d] = 1;
        for (int first = 0; first < starts.Length; first += d)
        {
            starts.Slice(first, d).CopyTo(x);
            for (int i = 0; i <= d; i++) AddScaled(x[i], x, gram[i]);
            for (int i = 0; i < d; i++) AddScaled(ends[first + i], x, products[i]);
        }
        double[] factor = SymmetricMatrix.TryCholesky([.. gram.SelectMany(row => row)], d + 1)
            ?? throw new ArgumentException("The samples do not determine an affine map: there are too few, or they lie in a plane.");
        foreach (double[] row in products) Solve(factor, row);
        _rows = products;
    }

    /// <summary>A x + b of samples.</summary>
    public double[] Apply(ReadOnlySpan<double> starts)
    {
        double[] results = new double[starts.Length];
        for (int first = 0; first < starts.Length; first += _d)
        {
            for (int i = 0; i < _d; i++)
            {
                double sum = _rows[i][_d];
                for (int j = 0; j < _d; j++) sum += _rows[i][j] * starts[first + j];
                results[first + i] = sum;
            }
        }
        return results;
    }

    private static double[][] Zeros(int rows, int columns) => [.. Enumerable.Range(0, rows).Select(_ => new double[columns])];

    private static void AddScaled(double factor, double[] vector, double[] sum)
    {
        for (int i = 0; i < sum.Length; i++) sum[i] += factor * vector[i];
    }

    private static void Solve(double[] factor, double[] values)
    {
        int n = values.Length;
        for (int i = 0; i < n; i++)
        {
            for (int k = 0; k < i; k++) values[i] -= factor[i * n + k] * values[k];
            values[i] /= factor[i * n + i];
        }
        for (int i = n - 1; i >= 0; i--)
        {
            for (int k = i + 1; k < n; k++) values[i] -= factor[k * n + i] * values[k];
            values[i] /= factor[i * n + i];
        }
    }
}
