namespace FlowDsl.Metrics;

/// <summary>The joint moments of log q - log p and of p/q over samples that come in parts; enough for the divergence of the two laws.</summary>
internal struct RatioMoments
{
    // With weights that scatter more, p/q is too wild to be of use as a control.
    private const double LeastEffectiveShare = 0.1;

    private long _count;
    // The means, and the sums of squares and products about them.
    private double _log, _ratio, _logs, _products, _ratios;

    /// <summary>n.</summary>
    public readonly long Count => _count;

    /// <summary>(Σw)²/(nΣw²), w = p/q: the share of Kish's effective samples.</summary>
    public readonly double EffectiveShare => 1 / (1 + _ratios / _count / (_ratio * _ratio));

    /// <summary>Adds samples.</summary>
    /// <param name="logRatios">log p - log q of each.</param>
    public void Add(ReadOnlySpan<double> logRatios)
    {
        if (logRatios.IsEmpty) return;
        double log = 0, ratio = 0, logs = 0, products = 0, ratios = 0;
        foreach (double value in logRatios) (log, ratio) = (log - value, ratio + Math.Exp(value));
        (log, ratio) = (log / logRatios.Length, ratio / logRatios.Length);
        foreach (double value in logRatios)
        {
            double x = -value - log, y = Math.Exp(value) - ratio;
            (logs, products, ratios) = (logs + x * x, products + x * y, ratios + y * y);
        }
        // About the mean of both parts.
        long total = _count + logRatios.Length;
        double share = (double)logRatios.Length / total, factor = _count * share, apart = log - _log, between = ratio - _ratio;
        _logs += logs + factor * apart * apart;
        _products += products + factor * apart * between;
        _ratios += ratios + factor * between * between;
        (_count, _log, _ratio) = (total, _log + share * apart, _ratio + share * between);
    }

    /// <summary>The mean of log q - log p.</summary>
    /// <param name="isControlled">Whether p/q, whose mean is 1, may be a control variate: with the factor that leaves the least scatter.</param>
    public readonly MetricEstimate Divergence(bool isControlled)
    {
        double factor = isControlled && EffectiveShare >= LeastEffectiveShare && _ratios > 0 ? -_products / _ratios : 0;
        double squares = factor == 0 ? _logs : Math.Max(0, _logs + factor * _products);
        return MetricEstimate.Normal(factor == 0 ? _log : _log + factor * (_ratio - 1), squares / _count / (_count - 1));
    }
}
