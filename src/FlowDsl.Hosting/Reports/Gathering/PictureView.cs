using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Numerics;

namespace FlowDsl.Hosting.Reports.Gathering;

/// <summary>The one or two directions along which pictures show a model.</summary>
/// <param name="Axes">Orthonormal directions of d values each.</param>
/// <param name="Labels">Their names.</param>
/// <param name="IsWhole">Whether they span the whole space.</param>
/// <param name="VarianceShare">The share of the law's variance along them.</param>
internal sealed record PictureView(
    ImmutableArray<ImmutableArray<double>> Axes, ImmutableArray<string> Labels, bool IsWhole, double VarianceShare)
{
    // The decomposition costs d³.
    private const int MostRotated = 256;

    /// <summary>The coordinates of a line or a plane; of more dimensions the two principal axes with the largest variances.</summary>
    /// <param name="mixture">The data law.</param>
    /// <param name="cancellationToken">Stops the decomposition.</param>
    public static PictureView Of(Mixture mixture, CancellationToken cancellationToken)
    {
        int d = mixture.Dimension;
        if (d <= 2) return new([.. Enumerable.Range(0, d).Select(j => Unit(d, j))], d == 1 ? ["x"] : ["x₁", "x₂"], IsWhole: true, 1);
        double[] covariance = CovarianceOf(mixture);
        double trace = 0;
        for (int j = 0; j < d; j++) trace += covariance[j * d + j];
        if (d > MostRotated)
            return new([Unit(d, 0), Unit(d, 1)], ["x₁", "x₂"], IsWhole: false, trace > 0 ? (covariance[0] + covariance[d + 1]) / trace : 1);
        double[] variances = SymmetricMatrix.Eigen(covariance, d, out double[] vectors, cancellationToken);
        return new(
            [Column(vectors, d, d - 1), Column(vectors, d, d - 2)], ["first principal axis", "second principal axis"], IsWhole: false,
            trace > 0 ? (variances[d - 1] + variances[d - 2]) / trace : 1);
    }

    /// <summary>Rows of d values as rows of their coordinates along the axes.</summary>
    public double[] Project(ReadOnlySpan<double> rows)
    {
        int d = Axes[0].Length, n = rows.Length / d;
        double[] result = new double[n * Axes.Length];
        for (int i = 0; i < n; i++)
            for (int axis = 0; axis < Axes.Length; axis++) result[i * Axes.Length + axis] = Dot(rows.Slice(i * d, d), Axes[axis].AsSpan());
        return result;
    }

    /// <summary>The coordinate of a point along a direction.</summary>
    public static double Dot(ReadOnlySpan<double> point, ReadOnlySpan<double> direction)
    {
        double sum = 0;
        for (int j = 0; j < point.Length; j++) sum += point[j] * direction[j];
        return sum;
    }

    /// <summary>Σ_k w_k (Σ_k + (μ_k - m)(μ_k - m)ᵀ), m the mean of the law; row-major.</summary>
    private static double[] CovarianceOf(Mixture mixture)
    {
        int d = mixture.Dimension;
        double[] mean = mixture.Mean(), total = new double[d * d];
        for (int k = 0; k < mixture.Count; k++)
        {
            double weight = mixture.Weights[k];
            Covariance own = mixture.Covariances[k];
            ImmutableArray<double> centre = mixture.Means[k];
            // A diagonal needs no matrix, which may be large.
            ImmutableArray<double>? matrix = own.Basis is null ? null : own.Matrix;
            for (int i = 0; i < d; i++)
            {
                if (matrix is null) total[i * d + i] += weight * own.Variances[i];
                for (int j = 0; j < d; j++)
                    total[i * d + j] += weight * ((centre[i] - mean[i]) * (centre[j] - mean[j]) + (matrix?[i * d + j] ?? 0));
            }
        }
        return total;
    }

    private static ImmutableArray<double> Unit(int d, int axis) => [.. Enumerable.Range(0, d).Select(j => j == axis ? 1.0 : 0)];

    private static ImmutableArray<double> Column(double[] matrix, int d, int column) => [.. Enumerable.Range(0, d).Select(i => matrix[i * d + column])];
}
