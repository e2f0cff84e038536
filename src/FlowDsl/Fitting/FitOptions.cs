using FlowDsl.Analysis;

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
    /// The least variance of any component in any direction, in squared units of the data; not negative, 1e-6 by default.
    /// </summary>
    /// <remarks>
    /// Without it the likelihood has no maximum: a component that shrinks onto one point, or onto a plane, gains without end.
    /// It serves as scikit-learn's <c>reg_covar</c> does, but as a bound and not as a summand: eigenvalues below it are raised to it, others are
    /// left alone. This is the maximiser among the covariances so bounded (Ingrassia and Rocci, Computational Statistics and
    /// Data Analysis 51 (2007), 5339-5351), so that the likelihood never decreases and a fit that keeps away from the bound is the plain
    /// maximum-likelihood fit. Choose it well below the squared width of the narrowest component that means something: the
    /// default suits data with standard deviations around 1.
    /// </remarks>
    public double CovarianceFloor { get; init; } = 1e-6;

    /// <summary>How many times to start from other centres, at least 1; the fit of the greatest likelihood is kept. 10 by default.</summary>
    public int Restarts { get; init; } = 10;

    /// <summary>The seed of the centres: a fit has the same bits for the same data, options and seed.</summary>
    public ulong Seed { get; init; }

    internal void Validate()
    {
        if (!Enum.IsDefined(CovarianceType))
            throw OutOfRange(nameof(CovarianceType), CovarianceType.ToString(), "Full, Tied, Diagonal or Spherical");
        if (MaxIterations < 1)
            throw OutOfRange(nameof(MaxIterations), $"{MaxIterations}", "at least 1");
        if (!(Tolerance >= 0 && double.IsFinite(Tolerance)))
            throw OutOfRange(nameof(Tolerance), PortableNumber.Format(Tolerance), "finite and at least 0");
        if (!(CovarianceFloor >= 0 && double.IsFinite(CovarianceFloor)))
            throw OutOfRange(nameof(CovarianceFloor), PortableNumber.Format(CovarianceFloor), "finite and at least 0");
        if (Restarts < 1)
            throw OutOfRange(nameof(Restarts), $"{Restarts}", "at least 1");
    }

    private static ArgumentOutOfRangeException OutOfRange(string option, string value, string valid)
        => new("options", $"{nameof(FitOptions)}.{option} is {value}; it must be {valid}.");
}
