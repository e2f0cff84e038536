using System.Numerics;
using FlowDsl.Mathematics;
using FlowDsl.Runtime.Arithmetic;

namespace FlowDsl.Metrics;

/// <summary>The log density of a mixture at many points, a vector of points at a time.</summary>
/// <remarks>
/// The direct sum over components: log p(x) = log Σ_k exp(log w_k - ½ log det 2πC_k - ½ |L_k (x - aμ_k)|²), L_k = diag(C_k's variances)^-½ Qᵀ. Far out the
/// energies are large, and so is log p: its relative error stays that of rounding.
/// </remarks>
internal sealed class LogDensityTable
{
    private const double LogTwoPi = 1.8378770664093454836, LogTwoOfE = 1.4426950408889634074;

    private readonly int _d, _count;
    private readonly double[] _logits;
    private readonly double[][] _means, _scales;
    private readonly double[]?[] _axes;

    /// <summary>Makes the table.</summary>
    /// <param name="mixture">The mixture.</param>
    /// <param name="point">The process at t.</param>
    /// <param name="extraVariance">What is added to the variance of every direction: the density of x_t plus more noise.</param>
    public LogDensityTable(Mixture mixture, ProcessPoint point, double extraVariance)
    {
        (_d, _count) = (mixture.Dimension, mixture.Count);
        _means = [.. mixture.Means.Select(mean => mean.Select(value => point.A * value).ToArray())];
        double[][] variances = [.. mixture.Covariances.Select(c => c.Variances.Select(variance => point.Spread(variance) + extraVariance).ToArray())];
        _scales = [.. variances.Select(own => own.Select(variance => 1 / Math.Sqrt(variance)).ToArray())];
        // An isotropic covariance needs no axes, whatever it was declared with.
        _axes = [.. mixture.Covariances.Select((c, k) => c.IsIsotropic || c.Basis is not { } basis ? null : Rows(basis.AsSpan(), _scales[k]))];
        _logits = [.. mixture.LogWeights.Select((weight, k) => weight - 0.5 * (variances[k].Sum(Math.Log) + _d * LogTwoPi))];
    }

    /// <summary>log p(x) and the component with the largest term.</summary>
    /// <param name="rows">n×d finite values.</param>
    /// <param name="logs">Receives n values, or is empty.</param>
    /// <param name="owners">Receives n values, or is empty.</param>
    public void Evaluate(ReadOnlySpan<double> rows, Span<double> logs, Span<int> owners)
    {
        int n = rows.Length / _d, stride = SampleRows.Stride(n), width = Vector<double>.Count;
        double[] columns = SampleRows.Transpose(rows, _d);
        Vector<double>[] x = new Vector<double>[_d], difference = new Vector<double>[_d], logits = new Vector<double>[_count];
        for (int i = 0; i < stride; i += width)
        {
            for (int j = 0; j < _d; j++) x[j] = new Vector<double>(columns, j * stride + i);
            Vector<double> greatest = new(double.NegativeInfinity), owner = Vector<double>.Zero;
            for (int k = 0; k < _count; k++)
            {
                Vector<double> logit = logits[k] = new Vector<double>(_logits[k]) - new Vector<double>(0.5) * Energy(k, x, difference);
                owner = Vector.ConditionalSelect(Vector.GreaterThan(logit, greatest), new Vector<double>(k), owner);
                greatest = Vector.Max(greatest, logit);
            }
            int lanes = Math.Min(width, n - i);
            if (owners.Length > 0)
                for (int lane = 0; lane < lanes; lane++) owners[i + lane] = (int)owner[lane];
            if (logs.Length == 0) continue;
            Vector<double> sum = Vector<double>.Zero;
            for (int k = 0; k < _count; k++) sum += SimdMath.Exp2((logits[k] - greatest) * LogTwoOfE);
            Vector<double> log = greatest + Vector.Log(sum);
            for (int lane = 0; lane < lanes; lane++) logs[i + lane] = log[lane];
        }
    }

    private Vector<double> Energy(int k, Vector<double>[] x, Vector<double>[] difference)
    {
        double[] mean = _means[k], scales = _scales[k];
        Vector<double> energy = Vector<double>.Zero;
        if (_axes[k] is not { } axes)
        {
            for (int j = 0; j < x.Length; j++)
            {
                Vector<double> y = (x[j] - new Vector<double>(mean[j])) * scales[j];
                energy += y * y;
            }
            return energy;
        }
        for (int j = 0; j < x.Length; j++) difference[j] = x[j] - new Vector<double>(mean[j]);
        for (int axis = 0; axis < x.Length; axis++)
        {
            Vector<double> y = Vector<double>.Zero;
            for (int j = 0; j < x.Length; j++) y += difference[j] * axes[axis * _d + j];
            energy += y * y;
        }
        return energy;
    }

    // Row i is the principal axis i over its standard deviation.
    private static double[] Rows(ReadOnlySpan<double> basis, double[] scales)
    {
        int d = scales.Length;
        double[] rows = new double[d * d];
        for (int axis = 0; axis < d; axis++)
            for (int j = 0; j < d; j++) rows[axis * d + j] = scales[axis] * basis[j * d + axis];
        return rows;
    }
}
