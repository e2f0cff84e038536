using System.Runtime.CompilerServices;
using FlowDsl.Mathematics.Fields;
using FlowDsl.Mathematics.Numerics;
using FlowDsl.Mathematics.Processes;

namespace FlowDsl.Mathematics.Stability;

/// <summary>‖∇v(x, t)‖₂ and the largest eigenvalue of -∇v at many points at one time: data that depend only on the time are computed once.</summary>
/// <remarks>
/// With u_k = C_k⁻¹(x - aμ_k), ∇v = Σ r_k A_k + (c/a) Cov_r(u), A_k the velocity's factor of component k and c its contrast: (5) of
/// <see cref="PointMath"/>, whose e_k and -u_k/a differ by the same vector for all k. The points are drawn from p_t, so computing the energies
/// directly loses nothing that matters here.
/// </remarks>
internal sealed class JacobianNorm
{
    // MethodImplOptions.AggressiveOptimization, which netstandard2.0 does not define: in a compiler that has just started, the loops would never be
    // optimised.
    private const MethodImplOptions Optimized = (MethodImplOptions)512;

    // Components below e^-32 of the likeliest change the norm by ten orders of magnitude less than the rule's own error.
    private const double Negligible = -32;

    private const int MaxSteps = 12;

    // The expectation needs 3 % and the norms enter it as a sum: stop when two more steps change a norm by less.
    private const double Converged = 1e-3;

    private readonly int _d;
    private readonly Mixture _mixture;
    private readonly double _contrast;
    private readonly double[] _centres, _inverses, _factors, _norms, _growths, _logNormalizers;

    // For the current point: u and r of the components that matter, and their indices.
    private readonly double[] _u, _weights, _logits, _y, _diagonal, _basis, _tridiagonal;
    private readonly int[] _active;
    private int _activeCount;
    private bool _isAxisAligned;

    // Σ r_k A_k over the components with a basis, and the A_k met so far: one per covariance, however many components share it.
    private readonly double[] _sum;
    private readonly Dictionary<Covariance, double[]> _factorMatrices = [];

    public JacobianNorm(Mixture mixture, in ProcessPoint point)
    {
        int d = mixture.Dimension, count = mixture.Count, steps = Math.Min(d, MaxSteps);
        (_mixture, _d) = (mixture, d);
        _contrast = point.A == 0 ? 0 : point.VelocityContrast / point.A;
        (_centres, _inverses, _factors, _u) = (new double[count * d], new double[count * d], new double[count * d], new double[count * d]);
        (_norms, _growths, _logNormalizers, _weights, _logits, _active) =
            (new double[count], new double[count], new double[count], new double[count], new double[count], new int[count]);
        (_y, _diagonal, _sum) = (new double[d], new double[d], new double[mixture.Covariances.Any(covariance => covariance.Basis is not null) ? d * d : 0]);
        (_basis, _tridiagonal) = (new double[(steps + 1) * d], new double[steps * steps]);
        AxisFunction axis = point.VelocityAxis;
        for (int k = 0; k < count; k++)
        {
            ImmutableArray<double> mean = mixture.Means[k], variances = mixture.Covariances[k].Variances;
            double logDeterminant = 0;
            for (int j = 0; j < d; j++)
            {
                double spread = point.Spread(variances[j]), factor = axis.At(variances[j]);
                _centres[k * d + j] = point.A * mean[j];
                _inverses[k * d + j] = 1 / spread;
                _factors[k * d + j] = factor;
                _norms[k] = Math.Max(_norms[k], Math.Abs(factor));
                _growths[k] = Math.Max(_growths[k], -factor);
                logDeterminant += j > 0 && variances[j] == variances[j - 1] ? 0 : PortableMath.Log(spread) * Repetitions(variances, j);
            }
            _logNormalizers[k] = mixture.LogWeights[k] - 0.5 * logDeterminant;
        }
    }

    /// <summary>The norm at a point, and the rate at which the reverse flow stretches there: the positive part of the largest eigenvalue of -∇v.</summary>
    /// <param name="x">The point, d values.</param>
    public (double Norm, double Growth) At(double[] x)
    {
        if (_mixture.Count == 1) return (_norms[0], _growths[0]);
        Evaluate(x);
        if (_activeCount == 1) return (_norms[_active[0]], _growths[_active[0]]);
        Centre();
        if (_d > 2) return Lanczos();
        return _d == 1 ? Planar(Entry(0, 0), Entry(0, 0), 0) : Planar(Entry(0, 0), Entry(1, 1), Entry(0, 1));
    }

