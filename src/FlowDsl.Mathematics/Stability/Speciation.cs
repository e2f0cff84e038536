using FlowDsl.Mathematics.Numerics;

namespace FlowDsl.Mathematics.Stability;

/// <summary>When the modes of a mixture separate on the way from noise to data.</summary>
internal static class Speciation
{
    /// <summary>The time t with a²b = a²v + s², b and v the variances between and within the components along the means' first principal axis.</summary>
    /// <param name="mixture">The mixture.</param>
    /// <param name="process">The process.</param>
    /// <param name="cancellationToken">Stops the decomposition.</param>
    /// <returns>The time; null if b ≤ v, when there is none.</returns>
    public static double? Time(Mixture mixture, Process process, CancellationToken cancellationToken)
    {
        (double between, double[] axis) = Spread(mixture, cancellationToken);
        double within = 0;
        for (int k = 0; k < mixture.Count; k++) within += mixture.Weights[k] * Variance(mixture.Covariances[k], axis);
        return between > within ? process.TimeAt(Math.Sqrt(between - within)) : null;
    }

    /// <summary>The largest eigenvalue of the means' covariance and its eigenvector, from the smaller of the covariance and Gram matrices.</summary>
    private static (double Variance, double[] Axis) Spread(Mixture mixture, CancellationToken cancellationToken)
    {
        int d = mixture.Dimension, count = mixture.Count;
        double[] mean = mixture.Mean();
        double[][] rows = [.. mixture.Means.Select((row, k) => row.Zip(mean, (value, middle) => Math.Sqrt(mixture.Weights[k]) * (value - middle)).ToArray())];
        bool byCoordinates = d <= count;
        int n = byCoordinates ? d : count;
        double[] matrix = new double[n * n];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double sum = 0;
                if (byCoordinates) foreach (double[] row in rows) sum += row[i] * row[j];
                else for (int l = 0; l < d; l++) sum += rows[i][l] * rows[j][l];
                matrix[i * n + j] = matrix[j * n + i] = sum;
            }
        }
        double[] values = SymmetricMatrix.Eigen(matrix, n, out double[] vectors, cancellationToken);
        double[] axis = new double[d];
        for (int j = 0; j < d; j++)
        {
            if (byCoordinates) axis[j] = vectors[j * n + n - 1];
            else for (int k = 0; k < count; k++) axis[j] += rows[k][j] * vectors[k * n + n - 1];
        }
        double length = Math.Sqrt(axis.Sum(value => value * value));
        for (int j = 0; j < d && length > 0; j++) axis[j] /= length;
        return (values[n - 1], axis);
    }

    /// <summary>eᵀΣe.</summary>
    private static double Variance(Covariance covariance, double[] axis)
    {
        if (covariance.IsIsotropic) return covariance.MinVariance;
        int d = axis.Length;
        double sum = 0;
        for (int i = 0; i < d; i++)
        {
            double along = axis[i];
            if (covariance.Basis is { } basis)
            {
                along = 0;
                for (int j = 0; j < d; j++) along += basis[j * d + i] * axis[j];
            }
            sum += covariance.Variances[i] * along * along;
        }
        return sum;
    }
}
