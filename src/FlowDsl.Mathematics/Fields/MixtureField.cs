using System.ComponentModel;
using FlowDsl.Mathematics.Processes;

namespace FlowDsl.Mathematics.Fields;

/// <summary>
/// A vector field of the form F(x) = Σ_k r_k(x) (m μ_k + A_k (x - aμ_k)), A_k a function of Σ_k along its principal axes.
/// Score, velocity, posterior mean and the right-hand sides of all charts have this form and differ only in m and A.
/// </summary>
/// <remarks>
/// Two components' contributions differ by <see cref="Contrast"/> times e_k = C_k⁻¹(μ_k - μ_j + a(Σ_k - Σ_j)C_j⁻¹(x - aμ_j)),
/// C = a²Σ + s²I, in every such field: one e_k serves all fields, and it is free of cancellation for all x and t.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct MixtureField
{
    private MixtureField(in ProcessPoint point, AxisFunction axis, double meanFactor, double contrast, double scoreFactor)
    {
        (Point, Axis, MeanFactor, Contrast, ScoreFactor) = (point, axis, meanFactor, contrast, scoreFactor);
    }

    /// <summary>The process at the field's time.</summary>
    public ProcessPoint Point { get; }

    /// <summary>A_k along the principal axes of Σ_k.</summary>
    public AxisFunction Axis { get; }

    /// <summary>m.</summary>
    public double MeanFactor { get; }

    /// <summary>The difference of two components' contributions per unit of e_k.</summary>
    public double Contrast { get; }

    /// <summary>c, with F = m E[x_0 | x] + c ∇ log p: what the field is of a network's output. It is (contrast - m s²)/a, free of cancellation.</summary>
    internal double ScoreFactor { get; }

    /// <summary>∇ log p_t = -Σ r_k C_k⁻¹(x - aμ_k).</summary>
    /// <param name="point">The process at t.</param>
    public static MixtureField Score(in ProcessPoint point) => new(point, AxisFunction.Ratio(-1, 0, point), 0, point.A, 1);

    /// <summary>The velocity of the probability-flow ODE, v = Σ r_k (a'μ_k + (s s' I + a a' Σ_k) C_k⁻¹(x - aμ_k)).</summary>
    /// <param name="point">The process at t.</param>
    public static MixtureField Velocity(in ProcessPoint point) => new(point, point.VelocityAxis, point.DA, point.VelocityContrast, -point.SDS);

    /// <summary>E[x_0 | x_t = x] = Σ r_k (μ_k + aΣ_k C_k⁻¹(x - aμ_k)).</summary>
    /// <param name="point">The process at t.</param>
    public static MixtureField PosteriorMean(in ProcessPoint point) => new(point, AxisFunction.Ratio(0, point.A, point), 1, point.S2, 0);

    /// <summary>s Σ r_k C_k⁻¹(x - aμ_k) = E[ε | x_t = x], the right-hand side of the Edm chart.</summary>
    /// <param name="point">The process at t.</param>
    public static MixtureField Noise(in ProcessPoint point) => new(point, AxisFunction.Ratio(point.S, 0, point), 0, -point.A * point.S, -point.S);

    /// <summary>Σ r_k (μ_k + a(Σ_k - vI) C_k⁻¹(x - aμ_k)), the right-hand side of the canonical chart of variance v.</summary>
    /// <param name="point">The process at t.</param>
    /// <param name="variance">v, at least 0.</param>
    public static MixtureField Canonical(in ProcessPoint point, double variance)
        => new(point, AxisFunction.RatioAboutRoot(point.A, variance, point), 1, point.Spread(variance), point.A * variance);
}
