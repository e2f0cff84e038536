using ScottPlot;

namespace FlowDsl.Benchmarks;

/// <summary>Time against accuracy, a panel a mixture.</summary>
internal static class AccuracyPicture
{
    private const int Columns = 4, Width = 340, Height = 300;

    /// <summary>Draws the contests.</summary>
    /// <param name="path">The PNG file.</param>
    /// <param name="contests">The contests.</param>
    public static void Save(string path, IReadOnlyList<AccuracyContest> contests)
    {
        var figure = new Multiplot();
        figure.AddPlots(contests.Count);
        int columns = Math.Min(Columns, contests.Count), rows = (contests.Count + columns - 1) / columns;
        figure.Layout = new ScottPlot.MultiplotLayouts.Grid(rows, columns);
        for (int i = 0; i < contests.Count; i++) Fill(figure.GetPlot(i), contests[i], hasLegend: i == 0);
        figure.SavePng(path, Width * columns, Height * rows);
    }

    private static void Fill(Plot plot, AccuracyContest contest, bool hasLegend)
    {
        foreach (string method in contest.Entries.Select(entry => entry.Method).Distinct().Where(method => method != GeneratedSearch.Chosen))
        {
            bool isOwn = method == GeneratedSearch.Method;
            AccuracyEntry[] fastest =
                [.. AccuracyContest.Targets
                    .Select(target => isOwn ? contest.FastestDeclared(target) : contest.Fastest(target, method)).OfType<AccuracyEntry>()];
            var line = plot.Add.Scatter(
                fastest.Select(entry => Math.Log10(entry.Target)).ToArray(), fastest.Select(entry => Math.Log10(1e6 * contest.Seconds(entry))).ToArray());
            line.LegendText = method;
            line.LineWidth = isOwn ? 3 : 1.5f;
        }
        plot.Title(contest.Workload.Title);
        plot.XLabel("log10 relative MSE");
        plot.YLabel("log10 µs a sample");
        plot.Legend.FontSize = 9;
        if (hasLegend) plot.ShowLegend(Alignment.UpperRight);
        else plot.HideLegend();
    }
}
