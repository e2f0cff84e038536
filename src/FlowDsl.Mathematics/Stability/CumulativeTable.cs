using FlowDsl.Mathematics.Numerics;

namespace FlowDsl.Mathematics.Stability;

/// <summary>c(t) by the trapezoidal rule in log t on a table of times, inverted piecewise linearly in log t.</summary>
internal sealed class CumulativeTable : ICumulativeWeight
{
    // The share that the danger window contains, and the integral below which there is no danger.
    private const double WindowShare = 0.9, MinGrowth = 1e-6;

    private readonly double[] _times, _cumulative;

    private CumulativeTable(double[] times, double[] weights)
    {
        _times = times;
        _cumulative = new double[times.Length];
        for (int i = 1; i < times.Length; i++)
            _cumulative[i] = _cumulative[i - 1] + Panel(times[i - 1], times[i], weights[i - 1], weights[i]);
    }

    public double Total => _cumulative[_cumulative.Length - 1];

    /// <summary>Tabulates a weight over a process's own times.</summary>
    public static CumulativeTable OverTime(Process process, Mixture mixture, int nodes, Func<double, double> weight)
    {
        double[] times = Nodes(process.EarlyStop, process.Horizon, process, mixture, nodes);
        return Tabulate(times, [.. times.Select(weight)]);
    }

    /// <summary>Tabulates two weights that are evaluated together.</summary>
    public static (CumulativeTable First, CumulativeTable Second) OverTime(
        Process process, Mixture mixture, int nodes, Func<double, (double First, double Second)> weights)
    {
        double[] times = Nodes(process.EarlyStop, process.Horizon, process, mixture, nodes);
        (double First, double Second)[] values = [.. times.Select(weights)];
        return (Tabulate(times, [.. values.Select(value => value.First)]), Tabulate(times, [.. values.Select(value => value.Second)]));
    }

    /// <summary>A table of given weights.</summary>
    /// <param name="times">The times, increasing, from 0 or more.</param>
    /// <param name="weights">The weight at each of them.</param>
    public static CumulativeTable Of(double[] times, double[] weights) => Tabulate(times, [.. weights]);

    /// <summary>
    /// The central interval of times that contains 90 % of the integral, which is of a growth; null if that is below 1e-6, because nothing stretches.
    /// </summary>
    public TimeWindow? DangerWindow
    {
        get
        {
            double tail = 0.5 * (1 - WindowShare) * Total;
            return Total > MinGrowth ? new TimeWindow(TimeAt(Total - tail), TimeAt(tail)) : null;
        }
    }

    /// <summary>Integrals between two times by the same rule, for functions that are evaluated together.</summary>
    public static double[] Integrate(double from, double to, Process process, Mixture mixture, int nodes, Func<double, double[]> functions)
    {
        double[] times = Nodes(from, to, process, mixture, nodes);
        double[][] values = [.. times.Select(functions)];
        double[] sums = new double[values[0].Length];
        for (int i = 1; i < times.Length; i++)
            for (int j = 0; j < sums.Length; j++) sums[j] += Panel(times[i - 1], times[i], values[i - 1][j], values[i][j]);
        return sums;
    }

    public double TimeAt(double amount)
    {
        int i = 1;
        while (i < _times.Length - 1 && _cumulative[i] < amount) i++;
        double share = (amount - _cumulative[i - 1]) / (_cumulative[i] - _cumulative[i - 1]);
        double low = _times[i - 1], high = _times[i];
        return low > 0 ? low * PortableMath.Exp(share * PortableMath.Log(high / low)) : share * high;
    }

    /// <summary>The integral between two times, by interpolation in the table.</summary>
    public double Between(double from, double to) => At(to) - At(from);

    private double At(double t)
    {
        if (t <= _times[0]) return 0;
        int i = 1;
        while (i < _times.Length - 1 && _times[i] < t) i++;
        double low = _times[i - 1], high = _times[i];
        double share = low > 0 ? PortableMath.Log(t / low) / PortableMath.Log(high / low) : t / high;
        return _cumulative[i - 1] + Math.Min(share, 1) * (_cumulative[i] - _cumulative[i - 1]);
    }

    private static CumulativeTable Tabulate(double[] times, double[] weights)
    {
        var table = new CumulativeTable(times, weights);
        // If the weight is zero, the cumulative is flat and has no inverse: a small uniform weight gives it one.
        double trace = 1e-12 * (table.Total > 0 ? table.Total : 1) / (times[times.Length - 1] - times[0]);
        for (int i = 0; i < weights.Length; i++) weights[i] += trace;
        return new CumulativeTable(times, weights);
    }

    /// <summary>Times between two others, dense where the weights of a process change fast.</summary>
    internal static double[] Nodes(double from, double to, Process process, Mixture mixture, int count)
    {
        double[] times = new double[count];
        int first = 0;
        double start = from;
        if (from == 0)
        {
            // Nothing happens below a tenth of the smallest standard deviation; above it, times have equal ratios.
            start = Math.Min(process.TimeAt(0.1 * Math.Sqrt(mixture.MinVariance)), 0.5 * to);
            first = 1;
        }
        // Equal steps of log t + 2t/T: equal ratios for small t, and no more than a few hundredths of T near the horizon, where the weight of a
        // process that ends in pure noise changes within a tenth of T.
        double bend = 2 / process.Horizon, low = PortableMath.Log(start), span = PortableMath.Log(to / start) + bend * (to - start);
        for (int i = first; i < count; i++)
        {
            // Newton's iteration for log t: the equation is convex, so after the first step it converges from above.
            double target = low + bend * start + span * (i - first) / (count - 1 - first), logTime = low;
            for (int step = 0; step < 20; step++)
            {
                double t = PortableMath.Exp(logTime);
                logTime -= (logTime + bend * t - target) / (1 + bend * t);
            }
            times[i] = PortableMath.Exp(logTime);
        }
        (times[first], times[count - 1]) = (start, to);
        return times;
    }

    private static double Panel(double low, double high, double lowWeight, double highWeight) => low > 0
        ? 0.5 * (low * lowWeight + high * highWeight) * PortableMath.Log(high / low)
        : 0.5 * (lowWeight + highWeight) * (high - low);
}
