using System.Numerics;
using FlowDsl.Analysis;

namespace FlowDsl;

/// <summary>Draws x_T: for each sample a component by its uniform, then that component's Gaussian by its normals.</summary>
internal sealed class PriorDraws
{
    private readonly int _d;
    private readonly double[] _cumulative;
    private readonly double[][] _means, _deviations;
    private readonly double[]?[] _bases;

    public PriorDraws(GaussianMixtureModel model, Prior prior)
    {
        Mixture mixture = model.Mixture;
        ProcessPoint point = model.Process.At(model.Process.Horizon);
        _d = mixture.Dimension;
        if (prior == Prior.Gaussian)
        {
            double deviation = Math.Sqrt(point.Spread(mixture.MeanVariance));
            (_cumulative, _means, _bases) = ([1], [new double[_d]], [null]);
            _deviations = [Enumerable.Repeat(deviation, _d).ToArray()];
            return;
        }
        _cumulative = new double[mixture.Count];
        double sum = 0;
        for (int k = 0; k < mixture.Count; k++) _cumulative[k] = sum += mixture.Weights[k];
        _means = mixture.Means.Select(mean => mean.Select(value => point.A * value).ToArray()).ToArray();
        _deviations = mixture.Covariances.Select(c => c.Variances.Select(variance => Math.Sqrt(point.Spread(variance))).ToArray()).ToArray();
        _bases = mixture.Covariances.Select(c => c.Basis).ToArray();
    }

    /// <summary>Fills rows with the samples from an index on.</summary>
    public void Fill<T>(ulong seed, long firstIndex, Span<T> rows)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Span<double> normals = _d <= 256 ? stackalloc double[_d] : new double[_d];
        for (int row = 0, i = 0; row < rows.Length; row += _d, i++)
        {
            NormalSource.Fill(seed, firstIndex + i, normals);
            int k = Component(seed, firstIndex + i);
            double[] mean = _means[k], deviations = _deviations[k];
            if (_bases[k] is not { } basis)
            {
                for (int j = 0; j < _d; j++) rows[row + j] = T.CreateTruncating(mean[j] + deviations[j] * normals[j]);
                continue;
            }
            for (int axis = 0; axis < _d; axis++) normals[axis] *= deviations[axis];
            for (int j = 0; j < _d; j++)
            {
                double sum = mean[j];
                for (int axis = 0; axis < _d; axis++) sum += basis[j * _d + axis] * normals[axis];
                rows[row + j] = T.CreateTruncating(sum);
            }
        }
    }

    private int Component(ulong seed, long index)
    {
        if (_cumulative.Length == 1) return 0;
        // The weights' sum may miss 1 by rounding: what is left belongs to the last component.
        double uniform = NormalSource.Uniform(seed, index) * _cumulative[^1];
        int found = Array.BinarySearch(_cumulative, uniform);
        return Math.Min(found >= 0 ? found + 1 : ~found, _cumulative.Length - 1);
    }
}
