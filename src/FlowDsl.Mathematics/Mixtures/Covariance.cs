using System.Runtime.InteropServices;
using FlowDsl.Mathematics.Numerics;

namespace FlowDsl.Mathematics;

/// <summary>
/// A positive semidefinite covariance Q diag(variances) Qᵀ, decomposed once, so that a²Σ + s²I is
/// Q diag(a² variance + s²) Qᵀ at every time.
/// </summary>
/// <remarks>Negative zeros become zeros, so equal covariances have equal bits.</remarks>
public sealed class Covariance : IEquatable<Covariance>
{
    /// <summary>The difference of two mirrored entries of a full covariance that is accepted silently, relative to the largest entry.</summary>
    public const double SymmetryTolerance = 1e-9;

    // The size of a semidefinite matrix's zero eigenvalues after rounding, relative to the largest eigenvalue.
    private const double SemidefiniteTolerance = 1e-12;

    private readonly double[]? _given;
    private ImmutableArray<double> _matrix;

    // Takes ownership of the arrays: the caller must not keep them.
    private Covariance(
        CovarianceType kind, double[] variances, double[]? matrix = null, double[]? basis = null, double asymmetry = 0, double negativeEigenvalue = 0)
    {
        (Asymmetry, NegativeEigenvalue) = (asymmetry, negativeEigenvalue);
        Type = kind;
        _given = matrix;
        Variances = ImmutableCollectionsMarshal.AsImmutableArray(variances);
        Basis = basis is null ? null : ImmutableCollectionsMarshal.AsImmutableArray(basis);
        double trace = 0, least = double.PositiveInfinity, greatest = 0;
        foreach (double variance in variances)
        {
            trace += variance;
            least = Math.Min(least, variance);
            greatest = Math.Max(greatest, variance);
        }
        (Trace, MinVariance, MaxVariance) = (trace, least, greatest);
    }

    /// <summary>The shape it was declared with.</summary>
    public CovarianceType Type { get; }

    /// <summary>The d variances along the principal axes: in coordinate order if <see cref="Basis"/> is null, else ascending.</summary>
    public ImmutableArray<double> Variances { get; }

    /// <summary>Row-major d×d, column j is the unit principal axis of variance j; null if the principal axes are the coordinate axes.</summary>
    public ImmutableArray<double>? Basis { get; }

    /// <summary>The number of coordinates.</summary>
    public int Dimension => Variances.Length;

    /// <summary>The sum of the variances.</summary>
    public double Trace { get; }

    /// <summary>The smallest variance along any direction.</summary>
    public double MinVariance { get; }

    /// <summary>The largest variance along any direction.</summary>
    public double MaxVariance { get; }

    /// <summary>Whether every direction has the same variance.</summary>
    public bool IsIsotropic => MinVariance == MaxVariance;

    /// <summary>
    /// The maximum |Σ_ij − Σ_ji| / sqrt(Σ_ii Σ_jj) of the given matrix, whose symmetric part this is; 0 if every difference is within
    /// <see cref="SymmetryTolerance"/>.
    /// </summary>
    public double Asymmetry { get; }

    /// <summary>The −λ_min / λ_max of the given matrix, whose negative eigenvalues are 0 here; 0 if rounding in double precision explains it.</summary>
    public double NegativeEigenvalue { get; }

    /// <summary>The covariance as a row-major d×d matrix.</summary>
    public ImmutableArray<double> Matrix
    {
        get
        {
            if (_matrix.IsDefault) ImmutableInterlocked.InterlockedInitialize(ref _matrix, ImmutableCollectionsMarshal.AsImmutableArray(ToMatrix()));
            return _matrix;
        }
    }

    /// <summary>The variances as text: one, those of the coordinates, or those of the principal axes.</summary>
    public override string ToString()
        => IsIsotropic ? $"variance {NumberText.Short(MinVariance)}"
            : Basis is null ? $"variances {NumberText.List(Variances)}"
            : $"full covariance with principal variances {NumberText.List(Variances)}";

    /// <summary>σ²I.</summary>
    /// <param name="dimension">d, positive.</param>
    /// <param name="variance">σ², 0 or in <see cref="SupportedRange"/>.</param>
    /// <exception cref="ArgumentException">The variance is negative, not finite or out of <see cref="SupportedRange"/>.</exception>
    public static Covariance Isotropic(int dimension, double variance)
    {
        CheckVariance(variance, -1);
        double[] variances = new double[dimension];
        for (int j = 0; j < dimension; j++) variances[j] = variance + 0.0;
        return new Covariance(CovarianceType.Isotropic, variances);
    }

    /// <summary>diag(variances).</summary>
    /// <param name="variances">d values, each 0 or in <see cref="SupportedRange"/>.</param>
    /// <exception cref="ArgumentException">A variance is negative, not finite or out of <see cref="SupportedRange"/>.</exception>
    public static Covariance Diagonal(ReadOnlySpan<double> variances)
    {
        double[] copy = new double[variances.Length];
        for (int j = 0; j < variances.Length; j++)
        {
            CheckVariance(variances[j], j);
            copy[j] = variances[j] + 0.0;
        }
        return new Covariance(CovarianceType.Diagonal, copy);
    }

