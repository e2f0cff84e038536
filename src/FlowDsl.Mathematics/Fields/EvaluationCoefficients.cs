using FlowDsl.Mathematics.Numerics;

namespace FlowDsl.Mathematics.Fields;

/// <summary>
/// The coefficients of one evaluation of a field at a known time: generated kernels fold them into code, table kernels read them.
/// </summary>
/// <remarks>
/// Component k has the energy E_k = Offset + |Root (x - Centre)|², in bits: -log2 of w_k N(x; aμ_k, C_k) up to a constant common to all components.
/// Its weight is 2^(min E - E_k), and F(x) = Σ weight_k (Factor_k x + Constant_k)/Σ weight_k.
/// </remarks>
internal sealed class EvaluationCoefficients
{
    private const double LogTwoE = 1.4426950408889634074;

    /// <summary>Reduces a field.</summary>
    /// <param name="mixture">The mixture.</param>
    /// <param name="field">The field at its time.</param>
    public EvaluationCoefficients(Mixture mixture, in MixtureField field)
    {
        int d = mixture.Dimension;
        Kind = CovarianceType.Isotropic;
        foreach (Covariance covariance in mixture.Covariances)
        {
            if (covariance.Basis is not null) Kind = CovarianceType.Full;
            else if (!covariance.IsIsotropic && Kind == CovarianceType.Isotropic) Kind = CovarianceType.Diagonal;
        }
        Components = new ComponentCoefficients[mixture.Count];
        double least = double.PositiveInfinity;
        for (int k = 0; k < mixture.Count; k++)
        {
            double logDeterminant = 0;
            foreach (double variance in mixture.Covariances[k].Variances) logDeterminant += PortableMath.Log(field.Point.Spread(variance));
            double offset = LogTwoE * (0.5 * logDeterminant - mixture.LogWeights[k]);
            least = Math.Min(least, offset);
            Components[k] = Reduce(mixture, field, k, offset);
        }
        // Only differences matter, and small numbers keep more of their bits.
        for (int k = 0; k < mixture.Count; k++) Components[k] = Components[k] with { Offset = Components[k].Offset - least };
        Dimension = d;
    }

    /// <summary>d.</summary>
    public int Dimension { get; }

    /// <summary>The widest shape among the components, after decomposition: a diagonal matrix declared as full is diagonal.</summary>
    public CovarianceType Kind { get; }

    /// <summary>The K components.</summary>
    public ComponentCoefficients[] Components { get; }

    private ComponentCoefficients Reduce(Mixture mixture, in MixtureField field, int k, double offset)
    {
        int d = mixture.Dimension;
        Covariance covariance = mixture.Covariances[k];
        ImmutableArray<double> mean = mixture.Means[k];
        double[] centre = new double[d], constant = new double[d];
        for (int j = 0; j < d; j++) centre[j] = field.Point.A * mean[j];

        if (covariance.Basis is not { } basis)
        {
            double[] root = new double[d], factor = new double[d];
            for (int j = 0; j < d; j++)
            {
                root[j] = Math.Sqrt(0.5 * LogTwoE / field.Point.Spread(covariance.Variances[j]));
                factor[j] = field.Axis.At(covariance.Variances[j]);
                constant[j] = field.MeanFactor * mean[j] - factor[j] * centre[j];
            }
            CovarianceType kind = covariance.IsIsotropic ? CovarianceType.Isotropic : CovarianceType.Diagonal;
            return new ComponentCoefficients(kind, offset, root, centre, factor, constant);
        }

        double[] precision = new double[d * d], slope = new double[d * d], weights = new double[d];
        for (int axis = 0; axis < d; axis++)
        {
            double weight = weights[axis] = 0.5 * LogTwoE / field.Point.Spread(covariance.Variances[axis]), factor = field.Axis.At(covariance.Variances[axis]);
            for (int i = 0; i < d; i++)
            {
                for (int j = 0; j < d; j++)
                {
                    double projector = basis[i * d + axis] * basis[j * d + axis];
                    precision[i * d + j] += weight * projector;
                    slope[i * d + j] += factor * projector;
                }
            }
        }
        // If the largest and the smallest weight differ by more than sixteen digits, their sum has lost the smallest one.
        double[] upper = SymmetricMatrix.TryCholesky(precision, d) is { } lower
            ? SymmetricMatrix.Transpose(lower, d)
            : SymmetricMatrix.TriangularRoot(weights, [.. basis], d);
        for (int i = 0; i < d; i++)
        {
            constant[i] = field.MeanFactor * mean[i];
            for (int j = 0; j < d; j++) constant[i] -= slope[i * d + j] * centre[j];
        }
        return new ComponentCoefficients(CovarianceType.Full, offset, upper, centre, slope, constant);
    }
}

/// <summary>One component of an <see cref="EvaluationCoefficients"/>.</summary>
/// <param name="Kind">Isotropic and diagonal: <paramref name="Root"/> and <paramref name="Factor"/> are d values; full: row-major d×d.</param>
/// <param name="Offset">The part of the energy that does not depend on x, in bits.</param>
/// <param name="Root">The square root of the precision in bits: a diagonal, or an upper triangular matrix.</param>
/// <param name="Centre">aμ_k.</param>
/// <param name="Factor">A_k: a diagonal or a symmetric matrix.</param>
/// <param name="Constant">mμ_k - A_k aμ_k.</param>
internal sealed record ComponentCoefficients(
    CovarianceType Kind, double Offset, double[] Root, double[] Centre, double[] Factor, double[] Constant)
{
    /// <summary>The energy at a point, for isotropic and diagonal components.</summary>
    /// <param name="x">The point.</param>
    public double Energy(double[] x)
    {
        double energy = Offset;
        for (int j = 0; j < x.Length; j++)
        {
            double distance = Root[j] * (x[j] - Centre[j]);
            energy += distance * distance;
        }
        return energy;
    }

    /// <summary>An entry of RootᵀRoot, the precision in bits.</summary>
    /// <param name="i">The row.</param>
    /// <param name="j">The column.</param>
    public double Precision(int i, int j)
    {
        if (Kind != CovarianceType.Full) return i == j ? Root[i] * Root[i] : 0;
        int d = Centre.Length;
        double sum = 0;
        for (int l = 0; l <= Math.Min(i, j); l++) sum += Root[l * d + i] * Root[l * d + j];
        return sum;
    }
}
