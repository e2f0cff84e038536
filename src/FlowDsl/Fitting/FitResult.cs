using System.Collections.Immutable;
using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Numerics;

namespace FlowDsl;

/// <summary>A fitted mixture and how well it fits.</summary>
public sealed class FitResult
{
    /// <summary>The mixture, its components ordered by their means: by the first coordinate, ties by the next.</summary>
    public required Mixture Mixture { get; init; }

    /// <summary>n, the number of points in the fit; weighted points with weight 0 do not count.</summary>
    public required int PointCount { get; init; }

    /// <summary>Σ_i v_i, the sum of the points' weights; n if none were given.</summary>
    public required double TotalWeight { get; init; }

    /// <summary>The log-likelihood Σ_i v_i log p(x_i) of all n points, in nats.</summary>
    public required double LogLikelihood { get; init; }

    /// <summary>The mean log-likelihood per point, in nats.</summary>
    public double MeanLogLikelihood => LogLikelihood / TotalWeight;

    /// <summary>
    /// For each component, the number of its d axes along which the variance is the floor (<see cref="FitOptions.RelativeCovarianceFloor"/>). Along
    /// these the points are flat, or the component has shrunk onto a few of them, and the floor decides the likelihood. All zeros for a plain
    /// maximum-likelihood fit.
    /// </summary>
    public required ImmutableArray<int> AxesAtFloor { get; init; }

    /// <summary>The number of components that are at the floor along some axis.</summary>
    public int ComponentsAtFloor => AxesAtFloor.Count(axes => axes > 0);

    /// <summary>The steps of expectation-maximisation of the restart that won.</summary>
    public required int Iterations { get; init; }

    /// <summary>Whether the restart that won ended because the gain fell to <see cref="FitOptions.Tolerance"/>.</summary>
    public required bool Converged { get; init; }

    /// <summary>
    /// The free parameters: K - 1 weights, Kd coordinates of means, and of covariances K d(d+1)/2 (full), d(d+1)/2 (tied),
    /// Kd (diagonal) or K (spherical).
    /// </summary>
    public required int ParameterCount { get; init; }

    /// <summary>
    /// The Bayesian information criterion p log n - 2 log L, n the total weight; lower is better (Schwarz, Annals of Statistics 6 (1978), 461-464; the sign
    /// is scikit-learn's, the opposite of R's mclust).
    /// </summary>
    public double Bic => ParameterCount * PortableMath.Log(TotalWeight) - 2 * LogLikelihood;

    /// <summary>Akaike's information criterion 2p - 2 log L; lower is better (IEEE Transactions on Automatic Control 19 (1974), 716-723).</summary>
    public double Aic => 2.0 * ParameterCount - 2 * LogLikelihood;

    /// <summary>
    /// The total log-likelihood, in nats, at the start and after each step of the restart that won; it does not decrease beyond rounding.
    /// It starts again, and is then shorter than <see cref="Iterations"/> + 1, if a component that had lost its points was placed elsewhere.
    /// </summary>
    public required IReadOnlyList<double> LogLikelihoodHistory { get; init; }

    /// <summary>Describes the quality of the fit and the mixture.</summary>
    public override string ToString()
        => $"Mean log-likelihood {NumberText.Short(MeanLogLikelihood)} of {NumberText.Count(PointCount, "point")}, "
            + $"BIC {NumberText.Short(Bic)}, AIC {NumberText.Short(Aic)}, "
            + $"{NumberText.Count(ParameterCount, "free parameter")}; "
            + $"{NumberText.Count(Iterations, "step")}, {(Converged ? "converged" : "not converged")}{AtFloor}.\n{Mixture}";

    private string AtFloor
        => ComponentsAtFloor == 0 ? "" : $"; {ComponentsAtFloor} of {NumberText.Count(Mixture.Count, "component")} at the covariance floor";
}