    /// <summary>A full matrix.</summary>
    /// <param name="dimension">d, positive.</param>
    /// <param name="matrix">
    /// Row-major d×d: in <see cref="SupportedRange"/>, and symmetric and positive semidefinite to single precision. Mirrored entries may differ by
    /// <see cref="SymmetryTolerance"/> of the largest entry, or by <see cref="MixtureAdjustment.Tolerance"/> of sqrt(Σ_ii Σ_jj); the symmetric part is used.
    /// Eigenvalues down to −<see cref="MixtureAdjustment.Tolerance"/> of the largest count as 0 if no variance is negative.
    /// </param>
    /// <param name="cancellationToken">Stops the decomposition, which takes O(d³).</param>
    /// <exception cref="ArgumentException">
    /// The matrix has another length, is not finite, out of <see cref="SupportedRange"/>, not symmetric or not positive semidefinite.
    /// </exception>
    public static Covariance Full(int dimension, ReadOnlySpan<double> matrix, CancellationToken cancellationToken = default)
    {
        int d = dimension;
        if (matrix.Length != (long)d * d)
            throw new ArgumentException($"A full covariance in {d} dimensions has {(long)d * d} values, not {matrix.Length}.", nameof(matrix));
        return TryFull(d, matrix, out CovarianceProblem? problem, cancellationToken) ?? throw new ArgumentException(problem!.Words, nameof(matrix));
    }

    /// <summary>A full matrix, or null if it is not a covariance.</summary>
    /// <param name="dimension">d, positive.</param>
    /// <param name="matrix">Row-major d×d, as <see cref="Full"/> takes it.</param>
    /// <param name="problem">Why it is not a covariance; null if it is.</param>
    /// <param name="cancellationToken">Stops the decomposition.</param>
    public static Covariance? TryFull(int dimension, ReadOnlySpan<double> matrix, out CovarianceProblem? problem, CancellationToken cancellationToken = default)
        => Symmetrize(dimension, matrix, out double asymmetry, out problem) is { } symmetric
            ? Decompose(dimension, symmetric, asymmetry, out problem, cancellationToken)
            : null;

    /// <summary>The inverse of a precision matrix, or null if it is not a covariance.</summary>
    /// <param name="dimension">d, positive.</param>
    /// <param name="precision">Row-major d×d, positive definite, and symmetric as a covariance must be.</param>
    /// <param name="problem">Why it is not a covariance, in terms of the precision matrix's entries and smallest eigenvalue; null if it is.</param>
    /// <param name="cancellationToken">Stops the decomposition.</param>
    internal static Covariance? TryFromPrecision(
        int dimension, double[] precision, out CovarianceProblem? problem, CancellationToken cancellationToken = default)
    {
        if (Symmetrize(dimension, precision, out double asymmetry, out problem) is not { } symmetric) return null;
        if (SymmetricMatrix.TryCholesky(symmetric, dimension) is { } factor) return Invert(dimension, factor, asymmetry, out problem, cancellationToken);
        problem = new CovarianceProblem(CovarianceFault.NotPositiveSemidefinite, 0, 0,
            SymmetricMatrix.Eigen(symmetric, dimension, out _, cancellationToken)[0], 0);
        return null;
    }

    /// <summary>The inverse of the precision matrix U Uᵀ, or null if it exceeds the range of double.</summary>
    /// <param name="dimension">d, positive.</param>
    /// <param name="upper">U, row-major d×d: finite, zero below the diagonal, positive on it.</param>
    /// <param name="problem">Why there is no inverse; null if there is one.</param>
    /// <param name="cancellationToken">Stops the decomposition.</param>
    internal static Covariance? TryFromPrecisionCholesky(
        int dimension, double[] upper, out CovarianceProblem? problem, CancellationToken cancellationToken = default)
    {
        // With rows and columns in reverse order, U is lower triangular; row-major, that is the array read backwards.
        double[] lower = (double[])upper.Clone();
        Array.Reverse(lower);
        return Invert(dimension, lower, 0, out problem, cancellationToken, isReversed: true);
    }

    // Σ = L⁻ᵀ L⁻¹ for a precision matrix L Lᵀ.
    private static Covariance? Invert(
        int d, double[] lower, double asymmetry, out CovarianceProblem? problem, CancellationToken cancellationToken, bool isReversed = false)
    {
        double[] matrix = SymmetricMatrix.InverseFromCholesky(lower, d);
        if (isReversed) Array.Reverse(matrix);
        // Already symmetric: this only finds overflows.
        return Symmetrize(d, matrix, out _, out problem) is { } symmetric ? Decompose(d, symmetric, asymmetry, out problem, cancellationToken) : null;
    }

