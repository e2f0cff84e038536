using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Numerics;

namespace FlowDsl;

/// <summary>How <see cref="GaussianMixtureFit"/> fits a mixture.</summary>
public sealed record FitOptions
{
    /// <summary>The form of the covariances; full by default.</summary>
    public CovarianceType CovarianceType { get; init; } = CovarianceType.Full;

    /// <summary>The maximum number of steps of expectation-maximisation in a restart, at least 1; 500 by default.</summary>
    public int MaxIterations { get; init; } = 500;

    /// <summary>
    /// A restart has converged when a step gains no more than this in the mean log-likelihood per point, in nats; not negative, 1e-10 by default. The
    /// gain is quadratic in the distance to the optimum, so the parameters are then within about 1e-5·√n standard errors (more if convergence is slow).
    /// </summary>
    public double Tolerance { get; init; } = 1e-10;

    /// <summary>
    /// The minimum variance of any component in any direction, relative to the data's: to each column's own variance, so that the fit does not depend
    /// on the columns' units, or, for spherical covariances, to the columns' mean variance. From 0 to 1, 1e-6 by default: a standard deviation of a
    /// thousandth of the column's.
    /// </summary>
    /// <remarks>
    /// Without it the likelihood has no maximum: a component that shrinks onto one point, or onto a plane, gains without end.
    /// It plays the role of scikit-learn's <c>reg_covar</c>, but as a bound instead of a summand: with D the columns' standard deviations,
    /// eigenvalues of D⁻¹ΣD⁻¹ below it are raised to it and others are unchanged. This is the maximiser among covariances with this bound (Ingrassia
    /// and Rocci, Computational Statistics and Data Analysis 51 (2007), 5339-5351), so the likelihood never decreases, and a fit that stays away from
    /// the bound is the plain maximum-likelihood fit. <see cref="FitResult.AxesAtFloor"/> shows where it acts. There it decides the likelihood, so
    /// raise it if many axes are at it. A constant column uses the mean variance of all columns.
    /// </remarks>
    public double RelativeCovarianceFloor { get; init; } = 1e-6;

    /// <summary>
    /// The minimum variance in squared units of the data, instead of <see cref="RelativeCovarianceFloor"/>; not negative. Null, the default, to use
    /// the relative floor.
    /// </summary>
    public double? CovarianceFloor { get; init; }

    /// <summary>
    /// How many times to start, at least 1; the fit with the highest likelihood is kept. 10 by default. No effect if <see cref="Initial"/> is set.
    /// </summary>
    public int Restarts { get; init; } = 10;

    /// <summary>
    /// The weights, means and covariances of a single start; null, the default, to start from clusters of the points. Covariances more general than
    /// <see cref="CovarianceType"/> are averaged over the components (tied) or over the coordinates (spherical), or reduced to their diagonal.
    /// Variances below the floor are raised to it.
    /// </summary>
    public Mixture? Initial { get; init; }

    /// <summary>The maximum number of threads; -1, the default, for one per processor. The result has the same bits for any number of threads.</summary>
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
            throw OutOfRange(nameof(MaxThreads), $"{MaxThreads}", "at least 1, or -1 for one per processor");
    }

    /// <summary>The floor as text for messages.</summary>
    internal string FloorInWords => CovarianceFloor is { } floor
        ? $"{nameof(CovarianceFloor)} is {PortableNumber.Format(floor)}, in squared units of the data"
        : $"{nameof(RelativeCovarianceFloor)} is {PortableNumber.Format(RelativeCovarianceFloor)}";

    private static ArgumentOutOfRangeException OutOfRange(string option, string value, string valid)
        => new("options", $"{nameof(FitOptions)}.{option} is {value}; it must be {valid}.");
}
