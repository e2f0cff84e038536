using FlowDsl.Runtime.Arithmetic;

namespace FlowDsl.Errors.Certification;

/// <summary>A cheap upper bound on the largest eigenvalue of Σ r_k x_k x_kᵀ.</summary>
/// <remarks>
/// λ_max ≤ (tr A^{2m})^{1/2m} for a positive semidefinite A, which is too large by a factor of at most rank^{1/2m}; powers by squaring.
/// A is the d×d matrix or the Gram matrix of the vectors √r_k x_k, whichever is smaller: they have the same eigenvalues.
/// </remarks>
internal sealed class SpectralBound
{
    // Vectors below this share of the sum of squares are counted by their squares, which hardly loosens the bound.
    private const double Negligible = 1e-4;

    private readonly int _d, _count;
    private readonly double[] _scaled;
    private double[] _matrix, _square;

    public SpectralBound(int dimension, int count)
    {
        (_d, _count, _scaled) = (dimension, count, new double[count * dimension]);
        int size = Math.Min(dimension, count);
        (_matrix, _square) = (new double[size * size], new double[size * size]);
    }

    /// <summary>The bound.</summary>
    /// <param name="weights">r_k ≥ 0.</param>
    /// <param name="vectors">x_k, d values each.</param>
    /// <param name="norms">|x_k|.</param>
    public double Of(ReadOnlySpan<double> weights, ReadOnlySpan<double> vectors, ReadOnlySpan<double> norms)
    {
        double trace = 0, rest = 0;
        for (int k = 0; k < _count; k++) trace += weights[k] * norms[k] * norms[k];
        if (_d == 1 || !(trace > 0)) return RoundOff.Slack * trace;

        int active = 0;
        for (int k = 0; k < _count; k++)
        {
            double part = weights[k] * norms[k] * norms[k];
            if (part < Negligible * trace)
            {
                rest += part;
                continue;
            }
            double root = Math.Sqrt(weights[k] / trace);
            for (int j = 0; j < _d; j++) _scaled[active * _d + j] = root * vectors[k * _d + j];
            active++;
        }
        if (active == 1) return RoundOff.Slack * trace;

        int size = Math.Min(active, _d), squarings = size <= 4 ? 4 : 2;
        Fill(active, size);
        for (int i = 0; i < squarings; i++)
        {
            Square(size);
            (_matrix, _square) = (_square, _matrix);
        }
        double bound = Math.Sqrt(Vectors.Norm(_matrix.AsSpan(0, size * size)));
        for (int i = 1; i < squarings; i++) bound = Math.Sqrt(bound);
        return RoundOff.Slack * Math.Min(trace, bound * trace + rest);
    }

    private void Fill(int active, int size)
    {
        if (size == active)
        {
            for (int i = 0; i < size; i++)
                for (int j = 0; j <= i; j++)
                    _matrix[i * size + j] = _matrix[j * size + i] = Vectors.Dot(_scaled.AsSpan(i * _d, _d), _scaled.AsSpan(j * _d, _d));
            return;
        }
        for (int i = 0; i < size; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double sum = 0;
                for (int k = 0; k < active; k++) sum += _scaled[k * _d + i] * _scaled[k * _d + j];
                _matrix[i * size + j] = _matrix[j * size + i] = sum;
            }
        }
    }

    private void Square(int size)
    {
        for (int i = 0; i < size; i++)
            for (int j = 0; j <= i; j++)
                // Symmetric: a row times a column is a row times a row.
                _square[i * size + j] = _square[j * size + i] = Vectors.Dot(_matrix.AsSpan(i * size, size), _matrix.AsSpan(j * size, size));
    }
}
