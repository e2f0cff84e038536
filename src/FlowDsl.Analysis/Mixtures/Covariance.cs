namespace FlowDsl.Analysis;

/// <summary>The shape of a component's covariance.</summary>
public enum CovarianceKind
{
    /// <summary>One variance for all coordinates.</summary>
    Isotropic,

    /// <summary>One variance a coordinate.</summary>
    Diagonal,

    /// <summary>A symmetric matrix.</summary>
    Full,
}

/// <summary>
/// A positive semidefinite covariance Q diag(variances) Qᵀ, decomposed once, so that a²Σ + s²I is
/// Q diag(a² variance + s²) Qᵀ at every time.
/// </summary>
/// <remarks>A negative zero counts as zero, so that covariances that are equal have equal bits.</remarks>
public sealed class Covariance : IEquatable<Covariance>
{
    /// <summary>How far two mirrored entries of a full covariance may be apart, as a share of the largest entry.</summary>
    public const double SymmetryTolerance = 1e-9;

    private readonly double[] _given;
    private double[]? _matrix;

    private Covariance(CovarianceKind kind, double[] given, double[] variances, double[]? basis)
    {
        Kind = kind;
        _given = given;
        Variances = variances;
        Basis = basis;
        double trace = 0, least = double.PositiveInfinity, greatest = 0;
        foreach (double variance in variances)
        {
            trace += variance;
            least = Math.Min(least, variance);
            greatest = Math.Max(greatest, variance);
        }
        (Trace, Least, Greatest) = (trace, least, greatest);
    }

    /// <summary>The shape it was declared with.</summary>
    public CovarianceKind Kind { get; }

    /// <summary>The d variances along the principal axes: along the coordinates unless <see cref="Basis"/> is set, else ascending.</summary>
    public double[] Variances { get; }

    /// <summary>Row-major d×d, column j the unit principal axis of variance j; null where the coordinates are the principal axes.</summary>
    public double[]? Basis { get; }

    /// <summary>The number of coordinates.</summary>
    public int Dimension => Variances.Length;

    /// <summary>The sum of the variances.</summary>
    public double Trace { get; }

    /// <summary>The smallest variance along any direction.</summary>
    public double Least { get; }

    /// <summary>The greatest variance along any direction.</summary>
    public double Greatest { get; }

    /// <summary>Whether every direction has the same variance.</summary>
    public bool IsIsotropic => Least == Greatest;

    /// <summary>The covariance as a row-major d×d matrix.</summary>
    public double[] Matrix => _matrix ??= ToMatrix();

    /// <summary>The variances in words: one, those of the coordinates, or those of the principal axes.</summary>
    public override string ToString()
        => IsIsotropic ? $"variance {NumberText.Short(Least)}"
            : Basis is null ? $"variances {NumberText.List(Variances)}"
            : $"full covariance with principal variances {NumberText.List(Variances)}";

    /// <summary>σ²I.</summary>
    /// <param name="dimension">d, positive.</param>
    /// <param name="variance">σ², finite and not negative.</param>
    /// <exception cref="ArgumentException">The variance is negative or not finite.</exception>
    public static Covariance Isotropic(int dimension, double variance)
    {
        CheckVariance(variance, -1);
        double[] variances = new double[dimension];
        for (int j = 0; j < dimension; j++) variances[j] = variance + 0.0;
        return new Covariance(CovarianceKind.Isotropic, [variance + 0.0], variances, null);
    }

    /// <summary>diag(variances).</summary>
    /// <param name="variances">d values, finite and not negative.</param>
    /// <exception cref="ArgumentException">A variance is negative or not finite.</exception>
    public static Covariance Diagonal(double[] variances)
    {
        for (int j = 0; j < variances.Length; j++) CheckVariance(variances[j], j);
        double[] copy = [.. variances.Select(variance => variance + 0.0)];
        return new Covariance(CovarianceKind.Diagonal, copy, copy, null);
    }

    /// <summary>A full matrix.</summary>
    /// <param name="dimension">d, positive.</param>
    /// <param name="matrix">Row-major d×d: finite, symmetric within 1e-9 of its largest entry, no eigenvalue below -1e-12 of the largest.</param>
    /// <exception cref="ArgumentException">The matrix has another length, is not finite, not symmetric or not positive semidefinite.</exception>
    public static Covariance Full(int dimension, double[] matrix)
    {
        int d = dimension;
        if (matrix.Length != d * d)
            throw new ArgumentException($"A full covariance in {d} dimensions has {d * d} values, not {matrix.Length}.", nameof(matrix));
        double largest = 0;
        for (int i = 0; i < matrix.Length; i++)
        {
            if (double.IsNaN(matrix[i]) || double.IsInfinity(matrix[i]))
                throw new ArgumentException($"Entry ({i / d}, {i % d}) of the covariance is {PortableNumber.Format(matrix[i])}; every entry must be finite.", nameof(matrix));
            largest = Math.Max(largest, Math.Abs(matrix[i]));
        }
        for (int i = 0; i < d; i++)
        {
            for (int j = i + 1; j < d; j++)
            {
                double upper = matrix[i * d + j], lower = matrix[j * d + i];
                if (Math.Abs(upper - lower) > SymmetryTolerance * largest)
                    throw new ArgumentException($"The covariance is not symmetric: entry ({i}, {j}) is {PortableNumber.Format(upper)} and entry ({j}, {i}) is {PortableNumber.Format(lower)}.", nameof(matrix));
            }
        }
        return TryFull(d, matrix, out double leastEigenvalue)
            ?? throw new ArgumentException($"The covariance is not positive semidefinite: its least eigenvalue is {PortableNumber.Format(leastEigenvalue, 6)}; it must be at least 0.", nameof(matrix));
    }

