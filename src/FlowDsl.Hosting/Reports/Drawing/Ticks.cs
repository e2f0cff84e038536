using FlowDsl.Hosting.Reports.Gathering;

namespace FlowDsl.Hosting.Reports.Drawing;

/// <summary>A value that an axis marks.</summary>
/// <param name="Value">The value.</param>
/// <param name="Label">What stands beside the mark; nothing beside a small one.</param>
internal readonly record struct Tick(double Value, string Label);

/// <summary>Chooses the values that axes mark.</summary>
internal static class Ticks
{
    /// <summary>Multiples of 1, 2 or 5 times a power of ten.</summary>
    /// <param name="low">The smaller end.</param>
    /// <param name="high">The larger end.</param>
    /// <param name="most">The most of them.</param>
    public static Tick[] Linear(double low, double high, int most)
    {
        double step = Math.Pow(10, Math.Floor(Math.Log10((high - low) / most)));
        foreach (double factor in new[] { 1.0, 2, 5, 10 })
        {
            if ((high - low) / (factor * step) > most) continue;
            step *= factor;
            break;
        }
        long first = (long)Math.Ceiling(low / step - 1e-9), last = (long)Math.Floor(high / step + 1e-9);
        return [.. Enumerable.Range(0, (int)(last - first) + 1).Select(i => (first + i) * step).Select(value => new Tick(value, Notation.Of(value, 6)))];
    }

    /// <summary>Powers of ten, with small marks between them where there is room.</summary>
    public static Tick[] Logarithmic(double low, double high, int most)
    {
        int first = (int)Math.Ceiling(Math.Log10(low) - 1e-9), last = (int)Math.Floor(Math.Log10(high) + 1e-9);
        int every = Math.Max(1, (last - first + most) / most);
        List<Tick> ticks = [];
        for (int exponent = first; exponent <= last; exponent++)
            ticks.Add(new(Math.Pow(10, exponent), (exponent - first) % every == 0 ? Notation.Power(exponent) : ""));
        if (last - first <= 5)
        {
            for (int exponent = first - 1; exponent <= last; exponent++)
            {
                foreach (int factor in Enumerable.Range(2, 8))
                {
                    double value = factor * Math.Pow(10, exponent);
                    // Less than a decade: its parts are all there is to read.
                    if (value >= low && value <= high) ticks.Add(new(value, last - first < 1 && factor is 2 or 5 ? Notation.Of(value, 1) : ""));
                }
            }
        }
        return [.. ticks.OrderBy(tick => tick.Value)];
    }

    /// <summary>Powers of two, for counts.</summary>
    public static Tick[] Doubling(double low, double high)
    {
        int first = (int)Math.Ceiling(Math.Log2(low) - 1e-9), last = (int)Math.Floor(Math.Log2(high) + 1e-9);
        return [.. Enumerable.Range(first, Math.Max(0, last - first + 1)).Select(exponent => Math.Pow(2, exponent))
            .Select(value => new Tick(value, Notation.Count((long)value)))];
    }

    /// <summary>Times of the common axis: its ends, and between them powers of ten or even steps.</summary>
    public static Tick[] OfTime(TimeScale axis)
    {
        const double room = 0.06;
        List<Tick> ticks = [new(axis.Horizon, Notation.Of(axis.Horizon)), new(axis.EndsAtZero ? 0 : axis.Last, axis.EndsAtZero ? "0" : Notation.Of(axis.Last))];
        foreach (Tick tick in axis.IsLog ? Logarithmic(axis.Last, axis.Horizon, 8) : Linear(axis.Last, axis.Horizon, 6))
            if (ticks.Take(2).All(end => Math.Abs(axis.Place(end.Value) - axis.Place(tick.Value)) > (tick.Label.Length > 0 ? room : 1e-3)))
                ticks.Add(tick with { Label = tick.Label.Length > 0 ? Notation.Of(tick.Value) : "" });
        return [.. ticks.OrderBy(tick => axis.Place(tick.Value))];
    }
}
