using FlowDsl.Mathematics.Numerics;

namespace FlowDsl.Mathematics.Maps;

/// <summary>The tables of a segment's map, and what is proved of the whole map.</summary>
/// <param name="Lines">A table for each of the axes' different mixtures.</param>
/// <param name="Error">A bound on the distance of an image from the exact one, both within eight standard deviations of a component.</param>
/// <param name="TailError">The same for points beyond the tables' reach.</param>
/// <param name="Undecided">A bound on the probability of points of which nothing is proved.</param>
internal sealed record SegmentTables(LineTable[] Lines, double Error, double TailError, double Undecided)
{
    /// <summary>The standard deviations beyond every component within which the tables hold; infinite without tables.</summary>
    public double Reach => Lines.Length == 0 ? double.PositiveInfinity : Lines.Min(line => line.Reach);

    private const double Usual = 8;

    /// <summary>Builds and proves the tables.</summary>
    /// <param name="mixture">The mixture.</param>
    /// <param name="axes">Its axes.</param>
    /// <param name="from">The process at the start.</param>
    /// <param name="to">The process at the end.</param>
    /// <param name="accuracy">The error that is asked for.</param>
    /// <param name="precision">The precision of states and, without a span, of the arithmetic.</param>
    public static SegmentTables Build(Mixture mixture, FlowAxes axes, ProcessPoint from, ProcessPoint to, double accuracy, Precision precision)
    {
        double unit = RoundingUnit.Of(precision);
        double rounding = axes.Span is null ? StraightRounding(axes, from, to, unit) : SpanRounding(mixture, axes, to, unit);
        double placeError = axes.Span is null ? 0 : PlaceError(mixture, from);
        int curved = axes.LineOf.Count(line => line >= 0);
        // Straight axes add to the others' errors at right angles; a span's last rounding adds to all.
        double rest = axes.Span is null ? Math.Sqrt(Math.Max(accuracy * accuracy - rounding * rounding, 0)) : accuracy - rounding;
        double own = Math.Max(rest, 0.01 * accuracy) / Math.Sqrt(Math.Max(curved, 1));
        var lines = new LineTable[axes.Lines.Length];
        for (int i = 0; i < lines.Length; i++)
        {
            var builder = new LineTableBuilder(axes.Lines[i], from, to, own, axes.Span is null ? precision : Precision.Double, placeError);
            if (builder.Build() is not { } table) return new SegmentTables([], double.PositiveInfinity, double.PositiveInfinity, 1);
            lines[i] = table;
        }
        double undecided = axes.LineOf.Where(line => line >= 0).Sum(line => lines[line].Undecided);
        return new SegmentTables(lines, Total(line => line.Error), Total(line => line.TailError), undecided);

        double Total(Func<LineTable, double> error)
        {
            double sum = axes.LineOf.Where(line => line >= 0).Sum(line => error(lines[line]) * error(lines[line]));
            return (axes.Span is null ? Math.Sqrt(sum + rounding * rounding) : Math.Sqrt(sum) + rounding) * (1 + 1e-12);
        }
    }

    // x' = αx + β: both factors and the result are rounded, and the product without fused multiply-add.
    private static double StraightRounding(FlowAxes axes, ProcessPoint from, ProcessPoint to, double unit)
    {
        double sum = 0;
        for (int j = 0; j < axes.LineOf.Length; j++)
        {
            if (axes.LineOf[j] >= 0) continue;
            double mean = axes.Marginals[j].Means[0][0], variance = axes.Marginals[j].Covariances[0].MinVariance;
            double size = Math.Abs(to.A * mean) + Usual * Math.Sqrt(to.Spread(variance));
            double error = unit * (3 * size + 3 * Math.Abs(AxisLine.Of(mean, variance, from, to).Shift));
            sum += error * error;
        }
        return Math.Sqrt(sum) * (1 + 1e-9);
    }

    // All in double but the last rounding.
    private static double SpanRounding(Mixture mixture, FlowAxes axes, ProcessPoint to, double unit)
    {
        double size = Size(mixture, to);
        return size * (unit + (2 * axes.LineOf.Length + 6) * 1.2e-16) * (1 + 1e-9);
    }

    // Products and sums over the coordinates, in eight lanes, and the rounding of the axes themselves.
    private static double PlaceError(Mixture mixture, ProcessPoint from)
        => (mixture.Dimension / 8 + 8 + 4) * 1.2e-16 * Size(mixture, from);

    /// <summary>The length of nearly every sample.</summary>
    private static double Size(Mixture mixture, ProcessPoint point)
    {
        double variance = mixture.Covariances.Max(covariance => covariance.MaxVariance);
        double mean = Math.Sqrt(mixture.Means.Max(own => own.Sum(value => value * value)));
        return point.A * mean + Math.Sqrt(point.Spread(variance)) * (Math.Sqrt(mixture.Dimension) + Usual);
    }
}