    private static double[]? Symmetrize(int d, ReadOnlySpan<double> matrix, out double asymmetry, out CovarianceProblem? problem)
    {
        (asymmetry, problem) = (0, null);
        double largest = 0;
        for (int i = 0; i < matrix.Length; i++)
        {
            if (double.IsNaN(matrix[i]) || double.IsInfinity(matrix[i]))
            {
                problem = new CovarianceProblem(CovarianceFault.NotFinite, i / d, i % d, matrix[i], 0);
                return null;
            }
            largest = Math.Max(largest, Math.Abs(matrix[i]));
        }

        double[] symmetric = new double[d * d];
        for (int i = 0; i < d; i++)
        {
            for (int j = i; j < d; j++)
            {
                double upper = matrix[i * d + j], lower = matrix[j * d + i], difference = Math.Abs(upper - lower);
                if (difference > SymmetryTolerance * largest)
                {
                    // The scale of an entry's rounding: a matrix with large and small variances has large and small entries.
                    double share = difference / (Math.Sqrt(Math.Abs(matrix[i * d + i])) * Math.Sqrt(Math.Abs(matrix[j * d + j])));
                    if (!(share <= MixtureAdjustment.Tolerance))
                    {
                        problem = new CovarianceProblem(CovarianceFault.NotSymmetric, i, j, upper, lower);
                        return null;
                    }
                    asymmetry = Math.Max(asymmetry, share);
                }
                symmetric[i * d + j] = symmetric[j * d + i] = (upper == lower ? upper : 0.5 * (upper + lower)) + 0.0;
            }
        }
        return symmetric;
    }

    private static Covariance? Decompose(int d, double[] symmetric, double asymmetry, out CovarianceProblem? problem, CancellationToken cancellationToken)
    {
        problem = null;
        for (int i = 0; i < symmetric.Length; i++)
        {
            if (SupportedRange.OfEntry(symmetric[i], i / d == i % d) is null) continue;
            problem = new CovarianceProblem(CovarianceFault.OutOfRange, i / d, i % d, symmetric[i], 0);
            return null;
        }
        bool isDiagonal = IsDiagonal(symmetric, d, out double[] diagonal), hasVariances = diagonal.All(variance => variance >= 0);
        if (isDiagonal && hasVariances) return new Covariance(CovarianceType.Full, diagonal, symmetric, asymmetry: asymmetry);

        double[] variances = SymmetricMatrix.Eigen(symmetric, d, out double[] basis, cancellationToken);
        double least = variances[0], greatest = variances[d - 1];
        // Rounding makes an eigenvalue negative, never a variance.
        double tolerance = hasVariances ? MixtureAdjustment.Tolerance : SemidefiniteTolerance;
        if (!(least >= -tolerance * greatest) || !(greatest > 0))
        {
            problem = new CovarianceProblem(CovarianceFault.NotPositiveSemidefinite, 0, 0, least, 0);
            return null;
        }
        if (SupportedRange.OfVariance(greatest) is not null)
        {
            problem = new CovarianceProblem(CovarianceFault.OutOfRange, -1, -1, greatest, 0);
            return null;
        }
        // What remains below zero is the rounding of a semidefinite matrix; so are positive eigenvalues smaller than any valid entry.
        for (int j = 0; j < d; j++) variances[j] = variances[j] < SupportedRange.MinVariance ? 0 : variances[j];
        var covariance = new Covariance(CovarianceType.Full, variances, symmetric, basis, asymmetry);
        return least >= -SemidefiniteTolerance * greatest
            ? covariance
            : new Covariance(CovarianceType.Full, variances, covariance.WithEigenvalues(variances), basis, asymmetry, -least / greatest);
    }

    /// <summary>Whether two covariances are the same matrix.</summary>
    /// <param name="other">Another covariance.</param>
    public bool Equals(Covariance? other)
    {
        if (other is null || Dimension != other.Dimension) return false;
        if (ReferenceEquals(this, other)) return true;
        return Basis is null && other.Basis is null
            ? Variances.AsSpan().SequenceEqual(other.Variances.AsSpan())
            : Matrix.AsSpan().SequenceEqual(other.Matrix.AsSpan());
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Covariance);

    /// <inheritdoc/>
    public override int GetHashCode() => (Dimension * 397) ^ Trace.GetHashCode();

    private static void CheckVariance(double variance, int index)
    {
        string which = index < 0 ? "The variance" : $"Variance {index}";
        if (!(variance >= 0) || double.IsInfinity(variance))
            throw new ArgumentException($"{which} is {PortableNumber.Format(variance)}; it must be finite and at least 0.", nameof(variance));
        if (SupportedRange.OfVariance(variance) is { } size) throw new ArgumentException($"{which} {size}.", nameof(variance));
    }

    private static bool IsDiagonal(double[] matrix, int d, out double[] diagonal)
    {
        diagonal = new double[d];
        for (int i = 0; i < d; i++) diagonal[i] = matrix[i * d + i];
        for (int i = 0; i < d; i++)
            for (int j = 0; j < d; j++)
                if (i != j && matrix[i * d + j] != 0) return false;
        return true;
    }

    /// <summary>A function of this matrix: the same principal axes with other eigenvalues. d×d values, row-major.</summary>
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
        if (Basis is not null) return _given!;
        double[] matrix = new double[Dimension * Dimension];
        for (int j = 0; j < Dimension; j++) matrix[j * Dimension + j] = Variances[j];
        return matrix;
    }
}
