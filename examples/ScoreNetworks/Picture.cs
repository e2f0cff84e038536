using ScottPlot;
using ScottPlot.MultiplotLayouts;

namespace FlowDsl.Examples;

/// <summary>Depth and non-zero weights against the accuracy: straight lines in log 1/ε.</summary>
internal static class Picture
{
    public static void Save(string path, IReadOnlyList<Growth.Row> timed, IReadOnlyList<Growth.Row> fixedTime)
    {
        var figure = new Multiplot();
        figure.AddPlots(2);
        figure.Layout = new Columns();
        Fill(figure.GetPlot(0), "hidden layers", row => row.Depth);
        Fill(figure.GetPlot(1), "weights and biases that are not 0", row => row.NonZeros);
        figure.SavePng(path, 960, 380);

        void Fill(Plot plot, string title, Func<Growth.Row, double> size)
        {
            foreach ((string name, IReadOnlyList<Growth.Row> rows) in new[] { ("in (x, t)", timed), ("at t = 0.3", fixedTime) })
                plot.Add.Scatter(rows.Select(row => -Math.Log10(row.Accuracy)).ToArray(), rows.Select(size).ToArray()).LegendText = name;
            plot.Title(title);
            plot.XLabel("log10 of 1/ε");
            plot.Axes.SetLimitsY(0, 1.15 * timed.Max(size));
            plot.ShowLegend(Alignment.LowerRight);
        }
    }
}
