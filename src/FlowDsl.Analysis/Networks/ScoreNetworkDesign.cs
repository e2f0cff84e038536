namespace FlowDsl.Analysis;

/// <summary>Chooses how exact the parts of a score network must be.</summary>
internal sealed class ScoreNetworkDesign
{
    private const double GreatestClip = 600;

    private readonly double _timeReach, _accuracy;
    private readonly double[] _ratios;
    private readonly bool _hasLogarithms;
    private readonly int _count;
    private readonly ScoreNetworkBound _bound;

    public ScoreNetworkDesign(Mixture mixture, Process process, ScoreNetworkOptions options)
    {
        _bound = new ScoreNetworkBound(mixture, process, options);
        _accuracy = options.Accuracy;
        _count = mixture.Count;
        bool isTimed = options.Time is null;
        _timeReach = isTimed ? process.Match(ou => ou.Beta * ou.Horizon, _ => 0.0, _ => 0.0) : 0;
        _ratios = isTimed ? [.. Variances(mixture).Select(variance => Range(process, variance)).Where(range => range.High > range.Low).Select(range => range.High / range.Low)] : [];
        _hasLogarithms = !mixture.HasSharedCovariance;
    }

    public ScoreNetworkBound Bound => _bound;

    /// <summary>The different variances of the components along their axes.</summary>
    public static double[] Variances(Mixture mixture) => [.. mixture.Covariances.SelectMany(covariance => covariance.Variances).Distinct().OrderBy(variance => variance)];

    /// <summary>Bounds of a²σ² + s² over the times of a process, as a network computes it: its values at the ends, or where its slope vanishes.</summary>
    public static (double Low, double High) Range(Process process, double variance)
    {
        double first = process.At(process.EarlyStop).Spread(variance), last = process.At(process.Horizon).Spread(variance);
        double low = Math.Min(first, last), high = Math.Max(first, last);
        return process.Match(
            ou => variance == ou.Sigma * ou.Sigma
                ? (variance, variance)
                // The network's exponential of t is that of a time a little earlier.
                : ((1 - ScoreNetworkBound.GreatestGrowth) * low, (1 + ScoreNetworkBound.GreatestGrowth) * high),
            _ => (low, high),
            linear =>
            {
                // (1 - t)²σ² + t² is least at σ²/(1 + σ²).
                double t = variance / (1 + variance);
                return (t > linear.EarlyStop && t < linear.Horizon ? Math.Min(low, linear.At(t).Spread(variance)) : low, high);
            });
    }

    /// <summary>The parts, the cheapest that keep the bound below the accuracy, and the bound.</summary>
    public (ScoreNetworkPrecision Precision, double Guarantee) Choose()
    {
        int sources = (_timeReach > 0 ? 1 : 0) + (_ratios.Length > 0 ? 1 : 0) + (_hasLogarithms && _ratios.Length > 0 ? 1 : 0) + (_count > 1 ? 3 : 0);
        // The parts multiply a little: their shares may need to be less than equal ones.
        for (double share = _accuracy / Math.Max(1, sources); ; share *= 0.5)
        {
            ScoreNetworkPrecision precision = Choose(share);
            double guarantee = _bound.Of(Errors(precision));
            if (guarantee <= _accuracy) return (precision, guarantee);
        }
    }

    private ScoreNetworkPrecision Choose(double share)
    {
        int time = 0;
        if (_timeReach > 0)
        {
            time = NetworkFunctions.LeastDoublings(_timeReach);
            while (_bound.Of(new ScoreNetworkErrors(Time: NetworkFunctions.ArgumentError(_timeReach, time))) > share) time++;
        }
        int[] inverses = [.. _ratios.Select(ratio =>
        {
            int factors = 1;
            while (_bound.Of(new ScoreNetworkErrors(Inverse: NetworkFunctions.ReciprocalError(ratio, factors))) > share) factors++;
            return factors;
        })];
        IReadOnlyList<int[]> logarithms = [];
        if (_hasLogarithms && _ratios.Length > 0)
        {
            double tolerance = 0.01;
            while (_bound.Of(new ScoreNetworkErrors(Logarithm: tolerance)) > share) tolerance *= 0.5;
            logarithms = [.. _ratios.Select(ratio => NetworkFunctions.LogarithmSteps(ratio, tolerance))];
        }
        if (_count == 1) return new ScoreNetworkPrecision(time, inverses, logarithms, 0, 0, 0);
        double clip = 1;
        while (_bound.Of(new ScoreNetworkErrors(Clip: PortableMath.Exp(-clip))) > share && clip < GreatestClip) clip++;
        int exponentials = NetworkFunctions.LeastDoublings(clip);
        while (_bound.Of(new ScoreNetworkErrors(Exponential: ExponentialError(clip, exponentials))) > share) exponentials++;
        int sums = 1;
        while (_bound.Of(new ScoreNetworkErrors(Sum: NetworkFunctions.ReciprocalError(_count, sums))) > share) sums++;
        return new ScoreNetworkPrecision(time, inverses, logarithms, clip, exponentials, sums);
    }

    private ScoreNetworkErrors Errors(ScoreNetworkPrecision precision) => new(
        _timeReach > 0 ? NetworkFunctions.ArgumentError(_timeReach, precision.TimeDoublings) : 0,
        _ratios.Select((ratio, i) => NetworkFunctions.ReciprocalError(ratio, precision.InverseFactors[i])).DefaultIfEmpty().Max(),
        precision.LogarithmDoublings.Select((steps, i) => NetworkFunctions.LogarithmError(_ratios[i], steps)).DefaultIfEmpty().Max(),
        _count > 1 ? ExponentialError(precision.Clip, precision.SoftmaxDoublings) : 0,
        _count > 1 ? PortableMath.Exp(-precision.Clip) : 0,
        _count > 1 ? NetworkFunctions.ReciprocalError(_count, precision.SoftmaxFactors) : 0);

    private static double ExponentialError(double clip, int doublings) => PortableMath.Expm1(clip * NetworkFunctions.ArgumentError(clip, doublings));
}
