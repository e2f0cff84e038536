using FlowDsl.Runtime.Arithmetic;

namespace FlowDsl.Errors.Certification;

/// <summary>An orthonormal basis of the span of a tied mixture's means, in which its flow takes place.</summary>
/// <remarks>
/// If all covariances are vI, then dz/dζ = Σ r_k μ_k and r depends on z·μ_k only: the part orthogonal to all means (shifted to mean 0) does not
/// change, and a mixture of K components in d &gt; K dimensions is one in at most K. By the Gram-Schmidt method, with every vector orthogonalized
/// twice, which is enough (Parlett, The Symmetric Eigenvalue Problem, section 6.9).
/// </remarks>
internal sealed class SpanBasis
{
    // Relative to the largest mean. What is dropped counts as an error of its mean.
    private const double Negligible = 1e-13;

    private readonly List<double[]> _basis = [];

    public SpanBasis(double[][] means)
    {
        double largest = means.Max(mean => Vectors.Norm(mean));
        foreach (double[] mean in means)
        {
            double[] vector = [.. mean];
            Orthogonalize(vector);
            if (!(Normalize(vector) > Negligible * largest)) continue;
            // The first pass leaves rounding errors relative to the whole mean, which the division magnifies.
            Orthogonalize(vector);
            Normalize(vector);
            _basis.Add(vector);
        }
    }

    /// <summary>The number of basis vectors, at least 1: unused coordinates do no harm.</summary>
    public int Dimension => Math.Max(1, _basis.Count);

    /// <summary>The coordinates of a vector's projection.</summary>
    public void Project(ReadOnlySpan<double> vector, Span<double> coordinates)
    {
        coordinates.Clear();
        for (int i = 0; i < _basis.Count; i++) coordinates[i] = Vectors.Dot(_basis[i], vector);
    }

    /// <summary>vector += factor times the vector of the given coordinates.</summary>
    public void AddScaled(double factor, ReadOnlySpan<double> coordinates, Span<double> vector)
    {
        for (int i = 0; i < _basis.Count; i++) Vectors.AddScaled(factor * coordinates[i], _basis[i], vector);
    }

    /// <summary>The distance between a vector and its projection, given the coordinates.</summary>
    public double Residual(ReadOnlySpan<double> vector, ReadOnlySpan<double> coordinates)
    {
        double[] image = new double[vector.Length];
        AddScaled(1, coordinates, image);
        return Vectors.Distance(vector, image);
    }

    private void Orthogonalize(double[] vector)
    {
        foreach (double[] axis in _basis) Vectors.AddScaled(-Vectors.Dot(axis, vector), axis, vector);
    }

    private static double Normalize(double[] vector)
    {
        double norm = Vectors.Norm(vector);
        for (int j = 0; j < vector.Length; j++) vector[j] /= norm;
        return norm;
    }
}
