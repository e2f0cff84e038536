using System.Numerics;
using FlowDsl.Mathematics;
using FlowDsl.Runtime.Evaluations;
using FlowDsl.Runtime.Points;

namespace FlowDsl.Sampling;

/// <summary>The log-density of a prior at starts.</summary>
internal sealed class PriorLaw<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // Points whose coordinates and logits stay in the second-level cache.
    private const int Block = 1024;

    private readonly int _d;
    private readonly LogDensityTable<T> _density;

    /// <summary>Tabulates a prior.</summary>
    /// <param name="model">The model.</param>
    /// <param name="prior">Its prior.</param>
    public PriorLaw(GaussianMixtureModel model, Prior prior)
    {
        _d = model.Dimension;
        ProcessPoint point = model.Process.At(model.Process.Horizon);
        Mixture mixture = model.Mixture;
        if (prior == Prior.Gaussian) mixture = new([1], [new double[_d]], [Covariance.Isotropic(_d, mixture.MeanVariance)]);
        _density = new LogDensityTable<T>(mixture, point);
    }

    /// <summary>Writes log-densities.</summary>
    /// <param name="starts">n×d values.</param>
    /// <param name="logDensities">Receives n values; NaN where a start is not finite.</param>
    public void Evaluate(ReadOnlySpan<T> starts, Span<double> logDensities)
    {
        PointFunctions.CheckRows(starts.Length, _d);
        PointFunctions.Check(logDensities.Length, starts.Length / _d, nameof(logDensities));
        for (int first = 0; first < logDensities.Length; first += Block)
        {
            int n = Math.Min(Block, logDensities.Length - first);
            _density.Evaluate(starts.Slice(first * _d, n * _d), logDensities.Slice(first, n), []);
        }
        for (int at = 0; at < starts.Length; at++)
            if (!T.IsFinite(starts[at])) logDensities[at / _d] = double.NaN;
    }
}
