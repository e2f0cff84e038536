namespace FlowDsl;

/// <summary>
/// A Gaussian mixture Σ_k w_k N(μ_k, Σ_k) under a process x_t = a(t) x_0 + s(t) ε, known at compile time. All functions are
/// in double precision, for one point x of d values, at a time t at which the process is defined (<see cref="Mathematics.Process.LastTime"/>; not only
/// between its early stop and its horizon). If a covariance is singular, t must be positive. If a value of x is not finite, every result is NaN.
/// </summary>
/// <typeparam name="TSelf">The annotated type.</typeparam>
public interface IGaussianMixture<TSelf>
    where TSelf : IGaussianMixture<TSelf>
{
    /// <summary>d, the number of coordinates.</summary>
    static abstract int Dimension { get; }

    /// <summary>K, the number of components.</summary>
    static abstract int ComponentCount { get; }

    /// <summary>The same mixture and process as a run-time object.</summary>
    static abstract GaussianMixtureModel Model { get; }

    /// <summary>log p_t(x), p_t = Σ_k w_k N(a μ_k, a²Σ_k + s²I).</summary>
    /// <param name="t">The time.</param>
    /// <param name="x">The point, d values.</param>
    /// <exception cref="ArgumentOutOfRangeException">The process is not defined at t, or has no density there.</exception>
    /// <exception cref="ArgumentException">The length of a span is not d.</exception>
    static abstract double LogDensity(double t, ReadOnlySpan<double> x);

    /// <summary>∇ log p_t(x).</summary>
    /// <param name="t">The time.</param>
    /// <param name="x">The point, d values.</param>
    /// <param name="score">Receives d values.</param>
    /// <exception cref="ArgumentOutOfRangeException">The process is not defined at t, or has no density there.</exception>
    /// <exception cref="ArgumentException">The length of a span is not d.</exception>
    static abstract void Score(double t, ReadOnlySpan<double> x, Span<double> score);

    /// <summary>The velocity v of the probability-flow ODE dx/dt = v(x, t), t increasing with the noise.</summary>
    /// <param name="t">The time.</param>
    /// <param name="x">The point, d values.</param>
    /// <param name="velocity">Receives d values.</param>
    /// <exception cref="ArgumentOutOfRangeException">The process is not defined at t, or has no density there.</exception>
    /// <exception cref="ArgumentException">The length of a span is not d.</exception>
    static abstract void Velocity(double t, ReadOnlySpan<double> x, Span<double> velocity);

    /// <summary>The posterior probability of each component given x_t = x.</summary>
    /// <param name="t">The time.</param>
    /// <param name="x">The point, d values.</param>
    /// <param name="responsibilities">Receives K values that sum to 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The process is not defined at t, or has no density there.</exception>
    /// <exception cref="ArgumentException">The length of a span is not d, or K.</exception>
    static abstract void Responsibilities(double t, ReadOnlySpan<double> x, Span<double> responsibilities);

    /// <summary>E[x_0 | x_t = x], the denoiser.</summary>
    /// <param name="t">The time.</param>
    /// <param name="x">The point, d values.</param>
    /// <param name="mean">Receives d values.</param>
    /// <exception cref="ArgumentOutOfRangeException">The process is not defined at t, or has no density there.</exception>
    /// <exception cref="ArgumentException">The length of a span is not d.</exception>
    static abstract void PosteriorMean(double t, ReadOnlySpan<double> x, Span<double> mean);

    /// <summary>∇v(x, t)·direction, the Jacobian of the velocity applied to a direction.</summary>
    /// <param name="t">The time.</param>
    /// <param name="x">The point, d values.</param>
    /// <param name="direction">The direction, d values.</param>
    /// <param name="product">Receives d values.</param>
    /// <exception cref="ArgumentOutOfRangeException">The process is not defined at t, or has no density there.</exception>
    /// <exception cref="ArgumentException">The length of a span is not d.</exception>
    static abstract void JacobianVectorProduct(double t, ReadOnlySpan<double> x, ReadOnlySpan<double> direction, Span<double> product);

    /// <summary>L(t), an upper bound on ‖∇v(x, t)‖₂ over all x; infinite if there is none (covariances that cross).</summary>
    /// <param name="t">The time.</param>
    /// <exception cref="ArgumentOutOfRangeException">The process is not defined at t.</exception>
    static abstract double StabilityBound(double t);

    /// <summary>E‖∇v(x, t)‖₂ over x ~ p_t, by a deterministic quasi-Monte Carlo rule.</summary>
    /// <param name="t">The time.</param>
    /// <exception cref="ArgumentOutOfRangeException">The process is not defined at t.</exception>
    static abstract double ExpectedStability(double t);
}
