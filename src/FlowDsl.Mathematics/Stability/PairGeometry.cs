using FlowDsl.Mathematics.Fields;
using FlowDsl.Mathematics.Numerics;
using FlowDsl.Mathematics.Processes;

namespace FlowDsl.Mathematics.Stability;

/// <summary>Pairwise bounds on sup λ_max Cov_r(e_k), e_k as in <see cref="MixtureField"/>.</summary>
internal static class PairGeometry
{
    /// <summary>max |μ_i - μ_j|².</summary>
    public static double Diameter2(Mixture mixture) => Diameter2([.. mixture.Means.Select(mean => mean.ToArray())]);

    /// <summary>max |C⁻¹(μ_i - μ_j)|² for one shared covariance.</summary>
    public static double WhitenedDiameter2(Mixture mixture, in ProcessPoint point)
    {
        var components = new TableComponents(mixture);
        AxisFunction precision = AxisFunction.Ratio(1, 0, point);
        double[][] whitened = new double[mixture.Count][];
        for (int k = 0; k < mixture.Count; k++)
            components.Apply(0, precision, mixture.Means[k].AsSpan(), whitened[k] = new double[mixture.Dimension]);
        return Diameter2(whitened);
    }

    /// <summary>
    /// max ¼|e_i - e_j|² over |x| ≤ R, R the radius that holds at least 99.9 % of p_t by the concentration of Gaussian norms.
    /// </summary>
    public static double RegionalSpread(Mixture mixture, in ProcessPoint point)
    {
        int d = mixture.Dimension;
        double radius = 0;
        // P(|ε| > √d + r) ≤ exp(-r²/2) = 0.001 at r = 3.717.
        double normal = Math.Sqrt(d) + 3.717;
        for (int k = 0; k < mixture.Count; k++)
            radius = Math.Max(radius, point.A * Norm(mixture.Means[k].AsSpan()) + Math.Sqrt(point.Spread(mixture.Covariances[k].MaxVariance)) * normal);

        // a(e_i - e_j) = u_j - u_i is affine in x: bounded by the norm of its linear part and its value at x = 0.
        double[][] offsets = new double[mixture.Count][];
        var components = new TableComponents(mixture);
        AxisFunction precision = AxisFunction.Ratio(1, 0, point);
        for (int k = 0; k < mixture.Count; k++)
            components.Apply(k, precision, mixture.Means[k].AsSpan(), offsets[k] = new double[d]);
        double greatest = 0;
        for (int i = 0; i < mixture.Count; i++)
        {
            for (int j = 0; j < i; j++)
            {
                double offset = 0;
                for (int c = 0; c < d; c++) offset += Square(offsets[i][c] - offsets[j][c]);
                double linear = point.A * PrecisionDifference(mixture.Covariances[i], mixture.Covariances[j], point);
                greatest = Math.Max(greatest, Math.Sqrt(offset) + linear * radius);
            }
        }
        return 0.25 * greatest * greatest;
    }

    /// <summary>
    /// Two components whose covariances differ by an indefinite or singular matrix, and which no third component outweighs far away: along the
    /// surface on which the two are equal, |e_i - e_j| grows without bound.
    /// </summary>
    /// <param name="mixture">The mixture.</param>
    /// <param name="cancellationToken">Checked for each component.</param>
    public static int[]? FindCrossing(Mixture mixture, CancellationToken cancellationToken)
    {
        for (int i = 0; i < mixture.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (int j = 0; j < i; j++)
            {
                Covariance first = mixture.Covariances[j], second = mixture.Covariances[i];
                if (first.Equals(second) || IsWider(first, second) || IsWider(second, first)) continue;
                bool outweighed = mixture.Covariances.Any(third => IsWider(third, first) || IsWider(third, second));
                if (!outweighed) return [j, i];
            }
        }
        return null;
    }

    /// <summary>Whether Σ_wide - Σ_narrow is positive definite.</summary>
    public static bool IsWider(Covariance wide, Covariance narrow)
    {
        if (wide.Basis is null && narrow.Basis is null)
        {
            for (int j = 0; j < wide.Dimension; j++)
                if (!(wide.Variances[j] > narrow.Variances[j])) return false;
            return true;
        }
        return TryCholesky(wide, narrow) is not null;
    }

    /// <summary>The lower triangular factor of Σ_wide - Σ_narrow; null if it is not positive definite.</summary>
    public static double[]? TryCholesky(Covariance wide, Covariance narrow)
    {
        ImmutableArray<double> left = wide.Matrix, right = narrow.Matrix;
        double[] difference = new double[left.Length];
        for (int i = 0; i < left.Length; i++) difference[i] = left[i] - right[i];
        // Rounding must not make a singular difference pass for a definite one.
        for (int i = 0; i < wide.Dimension; i++) difference[i * wide.Dimension + i] -= 1e-15 * wide.MaxVariance;
        return SymmetricMatrix.TryCholesky(difference, wide.Dimension);
    }

    /// <summary>A bound on ‖C_i⁻¹ - C_j⁻¹‖₂/a² = ‖C_i⁻¹(Σ_i - Σ_j)C_j⁻¹‖₂: exact if the axes are shared.</summary>
    public static double PrecisionDifference(Covariance one, Covariance other, in ProcessPoint point)
    {
        double norm = 0;
        if (one.Basis is null && other.Basis is null)
        {
            for (int c = 0; c < one.Dimension; c++)
            {
                double gap = Math.Abs(one.Variances[c] - other.Variances[c]);
                norm = Math.Max(norm, gap / (point.Spread(one.Variances[c]) * point.Spread(other.Variances[c])));
            }
            return norm;
        }
        ImmutableArray<double> left = one.Matrix, right = other.Matrix;
        for (int i = 0; i < left.Length; i++) norm += Square(left[i] - right[i]);
        return Math.Sqrt(norm) / (point.Spread(one.MinVariance) * point.Spread(other.MinVariance));
    }

    private static double Diameter2(double[][] points)
    {
        double greatest = 0;
        for (int i = 0; i < points.Length; i++)
        {
            for (int j = 0; j < i; j++)
            {
                double sum = 0;
                for (int c = 0; c < points[i].Length; c++) sum += Square(points[i][c] - points[j][c]);
                greatest = Math.Max(greatest, sum);
            }
        }
        return greatest;
    }

    private static double Norm(ReadOnlySpan<double> vector) => Math.Sqrt(Dot(vector, vector));

    private static double Dot(ReadOnlySpan<double> left, ReadOnlySpan<double> right)
    {
        double sum = 0;
        for (int c = 0; c < left.Length; c++) sum += left[c] * right[c];
        return sum;
    }

    private static double Square(double x) => x * x;
}
