using System.Runtime.CompilerServices;

namespace FlowDsl.Analysis;

/// <summary>‖∇v(x, t)‖₂ at many points of one time: what depends on the time alone is computed once.</summary>
/// <remarks>
/// With u_k = C_k⁻¹(x - aμ_k), ∇v = Σ r_k A_k + (c/a) Cov_r(u), A_k the velocity's factor of component k and c its contrast: (5) of
/// <see cref="PointMath"/>, whose e_k and -u_k/a differ by the same vector for all k. The points are drawn from p_t, so that the
/// direct energies lose nothing that matters here.
/// </remarks>
internal sealed class JacobianNorm
{
    // MethodImplOptions.AggressiveOptimization, which netstandard2.0 has no name for: in a compiler that just started, the loops
    // would run unoptimised for their whole life.
    private const MethodImplOptions Optimized = (MethodImplOptions)512;

    // Components below e^-32 of the likeliest one change the norm by less than the rule's own error by ten orders of magnitude.
    private const double Negligible = -32;

    private const int MaxSteps = 12;

    private readonly int _d;
    private readonly Mixture _mixture;
    private readonly double _contrast;
    private readonly double[] _centres, _inverses, _factors, _norms, _logNormalizers;

    // Of the point at hand: u and r of the components that matter, and which these are.
    private readonly double[] _u, _weights, _logits, _y, _scratch, _diagonal, _basis, _tridiagonal;
    private readonly int[] _active;
    private int _activeCount;
    private bool _isAxisAligned;

    public JacobianNorm(Mixture mixture, in ProcessPoint point)
    {
        int d = mixture.Dimension, count = mixture.Count, steps = Math.Min(d, MaxSteps);
        (_mixture, _d) = (mixture, d);
        _contrast = point.A == 0 ? 0 : point.VelocityContrast / point.A;
        (_centres, _inverses, _factors, _u) = (new double[count * d], new double[count * d], new double[count * d], new double[count * d]);
        (_norms, _logNormalizers, _weights, _logits, _active) = (new double[count], new double[count], new double[count], new double[count], new int[count]);
        (_y, _scratch, _diagonal) = (new double[d], new double[d], new double[d]);
        (_basis, _tridiagonal) = (new double[(steps + 1) * d], new double[steps * steps]);
        AxisFunction axis = point.VelocityAxis;
        for (int k = 0; k < count; k++)
        {
            double[] mean = mixture.Means[k], variances = mixture.Covariances[k].Variances;
            double logDeterminant = 0;
            for (int j = 0; j < d; j++)
            {
                double spread = point.Spread(variances[j]), factor = axis.At(variances[j]);
                _centres[k * d + j] = point.A * mean[j];
                _inverses[k * d + j] = 1 / spread;
                _factors[k * d + j] = factor;
                _norms[k] = Math.Max(_norms[k], Math.Abs(factor));
                logDeterminant += j > 0 && variances[j] == variances[j - 1] ? 0 : PortableMath.Log(spread) * Repetitions(variances, j);
            }
            _logNormalizers[k] = mixture.LogWeights[k] - 0.5 * logDeterminant;
        }
    }

    /// <summary>The norm at a point.</summary>
    /// <param name="x">The point, d values.</param>
    public double At(double[] x)
    {
        if (_mixture.Count == 1) return _norms[0];
        Evaluate(x);
        if (_activeCount == 1) return _norms[_active[0]];
        Centre();
        if (!_isAxisAligned) return Lanczos();
        return _d switch
        {
            1 => Math.Abs(_diagonal[0] + _contrast * Moment(0, 0)),
            2 => PlanarNorm(_diagonal[0] + _contrast * Moment(0, 0), _diagonal[1] + _contrast * Moment(1, 1), _contrast * Moment(0, 1)),
            _ => Lanczos(),
        };
    }