    /// <summary>A full matrix, or null where it is not positive semidefinite.</summary>
    /// <param name="dimension">d, positive.</param>
    /// <param name="matrix">Row-major d×d: finite, symmetric within <see cref="SymmetryTolerance"/> of its largest entry.</param>
    /// <param name="leastEigenvalue">The least eigenvalue; NaN where the decomposition overflows.</param>
    public static Covariance? TryFull(int dimension, double[] matrix, out double leastEigenvalue)
    {
        int d = dimension;
        double[] symmetric = new double[d * d];
        for (int i = 0; i < d; i++)
        {
            for (int j = 0; j < d; j++)
            {
                double upper = matrix[i * d + j], lower = matrix[j * d + i];
                symmetric[i * d + j] = (upper == lower ? upper : 0.5 * (upper + lower)) + 0.0;
            }
        }
        if (IsDiagonal(symmetric, d, out double[] diagonal) && diagonal.All(v => v >= 0))
        {
            leastEigenvalue = diagonal.Min();
            return new Covariance(CovarianceKind.Full, symmetric, diagonal, null);
        }

        double[] variances = SymmetricMatrix.Eigen(symmetric, d, out double[] basis);
        leastEigenvalue = variances[0];
        double greatest = variances[d - 1];
        // Written so that a NaN, the sign of an overflow, is refused too.
        if (!(leastEigenvalue >= -1e-12 * greatest) || !(greatest > 0) || double.IsInfinity(greatest)) return null;
        // What is left below zero is the rounding of a semidefinite matrix.
        for (int j = 0; j < d; j++) variances[j] = Math.Max(variances[j], 0);
        return new Covariance(CovarianceKind.Full, symmetric, variances, basis);
    }

    /// <summary>Whether two covariances are the same matrix.</summary>
    /// <param name="other">Another covariance.</param>
    public bool Equals(Covariance? other)
    {
        if (other is null || Dimension != other.Dimension) return false;
        if (ReferenceEquals(this, other)) return true;
        return Basis is null && other.Basis is null
            ? Variances.AsSpan().SequenceEqual(other.Variances)
            : Matrix.AsSpan().SequenceEqual(other.Matrix);
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Covariance);

    /// <inheritdoc/>
    public override int GetHashCode() => (Dimension * 397) ^ Trace.GetHashCode();

    private static void CheckVariance(double variance, int index)
    {
        if (variance >= 0 && !double.IsInfinity(variance)) return;
        string which = index < 0 ? "The variance" : $"Variance {index}";
        throw new ArgumentException($"{which} is {PortableNumber.Format(variance)}; it must be finite and at least 0.", nameof(variance));
    }

    private static bool IsDiagonal(double[] matrix, int d, out double[] diagonal)
    {
        diagonal = new double[d];
        for (int i = 0; i < d; i++)
        {
            diagonal[i] = matrix[i * d + i];
            for (int j = 0; j < d; j++)
                if (i != j && matrix[i * d + j] != 0) return false;
        }
        return true;
    }

    /// <summary>The matrix with this one's principal axes and other eigenvalues: a function of it. d×d values, row-major.</summary>
    internal double[] WithEigenvalues(ReadOnlySpan<double> eigenvalues)
    {
        int d = Dimension;
        double[] matrix = new double[d * d];
        for (int i = 0; i < d; i++)
        {
            if (Basis is not { } basis)
            {
                matrix[i * d + i] = eigenvalues[i];
                continue;
            }
            for (int j = 0; j <= i; j++)
            {
                double sum = 0;
                for (int axis = 0; axis < d; axis++) sum += basis[i * d + axis] * eigenvalues[axis] * basis[j * d + axis];
                matrix[i * d + j] = matrix[j * d + i] = sum;
            }
        }
        return matrix;
    }

    private double[] ToMatrix()
    {
        if (Basis is not null) return _given;
        double[] matrix = new double[Dimension * Dimension];
        for (int j = 0; j < Dimension; j++) matrix[j * Dimension + j] = Variances[j];
        return matrix;
    }
}
