using System.Globalization;
using ScottPlot;
using ScottPlot.MultiplotLayouts;
using ScottPlot.TickGenerators;

namespace FlowDsl.Examples;

/// <summary>Errors against the number of blocks, and how loose the theorem's bound is; both axes by powers.</summary>
internal static class TheoremPlot
{
    // The right axis is logarithmic twice: the theorem's bound is loose by up to hundreds of powers of ten.
    private static readonly (double LogRatio, string Label)[] s_ratios =
        [(0.5, "3"), (1, "10"), (2, "100"), (5, "1e5"), (10, "1e10"), (30, "1e30"), (100, "1e100"), (600, "1e600")];

    private static readonly Color[] s_colors = [Colors.C0, Colors.C1, Colors.C2];

    /// <summary>Draws a PNG.</summary>
    public static void Save(string path, IReadOnlyList<TheoremFigure> figures)
    {
        var picture = new Multiplot();
        picture.AddPlots(2);
        picture.Layout = new Columns();
        Errors(picture.GetPlot(0), figures);
        Ratios(picture.GetPlot(1), figures);
        picture.SavePng(path, 1080, 430);
    }

    private static void Errors(Plot plot, IReadOnlyList<TheoremFigure> figures)
    {
        foreach ((int i, TheoremFigure figure) in figures.Index())
        {
            Line(plot, figure, row => Math.Log10(row.Error), i, LinePattern.Solid, figure.Mixture);
            Line(plot, figure, row => row.LogExpected, i, LinePattern.Dashed, i == 0 ? "estimate, with exp ∫E‖∇v‖" : "");
            Line(plot, figure, row => Math.Log10(row.EulerParts + row.NetworkParts), i, LinePattern.Dotted, i == 0 ? "the blocks' own errors, summed" : "");
        }
        plot.Title("distance from the exact flow, r.m.s.");
        plot.Axes.Left.TickGenerator = new NumericAutomatic
        {
            IntegerTicksOnly = true,
            LabelFormatter = static power => string.Create(CultureInfo.InvariantCulture, $"1e{power:0}"),
        };
        Blocks(plot, figures);
        plot.ShowLegend(Alignment.LowerLeft);
    }

    private static void Ratios(Plot plot, IReadOnlyList<TheoremFigure> figures)
    {
        foreach ((int i, TheoremFigure figure) in figures.Index())
        {
            Line(plot, figure, row => Math.Log10(row.LogLooseness), i, LinePattern.Solid, i == 0 ? "the theorem's, with exp ∫L" : "");
            Line(
                plot, figure, row => Math.Log10(row.LogSharpBound - Math.Log10(row.Error)), i, LinePattern.Dashed,
                i == 0 ? "with the steps' exact constants" : "");
        }
        plot.Title("bound over measured error");
        var ticks = new NumericManual();
        foreach ((double logRatio, string label) in s_ratios) ticks.AddMajor(Math.Log10(logRatio), label);
        plot.Axes.Left.TickGenerator = ticks;
        Blocks(plot, figures);
        plot.Axes.SetLimitsY(-0.6, 3.6);
        plot.ShowLegend(Alignment.UpperLeft);
    }

    private static void Line(Plot plot, TheoremFigure figure, Func<DeepError, double> value, int color, LinePattern pattern, string legend)
    {
        var line = plot.Add.Scatter(
            figure.Blocks.Select(row => Math.Log2(row.Blocks)).ToArray(), figure.Blocks.Select(value).ToArray(), s_colors[color % s_colors.Length]);
        line.LinePattern = pattern;
        line.MarkerSize = pattern.Name == LinePattern.Solid.Name ? 7 : 0;
        line.LegendText = legend;
    }

    private static void Blocks(Plot plot, IReadOnlyList<TheoremFigure> figures)
    {
        var ticks = new NumericManual();
        foreach (DeepError row in figures[0].Blocks) ticks.AddMajor(Math.Log2(row.Blocks), row.Blocks.ToString(CultureInfo.InvariantCulture));
        plot.Axes.Bottom.TickGenerator = ticks;
        plot.XLabel("residual blocks");
    }
}
