using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Numerics;

namespace FlowDsl;

/// <summary>How <see cref="GaussianMixtureFit"/> fits a mixture.</summary>
public sealed record FitOptions
{
    /// <summary>What the fit may choose of the covariances; full ones by default.</summary>
    public CovarianceType CovarianceType { get; init; } = CovarianceType.Full;

    /// <summary>The most steps of expectation-maximisation in a restart, at least 1; 500 by default.</summary>
    public int MaxIterations { get; init; } = 500;

    /// <summary>
    /// A restart has converged when a step gains no more than this in the mean log-likelihood of a point, in nats; not
    /// negative, 1e-10 by default. The gain is quadratic in the distance to the optimum, so the parameters are then within
    /// about 1e-5·√n standard errors (more where the convergence is slow).
    /// </summary>
    public double Tolerance { get; init; } = 1e-10;

    /// <summary>
    /// The least variance of any component in any direction, as a share of the data's: of each column's own variance, so that the fit does
    /// not depend on the columns' units, or for spherical covariances of the columns' mean variance. Not negative, at most 1, 1e-6 by default:
    /// a deviation of a thousandth of the column's.
    /// </summary>
    /// <remarks>
    /// Without it the likelihood has no maximum: a component that shrinks onto one point, or onto a plane, gains without end.
    /// It serves as scikit-learn's <c>reg_covar</c> does, but as a bound and not as a summand: with D the columns' deviations, eigenvalues of
    /// D⁻¹ΣD⁻¹ below it are raised to it, others are left alone. This is the maximiser among the covariances so bounded (Ingrassia and Rocci,
    /// Computational Statistics and Data Analysis 51 (2007), 5339-5351), so that the likelihood never decreases and a fit that keeps away from
    /// the bound is the plain maximum-likelihood fit. <see cref="FitResult.AxesAtFloor"/> tells where it acts: there it decides the likelihood, so
    /// raise it where many axes are at it. A constant column takes the mean variance of all columns as its own.
    /// </remarks>
    public double RelativeCovarianceFloor { get; init; } = 1e-6;

    /// <summary>
    /// The least variance in squared units of the data, in the place of <see cref="RelativeCovarianceFloor"/>; not negative. Null, the default,
    /// where that one counts.
    /// </summary>
    public double? CovarianceFloor { get; init; }

    /// <summary>
    /// How many times to start, at least 1; the fit of the greatest likelihood is kept. 10 by default. Without effect where <see cref="Initial"/> is set.
    /// </summary>
    public int Restarts { get; init; } = 10;

    /// <summary>
    /// The weights, means and covariances to start from, once; null, the default, to start from clusters of the points. What is more general than
    /// <see cref="CovarianceType"/> is averaged: over the components (tied), over the coordinates (spherical), or the diagonal is taken; variances below
    /// the floor are raised to it.
    /// </summary>
    public Mixture? Initial { get; init; }

    /// <summary>The most threads to use; -1, the default, for one a processor. The result has the same bits for any number.</summary>
    public int MaxThreads { get; init; } = -1;

    /// <summary>The seed of the centres: a fit has the same bits for the same data, options and seed.</summary>
    public ulong Seed { get; init; }

    internal void Validate()
    {
        if (!Enum.IsDefined(CovarianceType))
            throw OutOfRange(nameof(CovarianceType), CovarianceType.ToString(), "Full, Tied, Diagonal or Isotropic");
        if (MaxIterations < 1)
            throw OutOfRange(nameof(MaxIterations), $"{MaxIterations}", "at least 1");
        if (!(Tolerance >= 0 && double.IsFinite(Tolerance)))
            throw OutOfRange(nameof(Tolerance), PortableNumber.Format(Tolerance), "finite and at least 0");
        if (CovarianceFloor is { } floor && !(floor >= 0 && double.IsFinite(floor)))
            throw OutOfRange(nameof(CovarianceFloor), PortableNumber.Format(floor), "finite and at least 0");
        if (!(RelativeCovarianceFloor is >= 0 and <= 1))
            throw OutOfRange(nameof(RelativeCovarianceFloor), PortableNumber.Format(RelativeCovarianceFloor), "between 0 and 1");
        if (Restarts < 1)
            throw OutOfRange(nameof(Restarts), $"{Restarts}", "at least 1");
        if (MaxThreads is < 1 and not -1)
            throw OutOfRange(nameof(MaxThreads), $"{MaxThreads}", "at least 1, or -1 for one a processor");
    }

    /// <summary>The floor in words, for messages.</summary>
    internal string FloorInWords => CovarianceFloor is { } floor
        ? $"{nameof(CovarianceFloor)} is {PortableNumber.Format(floor)}, in squared units of the data"
        : $"{nameof(RelativeCovarianceFloor)} is {PortableNumber.Format(RelativeCovarianceFloor)}";

    private static ArgumentOutOfRangeException OutOfRange(string option, string value, string valid)
        => new("options", $"{nameof(FitOptions)}.{option} is {value}; it must be {valid}.");
}
