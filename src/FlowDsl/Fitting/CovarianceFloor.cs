using FlowDsl.Mathematics.Numerics;
using FlowDsl.Runtime.Arithmetic;

namespace FlowDsl.Fitting;

/// <summary>Keeps covariances at or above a minimum variance in every direction, and tells which are singular for the data.</summary>
internal sealed class CovarianceFloor
{
    // If a coordinate's conditional variance is below this share of its variance, it is a linear function of the others up to rounding.
    private const double SingularShare = 1e-13;

    // Deviations of 1e-14 times the data's come from rounding of coincident points.
    private const double CoincidentShare = 1e-28;

    // An eigenvalue this near the floor, relative to it, was raised to it.
    private const double FloorRounding = 1e-9;

    // The fast eigenvalues are right to about 1e-15 of the largest: that is six digits of a floor with this share of their sum.
    private const double FastEigenShare = 1e-9;

    private readonly int _d;
    private readonly CovarianceType _type;
    private readonly double _floor;
    private readonly double[] _columnVariances;
    private readonly double _meanColumnVariance;

    /// <summary>Makes the floor for one data set.</summary>
    /// <param name="type">The form of the covariances.</param>
    /// <param name="floor">The minimum variance in any direction, not negative.</param>
    /// <param name="columnVariances">The variances of the d columns: what is far below them is rounding.</param>
    public CovarianceFloor(CovarianceType type, double floor, double[] columnVariances)
    {
        (_d, _type, _floor, _columnVariances) = (columnVariances.Length, type, floor, columnVariances);
        foreach (double variance in columnVariances) _meanColumnVariance += variance / _d;
    }

    /// <summary>Raises a covariance to the floor, in place.</summary>
    /// <param name="covariance">The covariance, in the shape of its type.</param>
    /// <param name="bound">What the E-step needs of it.</param>
    /// <returns>Whether it is regular then.</returns>
    public bool TryBound(double[] covariance, out BoundedCovariance bound)
    {
        bound = default;
        return _type is CovarianceType.Full or CovarianceType.Tied ? TryBoundMatrix(covariance, out bound) : TryBoundVariances(covariance, out bound);
    }

    private bool TryBoundMatrix(double[] covariance, out BoundedCovariance bound)
    {
        bound = default;
        // If a variance is below the floor, so is an eigenvalue.
        bool certain = false;
        for (int j = 0; j < _d; j++) certain |= covariance[j * _d + j] < _floor;
        double[] inverse = [];
        double logDeterminant = 0;
        bool regular = !certain && TryWhiten(covariance, out inverse, out logDeterminant), raised = false;
        int axes = 0;
        // 1/λ_min ≤ ‖W‖_F²: most covariances are known to be above the floor without their eigenvalues.
        if (_floor > 0 && !(regular && _floor * (1 + FloorRounding) * SquaredNorm(inverse) <= 1))
        {
            raised = Raise(covariance, out axes);
            if (raised) regular = TryWhiten(covariance, out inverse, out logDeterminant);
        }
        if (!regular) return false;
        bound = new BoundedCovariance(inverse, logDeterminant, axes, raised);
        return true;
    }

    private bool TryBoundVariances(double[] covariance, out BoundedCovariance bound)
    {
        bound = default;
        double[] inverses = new double[_d];
        double logDeterminant = 0;
        int axes = 0;
        bool raised = false;
        for (int j = 0; j < covariance.Length; j++)
        {
            if (covariance[j] < _floor) (covariance[j], raised) = (_floor, true);
            if (covariance[j] <= _floor * (1 + FloorRounding)) axes++;
            if (covariance[j] <= CoincidentShare * ColumnVariance(j)) return false;
            inverses[j] = 1 / Math.Sqrt(covariance[j]);
            logDeterminant += PortableMath.Log(covariance[j]);
        }
        if (_type == CovarianceType.Isotropic)
        {
            inverses.AsSpan().Fill(inverses[0]);
            (logDeterminant, axes) = (logDeterminant * _d, axes * _d);
        }
        bound = new BoundedCovariance(inverses, logDeterminant, axes, raised);
        return true;
    }

    private double ColumnVariance(int j) => _type == CovarianceType.Isotropic ? _meanColumnVariance : _columnVariances[j];

    private bool TryWhiten(double[] covariance, out double[] inverse, out double logDeterminant)
    {
        inverse = [];
        logDeterminant = 0;
        for (int j = 0; j < _d; j++)
            if (covariance[j * _d + j] <= CoincidentShare * _columnVariances[j]) return false;
        if (SymmetricMatrix.TryCholesky(covariance, _d) is not { } factor) return false;
        inverse = new double[(_d + 3) / 4 * 4 * _d];
        for (int j = 0; j < _d; j++)
        {
            double pivot = factor[j * _d + j];
            if (pivot * pivot <= SingularShare * covariance[j * _d + j]) return false;
            logDeterminant += 2 * PortableMath.Log(pivot);
            // Forward substitution: row j of the inverse of the factor.
            Span<double> row = inverse.AsSpan(j * _d, j);
            for (int l = 0; l < j; l++) Vectors.AddScaled(-factor[j * _d + l], inverse.AsSpan(l * _d, l + 1), row[..(l + 1)]);
            for (int m = 0; m < j; m++) row[m] /= pivot;
            inverse[j * _d + j] = 1 / pivot;
        }
        return true;
    }

    private bool Raise(double[] covariance, out int axesAtFloor)
    {
        double trace = 0;
        for (int j = 0; j < _d; j++) trace += covariance[j * _d + j];
        double[] variances = Eigen(covariance, trace, out double[] axes);
        axesAtFloor = variances.Count(variance => variance <= _floor * (1 + FloorRounding));
        if (!variances.Any(variance => variance < _floor)) return false;
        Array.Clear(covariance);
        for (int m = 0; m < _d; m++)
        {
            ReadOnlySpan<double> axis = axes.AsSpan(m * _d, _d);
            double variance = Math.Max(variances[m], _floor);
            for (int i = 0; i < _d; i++) Vectors.AddScaled(axis[i] * variance, axis[..(i + 1)], covariance.AsSpan(i * _d, i + 1));
        }
        for (int i = 0; i < _d; i++)
            for (int j = 0; j < i; j++) covariance[j * _d + i] = covariance[i * _d + j];
        return true;
    }

    // Eigenvalues and, by rows, eigenvectors: by the fast method if its rounding is far below the floor.
    private double[] Eigen(double[] covariance, double trace, out double[] axes)
    {
        if (_floor > FastEigenShare * trace && TridiagonalEigen.TryDecompose(covariance, _d, out axes) is { } fast) return fast;
        double[] variances = SymmetricMatrix.Eigen(covariance, _d, out double[] columns);
        axes = new double[_d * _d];
        for (int i = 0; i < _d; i++)
            for (int j = 0; j < _d; j++) axes[j * _d + i] = columns[i * _d + j];
        return variances;
    }

    /// <summary>The sum of squares, in order: the same bits for every vector width.</summary>
    /// <param name="values">The values.</param>
    public static double SquaredNorm(double[] values)
    {
        double sum = 0;
        foreach (double value in values) sum += value * value;
        return sum;
    }
}
