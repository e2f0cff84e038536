using FlowDsl.Mathematics;

namespace FlowDsl.Hosting.Reports.Gathering;

/// <summary>The exact marginal of a mixture along the axes of a view: a mixture of the projected Gaussians, at every time of the process.</summary>
internal sealed class ViewedMixture
{
    private readonly Component[] _components;

    /// <summary>Projects a mixture.</summary>
    public ViewedMixture(Mixture mixture, PictureView view)
    {
        View = view;
        _components = [.. Enumerable.Range(0, mixture.Count).Select(k => Project(mixture, view, k))];
    }

    /// <summary>The axes.</summary>
    public PictureView View { get; }

    /// <summary>Whether it is of one dimension.</summary>
    public bool IsLine => View.Axes.Length == 1;

    /// <summary>The mean along each axis.</summary>
    public ImmutableArray<double> Centre => IsLine
        ? [_components.Sum(own => own.Weight * own.X)]
        : [_components.Sum(own => own.Weight * own.X), _components.Sum(own => own.Weight * own.Y)];

    /// <summary>The mean variance of the marginal along the axes: that of the components and of their means.</summary>
    public double Variance
    {
        get
        {
            double x = Centre[0], y = IsLine ? 0 : Centre[1];
            return _components.Sum(own => own.Weight * ((own.X - x) * (own.X - x) + (own.Y - y) * (own.Y - y) + own.Xx + own.Yy)) / View.Axes.Length;
        }
    }

    /// <summary>The logarithm of the marginal density at a time. Where a component has no width, -∞.</summary>
    /// <param name="point">The process at the time.</param>
    /// <param name="x">The first coordinate.</param>
    /// <param name="y">The second; 0 on a line.</param>
    public double LogDensity(in ProcessPoint point, double x, double y)
    {
        double greatest = double.NegativeInfinity, sum = 0;
        foreach (Component own in _components)
        {
            double value = own.LogTerm(point, x, y, IsLine);
            if (double.IsNaN(value)) continue;
            if (value > greatest) (sum, greatest) = (sum * Math.Exp(greatest - value) + 1, value);
            else if (value > double.NegativeInfinity) sum += Math.Exp(value - greatest);
        }
        return sum > 0 ? greatest + Math.Log(sum) : double.NegativeInfinity;
    }

    /// <summary>The normal laws of one coordinate at a time, component by component.</summary>
    /// <param name="point">The process at the time.</param>
    /// <param name="axis">0 or 1.</param>
    public (double Weight, double Mean, double Deviation)[] Along(in ProcessPoint point, int axis)
    {
        var laws = new (double, double, double)[_components.Length];
        for (int k = 0; k < laws.Length; k++)
        {
            Component own = _components[k];
            laws[k] = (own.Weight, point.A * (axis == 0 ? own.X : own.Y), Math.Sqrt(point.Spread(axis == 0 ? own.Xx : own.Yy)));
        }
        return laws;
    }

    private static Component Project(Mixture mixture, PictureView view, int k)
    {
        ReadOnlySpan<double> first = view.Axes[0].AsSpan();
        ReadOnlySpan<double> second = view.Axes.Length > 1 ? view.Axes[1].AsSpan() : default;
        Covariance covariance = mixture.Covariances[k];
        double x = PictureView.Dot(mixture.Means[k].AsSpan(), first), y = second.IsEmpty ? 0 : PictureView.Dot(mixture.Means[k].AsSpan(), second);
        double xx = 0, xy = 0, yy = 0;
        // Σ = Σ_j λ_j q_j q_jᵀ: along a direction u it is Σ_j λ_j (q_j·u)².
        int d = mixture.Dimension;
        for (int j = 0; j < d; j++)
        {
            double along = Component(covariance, first, j, d), across = second.IsEmpty ? 0 : Component(covariance, second, j, d);
            xx += covariance.Variances[j] * along * along;
            xy += covariance.Variances[j] * along * across;
            yy += covariance.Variances[j] * across * across;
        }
        return new(mixture.Weights[k], mixture.LogWeights[k], x, y, xx, xy, yy);

        static double Component(Covariance covariance, ReadOnlySpan<double> direction, int j, int d)
        {
            if (covariance.Basis is not { } basis) return direction[j];
            double sum = 0;
            for (int i = 0; i < d; i++) sum += basis[i * d + j] * direction[i];
            return sum;
        }
    }

    private readonly record struct Component(double Weight, double LogWeight, double X, double Y, double Xx, double Xy, double Yy)
    {
        private const double Log2Pi = 1.8378770664093454836;

        /// <summary>log w N(x; aμ, a²Σ + s²I).</summary>
        public double LogTerm(in ProcessPoint point, double x, double y, bool isLine)
        {
            double a2 = point.A * point.A, dx = x - point.A * X, dy = y - point.A * Y, xx = a2 * Xx + point.S2;
            if (isLine) return LogWeight - 0.5 * (dx * dx / xx + Math.Log(xx) + Log2Pi);
            double yy = a2 * Yy + point.S2, xy = a2 * Xy, determinant = xx * yy - xy * xy;
            double form = (yy * dx * dx - 2 * xy * dx * dy + xx * dy * dy) / determinant;
            return LogWeight - 0.5 * (form + Math.Log(determinant)) - Log2Pi;
        }
    }
}
