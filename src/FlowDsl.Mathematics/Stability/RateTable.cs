using FlowDsl.Mathematics.Numerics;

namespace FlowDsl.Mathematics.Stability;

/// <summary>Integrals of rates tabulated at given times; between them, t times a rate is linear in log t.</summary>
internal sealed class RateTable
{
    private readonly double[] _times;
    private readonly double[][] _rates, _cumulative;

    /// <summary>Tabulates rates.</summary>
    /// <param name="times">Increasing times. The first may be 0; up to the second, rates are linear in t.</param>
    /// <param name="rates">The rates at a time.</param>
    public RateTable(double[] times, Func<double, double[]> rates)
    {
        _times = times;
        _rates = [.. times.Select(rates)];
        _cumulative = new double[times.Length][];
        _cumulative[0] = new double[_rates[0].Length];
        for (int i = 1; i < times.Length; i++) _cumulative[i] = [.. _cumulative[i - 1].Zip(Panel(i, times[i]), (sum, panel) => sum + panel)];
    }

    /// <summary>The integrals between two times of the table's range.</summary>
    public double[] Between(double from, double to) => [.. At(to).Zip(At(from), (upper, lower) => upper - lower)];

    private double[] At(double t)
    {
        int i = Array.BinarySearch(_times, t);
        if (i >= 0) return _cumulative[i];
        i = Math.Min(Math.Max(~i, 1), _times.Length - 1);
        return [.. _cumulative[i - 1].Zip(Panel(i, Math.Min(Math.Max(t, _times[i - 1]), _times[i])), (sum, panel) => sum + panel)];
    }

    /// <summary>The integrals from the node before the i-th up to t.</summary>
    private double[] Panel(int i, double t)
    {
        (double low, double high) = (_times[i - 1], _times[i]);
        double[] before = _rates[i - 1], after = _rates[i], integrals = new double[before.Length];
        double width = low > 0 ? PortableMath.Log(high / low) : high, share = low > 0 ? PortableMath.Log(t / low) / width : t / high;
        for (int j = 0; j < integrals.Length; j++)
        {
            (double start, double end) = low > 0 ? (low * before[j], high * after[j]) : (before[j], after[j]);
            integrals[j] = width * share * (start + 0.5 * share * (end - start));
        }
        return integrals;
    }
}
