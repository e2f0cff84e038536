using System.Numerics;
using FlowDsl.Mathematics;
using FlowDsl.Runtime.Arithmetic;

namespace FlowDsl.Runtime.Evaluations;

/// <summary>The log density of a mixture at many points, a vector of points at a time.</summary>
/// <remarks>
/// The direct sum over components: log p(x) = log Σ_k exp(log w_k - ½ log det 2πC_k - ½ |L_k (x - aμ_k)|²), L_k = diag(C_k's variances)^-½ Qᵀ. Far out the
/// energies are large, and so is log p: its relative error stays that of rounding.
/// </remarks>
/// <typeparam name="T">float or double.</typeparam>
internal sealed class LogDensityTable<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const double LogTwoPi = 1.8378770664093454836, LogTwoOfE = 1.4426950408889634074;

    private readonly int _d, _count;
    // Constants common to all components stay out of the sums, so that single precision keeps its digits for what differs.
    private readonly double _common;
    private readonly T[] _logits;
    private readonly T[][] _means, _scales;
    private readonly T[]?[] _axes;

    /// <summary>Makes the table.</summary>
    /// <param name="mixture">The mixture.</param>
    /// <param name="point">The process at t.</param>
    /// <param name="extraVariance">What is added to the variance of every direction: the density of x_t plus more noise.</param>
    public LogDensityTable(Mixture mixture, ProcessPoint point, double extraVariance = 0)
    {
        (_d, _count) = (mixture.Dimension, mixture.Count);
        _means = [.. mixture.Means.Select(mean => mean.Select(value => T.CreateTruncating(point.A * value)).ToArray())];
        double[][] variances = [.. mixture.Covariances.Select(c => c.Variances.Select(variance => point.Spread(variance) + extraVariance).ToArray())];
        double[][] scales = [.. variances.Select(own => own.Select(variance => 1 / Math.Sqrt(variance)).ToArray())];
        _scales = [.. scales.Select(Narrow)];
        // An isotropic covariance needs no axes, whatever it was declared with.
        _axes = [.. mixture.Covariances.Select((c, k) => c.IsIsotropic || c.Basis is not { } basis ? null : Narrow(Rows(basis.AsSpan(), scales[k])))];
        double[] logits = [.. mixture.LogWeights.Select((weight, k) => weight - 0.5 * (variances[k].Sum(Math.Log) + _d * LogTwoPi))];
        _common = logits.Max();
        _logits = [.. logits.Select(logit => T.CreateTruncating(logit - _common))];
    }

    /// <summary>log p(x) and the component with the largest term.</summary>
    /// <param name="points">n×d finite values.</param>
    /// <param name="logs">Receives n values, or is empty.</param>
    /// <param name="owners">Receives n values, or is empty.</param>
    public void Evaluate(ReadOnlySpan<T> points, Span<double> logs, Span<int> owners)
    {
        int n = points.Length / _d, width = Vector<T>.Count, stride = (n + width - 1) / width * width;
        using var memory = new PooledRows<T>(_d * stride);
        Span<T> rows = memory.Span;
        Transposition.ToRows(points, _d, rows, stride, n, stride);
        Vector<T>[] x = new Vector<T>[_d], difference = new Vector<T>[_d], logits = new Vector<T>[_count];
        Vector<T> bits = new(T.CreateTruncating(LogTwoOfE)), half = new(T.CreateTruncating(0.5));
        for (int i = 0; i < stride; i += width)
        {
            for (int j = 0; j < x.Length; j++) x[j] = new Vector<T>(rows[(j * stride + i)..]);
            Vector<T> greatest = new(T.NegativeInfinity);
            for (int k = 0; k < logits.Length; k++)
                greatest = Vector.Max(greatest, logits[k] = new Vector<T>(_logits[k]) - half * Energy(k, x, difference));
            int lanes = Math.Min(width, n - i);
            // The first of equal ones.
            for (int lane = 0; lane < lanes && owners.Length > 0; lane++) owners[i + lane] = Array.FindIndex(logits, logit => logit[lane] == greatest[lane]);
            if (logs.Length == 0) continue;
            Vector<T> sum = Vector<T>.Zero;
            foreach (Vector<T> logit in logits) sum += SimdMath.Exp2((logit - greatest) * bits);
            Vector<T> log = greatest + Log(sum);
            for (int lane = 0; lane < lanes; lane++) logs[i + lane] = _common + double.CreateTruncating(log[lane]);
        }
    }

    private Vector<T> Energy(int k, Vector<T>[] x, Vector<T>[] difference)
    {
        T[] mean = _means[k], scales = _scales[k];
        Vector<T> energy = Vector<T>.Zero;
        if (_axes[k] is not { } axes)
        {
            for (int j = 0; j < x.Length; j++)
            {
                Vector<T> y = (x[j] - new Vector<T>(mean[j])) * scales[j];
                energy += y * y;
            }
            return energy;
        }
        for (int j = 0; j < x.Length; j++) difference[j] = x[j] - new Vector<T>(mean[j]);
        for (int axis = 0; axis < x.Length; axis++)
        {
            Vector<T> y = Vector<T>.Zero;
            for (int j = 0; j < x.Length; j++) y += difference[j] * axes[axis * _d + j];
            energy += y * y;
        }
        return energy;
    }

    private static Vector<T> Log(Vector<T> x)
        => typeof(T) == typeof(float) ? Vector.Log(x.As<T, float>()).As<float, T>() : Vector.Log(x.As<T, double>()).As<double, T>();

    private static T[] Narrow(double[] values) => Array.ConvertAll(values, T.CreateTruncating);

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