    /// <summary>Finds the components that matter, their weights and their u, along the principal axes if there is a basis.</summary>
    [MethodImpl(Optimized)]
    private void Evaluate(double[] x)
    {
        int d = _d, count = _logits.Length;
        double greatest = double.NegativeInfinity;
        for (int k = 0; k < count; k++)
        {
            double energy = 0;
            if (_mixture.Covariances[k].Basis is not { } basis)
            {
                for (int at = k * d, j = 0; j < d; j++, at++)
                {
                    double y = x[j] - _centres[at], u = y * _inverses[at];
                    _u[at] = u;
                    energy += y * u;
                }
            }
            else
            {
                Span<double> p = _u.AsSpan(k * d, d);
                p.Clear();
                for (int j = 0; j < d; j++) AddScaled(p, x[j] - _centres[k * d + j], basis.AsSpan(j * d, d));
                for (int axis = 0; axis < p.Length; axis++)
                {
                    double u = p[axis] * _inverses[k * d + axis];
                    energy += p[axis] * u;
                    p[axis] = u;
                }
            }
            _logits[k] = _logNormalizers[k] - 0.5 * energy;
            greatest = Math.Max(greatest, _logits[k]);
        }

        double total = 0;
        _activeCount = 0;
        for (int k = 0; k < count; k++)
        {
            double logit = _logits[k] - greatest;
            if (!(logit > Negligible)) continue;
            total += _weights[k] = PortableMath.Exp(logit);
            _active[_activeCount++] = k;
        }
        for (int i = 0; i < _activeCount; i++) _weights[_active[i]] /= total;
    }

    /// <summary>Turns u into coordinates, centres it and adds up the factors.</summary>
    [MethodImpl(Optimized)]
    private void Centre()
    {
        int d = _d;
        double[] mean = _y;
        Array.Clear(mean, 0, d);
        Array.Clear(_diagonal, 0, d);
        Array.Clear(_sum, 0, _sum.Length);
        _isAxisAligned = true;
        for (int i = 0; i < _activeCount; i++)
        {
            int k = _active[i];
            double r = _weights[k];
            Span<double> u = _u.AsSpan(k * d, d);
            if (_mixture.Covariances[k].Basis is { } basis)
            {
                _isAxisAligned = false;
                // The start vector of the Lanczos iteration is not in use yet.
                Span<double> rotated = _basis.AsSpan(0, d);
                for (int j = 0; j < d; j++) rotated[j] = Dot(basis.AsSpan(j * d, d), u);
                rotated.CopyTo(u);
                AddScaled(_sum, r, FactorMatrix(k));
            }
            else
            {
                AddScaled(_diagonal, r, _factors.AsSpan(k * d, d));
            }
            AddScaled(mean, r, u);
        }
        for (int i = 0; i < _activeCount; i++) AddScaled(_u.AsSpan(_active[i] * d, d), -1, mean);
    }

    private double[] FactorMatrix(int k)
    {
        Covariance covariance = _mixture.Covariances[k];
        if (!_factorMatrices.TryGetValue(covariance, out double[]? matrix))
            _factorMatrices.Add(covariance, matrix = covariance.WithEigenvalues(_factors.AsSpan(k * _d, _d)));
        return matrix;
    }

    /// <summary>An entry of the Jacobian.</summary>
    private double Entry(int row, int column)
    {
        double sum = 0;
        for (int i = 0; i < _activeCount; i++)
        {
            int k = _active[i];
            sum += _weights[k] * _u[k * _d + row] * _u[k * _d + column];
        }
        return _contrast * sum + (row == column ? _diagonal[row] : 0) + (_isAxisAligned ? 0 : _sum[row * _d + column]);
    }

    private static (double Norm, double Growth) Planar(double first, double second, double off)
    {
        double half = 0.5 * (first - second), middle = 0.5 * (first + second), radius = Math.Sqrt(half * half + off * off);
        return (Math.Abs(middle) + radius, Math.Max(0, radius - middle));
    }

