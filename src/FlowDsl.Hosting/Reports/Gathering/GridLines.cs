using FlowDsl.Mathematics.Numerics;

namespace FlowDsl.Hosting.Reports.Gathering;

/// <summary>Where a picture evaluates a density: half of the lines evenly, half where the components are, so that narrow ones are seen.</summary>
internal static class GridLines
{
    // A component's lines reach as far as its density can be seen.
    private const double Broadening = 1.5;
    private const int Bisections = 50;

    /// <summary>Increasing coordinates from one end to the other.</summary>
    /// <param name="laws">The normal laws of the coordinate.</param>
    /// <param name="low">The first line.</param>
    /// <param name="high">The last.</param>
    /// <param name="count">How many lines, at least 2.</param>
    public static double[] Along((double Weight, double Mean, double Deviation)[] laws, double low, double high, int count)
    {
        double first = Place(low), last = Place(high);
        double[] lines = new double[count];
        lines[0] = low;
        for (int i = 1; i < count - 1; i++)
        {
            double wanted = first + (last - first) * i / (count - 1), from = lines[i - 1], to = high;
            for (int step = 0; step < Bisections; step++)
            {
                double middle = 0.5 * (from + to);
                if (Place(middle) < wanted) from = middle;
                else to = middle;
            }
            lines[i] = 0.5 * (from + to);
        }
        lines[count - 1] = high;
        return lines;

        double Place(double x)
        {
            double below = 0;
            foreach ((double weight, double mean, double deviation) in laws)
                below += weight * (deviation > 0 ? 1 - NormalTail.Of((x - mean) / (Broadening * deviation)) : x < mean ? 0 : 1);
            return 0.5 * (x - low) / (high - low) + 0.5 * below;
        }
    }

    /// <summary>A window that holds nearly all of the laws: 3.6 deviations about each mean.</summary>
    public static (double Low, double High) Window((double Weight, double Mean, double Deviation)[] laws)
    {
        const double reach = 3.6;
        double low = laws.Min(law => law.Mean - reach * law.Deviation), high = laws.Max(law => law.Mean + reach * law.Deviation);
        // A law without width has a point; show some room about it.
        return high > low ? (low, high) : (low - 1, high + 1);
    }

    /// <summary>The trapezoid rule's weight of a line.</summary>
    public static double Width(IReadOnlyList<double> lines, int i)
        => 0.5 * ((i + 1 < lines.Count ? lines[i + 1] : lines[i]) - (i > 0 ? lines[i - 1] : lines[i]));
}