    /// <summary>Finds the components that matter, their weights and their u, along the principal axes where there is a basis.</summary>
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
                double[] y = _y, p = _scratch;
                Array.Clear(p, 0, d);
                for (int j = 0; j < d; j++) y[j] = x[j] - _centres[k * d + j];
                for (int j = 0; j < d; j++)
                    for (int axis = 0, at = j * d; axis < d; axis++, at++) p[axis] += basis[at] * y[j];
                for (int axis = 0; axis < d; axis++)
                {
                    double u = p[axis] * _inverses[k * d + axis];
                    _u[k * d + axis] = u;
                    energy += p[axis] * u;
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

    /// <summary>Turns u into coordinates, centres it and adds up the diagonal factors.</summary>
    [MethodImpl(Optimized)]
    private void Centre()
    {
        int d = _d;
        double[] mean = _y;
        Array.Clear(mean, 0, d);
        Array.Clear(_diagonal, 0, d);
        _isAxisAligned = true;
        for (int i = 0; i < _activeCount; i++)
        {
            int k = _active[i];
            double r = _weights[k];
            if (_mixture.Covariances[k].Basis is { } basis)
            {
                _isAxisAligned = false;
                Rotate(basis, k * d);
            }
            else
            {
                for (int j = 0; j < d; j++) _diagonal[j] += r * _factors[k * d + j];
            }
            for (int j = 0; j < d; j++) mean[j] += r * _u[k * d + j];
        }
        for (int i = 0; i < _activeCount; i++)
            for (int at = _active[i] * d, j = 0; j < d; j++, at++) _u[at] -= mean[j];
    }

    private void Rotate(double[] basis, int offset)
    {
        int d = _d;
        Array.Copy(_u, offset, _scratch, 0, d);
        for (int j = 0; j < d; j++)
        {
            double sum = 0;
            for (int axis = 0; axis < d; axis++) sum += basis[j * d + axis] * _scratch[axis];
            _u[offset + j] = sum;
        }
    }

    private double Moment(int row, int column)
    {
        double sum = 0;
        for (int i = 0; i < _activeCount; i++)
        {
            int k = _active[i];
            sum += _weights[k] * _u[k * _d + row] * _u[k * _d + column];
        }
        return sum;
    }

    private static double PlanarNorm(double first, double second, double off)
    {
        double half = 0.5 * (first - second);
        return Math.Abs(0.5 * (first + second)) + Math.Sqrt(half * half + off * off);
    }

    /// <summary>Lanczos iteration, as the Jacobian is symmetric: exact for d up to its twelve steps.</summary>
    [MethodImpl(Optimized)]
    private double Lanczos()
    {
        int d = _d, steps = Math.Min(d, MaxSteps), used = steps;
        double[] basis = _basis, tridiagonal = _tridiagonal;
        Array.Clear(tridiagonal, 0, tridiagonal.Length);
        StartVector(basis.AsSpan(0, d));
        for (int i = 0; i < steps; i++)
        {
            Span<double> q = basis.AsSpan(i * d, d), next = basis.AsSpan((i + 1) * d, d);
            Product(q, next);
            double diagonal = tridiagonal[i * steps + i] = Dot(q, next);
            // Against all earlier vectors, not the last two: they are few, and lost orthogonality would repeat eigenvalues.
            for (int p = i; p >= 0; p--)
            {
                Span<double> earlier = basis.AsSpan(p * d, d);
                double along = Dot(next, earlier);
                for (int j = 0; j < next.Length; j++) next[j] -= along * earlier[j];
            }
            double norm = Math.Sqrt(Dot(next, next));
            if (i + 1 == steps) break;
            if (norm <= 1e-10 * (Math.Abs(diagonal) + 1e-300))
            {
                used = i + 1;
                break;
            }
            tridiagonal[i * steps + i + 1] = tridiagonal[(i + 1) * steps + i] = norm;
            for (int j = 0; j < d; j++) next[j] /= norm;
        }
        return SymmetricMatrix.TridiagonalNorm(tridiagonal, steps, used);
    }

    [MethodImpl(Optimized)]
    private void Product(ReadOnlySpan<double> direction, Span<double> product)
    {
        int d = direction.Length;
        for (int j = 0; j < d; j++) product[j] = _diagonal[j] * direction[j];
        for (int i = 0; i < _activeCount; i++)
        {
            int k = _active[i];
            double r = _weights[k];
            ReadOnlySpan<double> u = _u.AsSpan(k * d, d);
            double along = r * _contrast * Dot(u, direction);
            for (int j = 0; j < d; j++) product[j] += along * u[j];
            if (_mixture.Covariances[k].Basis is not { } basis) continue;
            for (int axis = 0; axis < d; axis++)
            {
                double projection = 0;
                for (int j = 0; j < d; j++) projection += basis[j * d + axis] * direction[j];
                projection *= r * _factors[k * d + axis];
                for (int j = 0; j < d; j++) product[j] += basis[j * d + axis] * projection;
            }
        }
    }

    private static void StartVector(Span<double> q)
    {
        // Any vector with a part along every eigenvector; irrational ratios make an accidental zero impossible to meet in practice.
        double norm = 0;
        for (int j = 0; j < q.Length; j++)
        {
            double angle = 0.5 + 0.6180339887498949 * (j + 1);
            q[j] = 1 + (angle - Math.Floor(angle));
            norm += q[j] * q[j];
        }
        norm = Math.Sqrt(norm);
        for (int j = 0; j < q.Length; j++) q[j] /= norm;
    }

    [MethodImpl(Optimized)]
    private static double Dot(ReadOnlySpan<double> left, ReadOnlySpan<double> right)
    {
        // Four sums: one alone would wait for each addition. Their order is fixed, so the bits are the same everywhere.
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

    private static int Repetitions(double[] values, int first)
    {
        int next = first + 1;
        while (next < values.Length && values[next] == values[first]) next++;
        return next - first;
    }
}