    /// <summary>Lanczos iteration, because the Jacobian is symmetric: exact for d ≤ 12, the number of steps.</summary>
    [MethodImpl(Optimized)]
    private (double Norm, double Growth) Lanczos()
    {
        int d = _d, steps = Math.Min(d, MaxSteps);
        double[] basis = _basis, tridiagonal = _tridiagonal;
        Array.Clear(tridiagonal, 0, tridiagonal.Length);
        StartVector(basis.AsSpan(0, d));
        double estimate = 0;
        int size = 0;
        for (int i = 0; i < steps; i++)
        {
            Span<double> q = basis.AsSpan(i * d, d), next = basis.AsSpan((i + 1) * d, d);
            Product(q, next);
            double diagonal = tridiagonal[i * steps + i] = Dot(q, next);
            // Orthogonalise against all earlier vectors, not just the last two: they are few, and lost orthogonality would repeat eigenvalues.
            for (int p = i; p >= 0; p--)
            {
                Span<double> earlier = basis.AsSpan(p * d, d);
                AddScaled(next, -Dot(next, earlier), earlier);
            }
            double norm = Math.Sqrt(Dot(next, next));
            size = i + 1;
            bool isLast = i + 1 == steps || norm <= 1e-10 * (Math.Abs(diagonal) + 1e-300);
            if (isLast || i % 2 == 1)
            {
                double before = estimate;
                estimate = SymmetricMatrix.TridiagonalNorm(tridiagonal, steps, i + 1);
                if (isLast || Math.Abs(estimate - before) <= Converged * estimate) break;
            }
            tridiagonal[i * steps + i + 1] = tridiagonal[(i + 1) * steps + i] = norm;
            Scale(next, 1 / norm);
        }
        return (estimate, Math.Max(0, -SymmetricMatrix.TridiagonalLeast(tridiagonal, steps, size, estimate)));
    }

    [MethodImpl(Optimized)]
    private void Product(ReadOnlySpan<double> direction, Span<double> product)
    {
        int d = direction.Length;
        for (int j = 0; j < d; j++) product[j] = _diagonal[j] * direction[j];
        if (!_isAxisAligned)
        {
            for (int j = 0; j < d; j++) product[j] += Dot(_sum.AsSpan(j * d, d), direction);
        }
        for (int i = 0; i < _activeCount; i++)
        {
            int k = _active[i];
            ReadOnlySpan<double> u = _u.AsSpan(k * d, d);
            AddScaled(product, _weights[k] * _contrast * Dot(u, direction), u);
        }
    }

    private static void StartVector(Span<double> q)
    {
        // Any vector with a part along every eigenvector; irrational ratios make an accidental zero practically impossible.
        double norm = 0;
        for (int j = 0; j < q.Length; j++)
        {
            double angle = 0.5 + 0.6180339887498949 * (j + 1);
            q[j] = 1 + (angle - Math.Floor(angle));
            norm += q[j] * q[j];
        }
        Scale(q, 1 / Math.Sqrt(norm));
    }

    private static void Scale(Span<double> values, double factor)
    {
        for (int j = 0; j < values.Length; j++) values[j] *= factor;
    }

    [MethodImpl(Optimized)]
    private static void AddScaled(Span<double> sum, double factor, ReadOnlySpan<double> values)
    {
        for (int j = 0; j < sum.Length && j < values.Length; j++) sum[j] += factor * values[j];
    }

    [MethodImpl(Optimized)]
    private static double Dot(ReadOnlySpan<double> left, ReadOnlySpan<double> right)
    {
        // Four sums hide the latency of additions. Their order is fixed, so the bits are the same everywhere.
        double s0 = 0, s1 = 0, s2 = 0, s3 = 0;
        int j = 0;
        for (; j + 4 <= left.Length && j + 4 <= right.Length; j += 4)
        {
            s0 += left[j] * right[j];
            s1 += left[j + 1] * right[j + 1];
            s2 += left[j + 2] * right[j + 2];
            s3 += left[j + 3] * right[j + 3];
        }
        for (; j < left.Length; j++) s0 += left[j] * right[j];
        return (s0 + s1) + (s2 + s3);
    }

    private static int Repetitions(ImmutableArray<double> values, int first)
    {
        int next = first + 1;
        while (next < values.Length && values[next] == values[first]) next++;
        return next - first;
    }
}
