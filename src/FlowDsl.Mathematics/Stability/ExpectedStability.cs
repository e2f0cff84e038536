using FlowDsl.Mathematics.Numerics;

namespace FlowDsl.Mathematics.Stability;

/// <summary>
/// E‖∇v(x, t)‖₂ and E[λ_max(-∇v(x, t))]⁺ over x ~ p_t by a deterministic rule: the same points for each component, weighted by w_k.
/// </summary>
internal sealed class ExpectedStability
{
    // The budget of the evaluations at one time, in coordinates of components: a few milliseconds of compile time.
    private const long Budget = 400_000;

    private readonly Mixture _mixture;
    private readonly double[][] _normals;
    private readonly (int Component, int Normal, double Weight)[] _points;
    private readonly CancellationToken _cancellationToken;

    public ExpectedStability(Mixture mixture, CancellationToken cancellationToken)
    {
        (_mixture, _cancellationToken) = (mixture, cancellationToken);
        int count = mixture.Count, d = mixture.Dimension;
        // At least 32 points per component and 512 in all keep the step times within 3 % of the converged ones.
        int perComponent = count == 1 ? 1 : Math.Max(32, 512 / count);
        long cost = mixture.Covariances.Sum(covariance => covariance.Basis is null ? d : (long)d * d);
        long affordable = Math.Max(32, Budget / cost);
        if ((long)perComponent * count <= affordable)
        {
            _normals = LowDiscrepancy.Normals(perComponent, d);
            _points = [.. Enumerable.Range(0, count).SelectMany(k => Enumerable.Range(0, perComponent).Select(i => (k, i, mixture.Weights[k] / perComponent)))];
            return;
        }
        // Too large for every component to have its own points: evenly spaced quantiles of the weights choose among them.
        int points = (int)affordable, component = 0;
        _normals = LowDiscrepancy.Normals(points, d);
        _points = new (int, int, double)[points];
        double cumulative = mixture.Weights[0];
        for (int i = 0; i < points; i++)
        {
            while (component < count - 1 && cumulative < (i + 0.5) / points) cumulative += mixture.Weights[++component];
            // The normals' first coordinate also increases with i: a stride decorrelates it from the components.
            _points[i] = (component, (int)((long)i * Stride(points) % points), 1.0 / points);
        }
    }

    public (double Norm, double Growth) At(in ProcessPoint point)
    {
        int d = _mixture.Dimension, component = -1;
        var jacobian = new JacobianNorm(_mixture, point);
        double[] x = new double[d], deviations = new double[d];
        double norms = 0, growths = 0;
        foreach ((int k, int i, double weight) in _points)
        {
            Covariance covariance = _mixture.Covariances[k];
            ImmutableArray<double> mean = _mixture.Means[k];
            double[] normal = _normals[i];
            if (k != component)
            {
                _cancellationToken.ThrowIfCancellationRequested();
                component = k;
                for (int j = 0; j < d; j++) deviations[j] = Math.Sqrt(point.Spread(covariance.Variances[j]));
            }
            for (int j = 0; j < d; j++) x[j] = point.A * mean[j];
            if (covariance.Basis is not { } basis)
            {
                for (int j = 0; j < d; j++) x[j] += deviations[j] * normal[j];
            }
            else
            {
                for (int j = 0; j < d; j++)
                    for (int l = 0; l < d; l++) x[j] += basis[j * d + l] * deviations[l] * normal[l];
            }
            (double norm, double growth) = jacobian.At(x);
            norms += weight * norm;
            growths += weight * growth;
        }
        return (norms, growths);
    }

    /// <summary>A number without a common factor with n, near its golden section.</summary>
    private static int Stride(int n)
    {
        int stride = (int)(0.618 * n);
        while (MaxDivisor(stride, n) != 1) stride++;
        return stride;

        static int MaxDivisor(int a, int b) => b == 0 ? a : MaxDivisor(b, a % b);
    }
}
