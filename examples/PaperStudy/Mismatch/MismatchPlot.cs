using System.Globalization;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace FlowDsl.Examples;

/// <summary>Lower bounds of the error against the Lipschitz constant, and networks trained under it; both axes by powers.</summary>
internal static class MismatchPlot
{
    private static readonly Color[] s_colors = [Colors.C0, Colors.C1, Colors.C2, Colors.C3];

    private const double Least = 1e-6, LowestConstant = 0.02, HighestConstant = 20;

    /// <summary>Draws a PNG.</summary>
    public static void Save(string path, IReadOnlyList<MismatchFigure> figures)
    {
        var plot = new Plot();
        foreach ((int i, MismatchFigure figure) in figures.Index())
        {
            FloorFigure[] floors = [.. figure.Floors.Where(row => row.Floor > Least && row.Lipschitz >= LowestConstant)];
            var curve = plot.Add.Scatter(
                floors.Select(row => Math.Log10(row.Lipschitz)).ToArray(), floors.Select(row => Math.Log10(row.Floor)).ToArray(), s_colors[i]);
            curve.MarkerSize = 0;
            curve.LegendText = i == 0 ? "no map can do better, four σ0" : "";
            var points = plot.Add.ScatterPoints(
                figure.Trained.Select(row => Math.Log10(row.Lipschitz)).ToArray(), figure.Trained.Select(row => Math.Log10(row.RelativeMse)).ToArray(),
                s_colors[i]);
            points.MarkerShape = i % 2 == 0 ? MarkerShape.FilledCircle : MarkerShape.OpenSquare;
            points.MarkerSize = 9;
            points.LegendText = string.Create(CultureInfo.InvariantCulture, $"trained, product of norms Λ, σ0 = {figure.Sigma}");
        }
        // The best published ones of each bound, at σ0 = 0.1: squares and free biases, so that they have no place on the axis.
        foreach (BoundFigure row in figures[0].Published)
        {
            double error = Math.Log10(row.Published);
            var line = plot.Add.HorizontalLine(error, 1, Colors.Gray, LinePattern.Dashed);
            line.EnableAutoscale = false;
            var label = plot.Add.Text(
                string.Create(CultureInfo.InvariantCulture, $"published, B = {row.WeightBound}: no Λ"), Math.Log10(LowestConstant), error);
            label.LabelFontColor = Colors.Gray;
            label.LabelAlignment = row.WeightBound == 0.25 ? Alignment.UpperLeft : Alignment.LowerLeft;
        }
        plot.XLabel("Λ");
        plot.YLabel("relative mean squared error");
        plot.Axes.Left.TickGenerator = Powers();
        plot.Axes.Bottom.TickGenerator = Constants();
        plot.Axes.SetLimits(Math.Log10(LowestConstant), Math.Log10(HighestConstant), Math.Log10(Least), 0.3);
        plot.ShowLegend(Alignment.LowerRight);
        plot.SavePng(path, 860, 480);
    }

    private static NumericAutomatic Powers()
        => new() { IntegerTicksOnly = true, LabelFormatter = static power => string.Create(CultureInfo.InvariantCulture, $"1e{power:0}") };

    private static NumericManual Constants()
    {
        var ticks = new NumericManual();
        foreach (double constant in new[] { 0.03, 0.1, 0.3, 1, 1.41, 3, 10 })
            ticks.AddMajor(Math.Log10(constant), constant == 1.41 ? "√2" : constant.ToString(CultureInfo.InvariantCulture));
        return ticks;
    }
}
