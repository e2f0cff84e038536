using FlowDsl.Mathematics.Numerics;

namespace FlowDsl.Mathematics.ScoreNetworks;

/// <summary>Chooses the precision of a score network's parts.</summary>
internal sealed class ScoreNetworkDesign
{
    private const double MaxClip = 600;

    // Each doubling reduces an error by a factor of 16, each factor squares it: this many above the minimum bring it below double's rounding, and a
    // share that is not reached by then never is.
    private const int MaxDoublings = 40, MaxFactors = 16, MaxHalvings = 60;

    // Newton's steps for a logarithm are limited by the rounding of its exponentials.
    private const double MinTolerance = 1e-15;

    private readonly double _timeReach, _accuracy;
    private readonly double[] _ratios;
    private readonly bool _hasLogarithms;
    private readonly int _count;
    private readonly ScoreNetworkBound _bound;
    private readonly CancellationToken _cancellationToken;

    public ScoreNetworkDesign(Mixture mixture, Process process, ScoreNetworkOptions options, CancellationToken cancellationToken = default)
    {
        _cancellationToken = cancellationToken;
        _bound = new ScoreNetworkBound(mixture, process, options);
        _accuracy = options.Accuracy;
        _count = mixture.Count;
        bool isTimed = options.Time is null;
        _timeReach = isTimed ? process.Match(ou => ou.Beta * ou.Horizon, _ => 0.0, _ => 0.0, _ => 0.0) : 0;
        _ratios = isTimed
            ? [.. Variances(mixture).Select(variance => Range(process, variance)).Where(range => range.High > range.Low)
                .Select(range => range.High / range.Low)]
            : [];
        _hasLogarithms = !mixture.HasSharedCovariance;
    }

    public ScoreNetworkBound Bound => _bound;

    /// <summary>The different variances of the components along their axes.</summary>
    public static double[] Variances(Mixture mixture)
        => [.. mixture.Covariances.SelectMany(covariance => covariance.Variances).Distinct().OrderBy(variance => variance)];

    /// <summary>Bounds on a²σ² + s², as a network computes it, over the times of a process: its values at the ends, or where its slope vanishes.</summary>
    public static (double Low, double High) Range(Process process, double variance)
    {
        double first = process.At(process.EarlyStop).Spread(variance), last = process.At(process.Horizon).Spread(variance);
        double low = Math.Min(first, last), high = Math.Max(first, last);
        return process.Match(
            ou => variance == ou.Sigma * ou.Sigma
                ? (variance, variance)
                // The network's exponential of t is that of a time a little earlier.
                : ((1 - ScoreNetworkBound.MaxGrowth) * low, (1 + ScoreNetworkBound.MaxGrowth) * high),
            _ => (low, high),
            linear =>
            {
                // (1 - t)²σ² + t² is smallest at σ²/(1 + σ²).
                double t = variance / (1 + variance);
                return (t > linear.EarlyStop && t < linear.Horizon ? Math.Min(low, linear.At(t).Spread(variance)) : low, high);
            },
            _ => (low, high));
    }

    /// <summary>The cheapest parts that keep the bound below the accuracy, and the bound; null if there are none in double precision.</summary>
    public (ScoreNetworkPrecision Precision, double Guarantee)? Choose()
    {
        int sources = (_timeReach > 0 ? 1 : 0) + (_ratios.Length > 0 ? 1 : 0) + (_hasLogarithms && _ratios.Length > 0 ? 1 : 0) + (_count > 1 ? 3 : 0);
        // Errors of parts multiply slightly, so their shares may need to be smaller than equal ones.
        double share = _accuracy / Math.Max(1, sources);
        for (int halvings = 0; halvings < MaxHalvings; halvings++, share *= 0.5)
        {
            // A smaller share never asks less of a part: if one fails now, it always fails.
            if (Choose(share) is not { } precision) return null;
            double guarantee = _bound.Of(Errors(precision));
            if (guarantee <= _accuracy) return (precision, guarantee);
        }
        return null;
    }

    private ScoreNetworkPrecision? Choose(double share)
    {
        int time = 0;
        if (_timeReach > 0)
        {
            int least = NetworkFunctions.MinDoublings(_timeReach);
            if (Least(least, MaxDoublings, count => new ScoreNetworkErrors(Time: NetworkFunctions.ArgumentError(_timeReach, count))) is not { } doublings)
                return null;
            time = doublings;
        }
        int[] inverses = new int[_ratios.Length];
        for (int i = 0; i < inverses.Length; i++)
        {
            if (Least(1, MaxFactors, count => new ScoreNetworkErrors(Inverse: NetworkFunctions.ReciprocalError(_ratios[i], count))) is not { } factors)
                return null;
            inverses[i] = factors;
        }
        var logarithms = new List<int[]>();
        if (_hasLogarithms && _ratios.Length > 0)
        {
            double tolerance = 0.01;
            while (Exceeds(new ScoreNetworkErrors(Logarithm: tolerance)) && tolerance > MinTolerance) tolerance *= 0.5;
            foreach (double ratio in _ratios)
            {
                _cancellationToken.ThrowIfCancellationRequested();
                if (NetworkFunctions.LogarithmSteps(ratio, tolerance) is not { } steps) return null;
                logarithms.Add(steps);
            }
        }
        if (_count == 1) return new ScoreNetworkPrecision(time, inverses, logarithms, 0, 0, 0);
        double clip = 1;
        while (Exceeds(new ScoreNetworkErrors(Clip: PortableMath.Exp(-clip))) && clip < MaxClip) clip++;
        int fewest = NetworkFunctions.MinDoublings(clip);
        return Least(fewest, MaxDoublings, count => new ScoreNetworkErrors(Exponential: ExponentialError(clip, count))) is { } exponentials
            && Least(1, MaxFactors, count => new ScoreNetworkErrors(Sum: NetworkFunctions.ReciprocalError(_count, count))) is { } sums
                ? new ScoreNetworkPrecision(time, inverses, logarithms, clip, exponentials, sums)
                : null;

        // The smallest count, within a limited range, whose bound is within the share.
        int? Least(int fewest, int more, Func<int, ScoreNetworkErrors> errors)
        {
            for (int count = fewest; count <= fewest + more; count++)
                if (!Exceeds(errors(count))) return count;
            return null;
        }

        bool Exceeds(ScoreNetworkErrors errors)
        {
            _cancellationToken.ThrowIfCancellationRequested();
            // NaN, the sign of an overflow, is within no share.
            return !(_bound.Of(errors) <= share);
        }
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
