using FlowDsl.Mathematics;

namespace FlowDsl.Examples;

/// <summary>
/// By how much errors may grow under the flow of a mixture whose components share the variance σ²: the logarithms of three factors. D is the largest
/// distance of two means, λ = a²σ² + s².
/// </summary>
internal sealed class Amplification
{
    private readonly GaussianMixtureModel _model;
    private readonly double _variance, _diameter2;

    public Amplification(GaussianMixtureModel model)
    {
        if (!model.Mixture.HasSharedIsotropicCovariance)
            throw new ArgumentException("The components must share one isotropic covariance.", nameof(model));
        _model = model;
        _variance = model.Mixture.MeanVariance;
        _diameter2 = model.Mixture.Means.Max(mean => model.Mixture.Means.Max(other => mean.Zip(other, (a, b) => (a - b) * (a - b)).Sum()));
    }

    /// <summary>The paper's L(t) = |f_λ| + ½g² a²D²/(4λ²), f_λ the velocity's factor of variance λ; for σ∞ = 1, β(|1 - 1/λ| + a²D²/(4λ²)).</summary>
    public double Rate(double t)
    {
        (double contraction, double stretch) = Parts(t);
        return contraction + stretch;
    }

    /// <summary>∫L dt of the paper's L between two times, in closed form.</summary>
    /// <param name="from">The smaller time.</param>
    /// <param name="to">The larger time.</param>
    public double Integral(double from, double to)
    {
        (double fromSpread, double fromEta) = At(from);
        (double toSpread, double toEta) = At(to);
        return 0.5 * Math.Abs(Math.Log(toSpread / fromSpread)) + _diameter2 / 8 * (fromEta - toEta);
    }

    /// <summary>
    /// The logarithm of the Lipschitz constant of Euler's step with the exact score. Its Jacobian is I + hM, with M symmetric and its eigenvalues in
    /// [-contraction, stretch - contraction].
    /// </summary>
    /// <param name="from">Where the step starts, the larger time.</param>
    /// <param name="to">Where it ends.</param>
    public double Step(double from, double to)
    {
        (double contraction, double stretch) = Parts(from);
        double h = from - to;
        return Math.Log(Math.Max(Math.Abs(1 + h * (stretch - contraction)), Math.Abs(1 - h * contraction)));
    }

    /// <summary>∫E‖∇v‖ dt between two times, the expected stability: not a bound.</summary>
    /// <param name="from">The smaller time.</param>
    /// <param name="to">The larger time.</param>
    public double Expected(double from, double to) => _model.Stability.ExpectedIntegral(from, to);

    // σ ≤ σ∞ in all mixtures of the study: the velocity's factor is not negative, and -∇v contracts by it.
    private (double Contraction, double Stretch) Parts(double t)
    {
        ProcessPoint point = _model.Process.At(t);
        double spread = point.Spread(_variance);
        return (Math.Abs(point.VelocityAxis.At(_variance)), -point.A * point.VelocityContrast * _diameter2 / (4 * spread * spread));
    }

    private (double Spread, double Eta) At(double t)
    {
        ProcessPoint point = _model.Process.At(t);
        double spread = point.Spread(_variance);
        return (spread, point.A * point.A / spread);
    }
}
